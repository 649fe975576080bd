//! Work for counting instructions: deterministic input, no network.

use crate::result::Result;
use configcat_management::models::{CreateSetting, Setting, SettingType, TagId};
use std::fmt::Write as _;

/// Does the named work `times` times.
pub fn work(what: &str, times: usize) -> Result {
    match what {
        "decode-1000" => decode(&list(1000), times),
        "decode-10000" => decode(&list(10_000), times),
        "encode" => encode(times),
        other => Err(format!("unknown work {other}").into()),
    }
}

fn decode(text: &str, times: usize) -> Result {
    for _ in 0..times {
        let flags: Vec<Setting> = serde_json::from_str(text)?;
        std::hint::black_box(flags);
    }
    Ok(())
}

fn encode(times: usize) -> Result {
    for n in 0..times * 1000 {
        let input =
            CreateSetting::new(format!("Flag number {n}"), format!("flagNumber{n}"), SettingType::Boolean)
                .hint("What it is for, who looks after it, and when it can go.")
                .tags(vec![TagId::from(1), TagId::from(2)]);
        std::hint::black_box(serde_json::to_vec(&input)?);
    }
    Ok(())
}

/// Returns a list of flags in the service's format, about 930 bytes each.
fn list(flags: usize) -> String {
    let hint = "What this flag is for, who looks after it, and when it can go. ".repeat(4);
    let mut text = String::from("[");
    for n in 0..flags {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"settingId\":{n},\"key\":\"flagNumber{n}\",\"name\":\"Flag number {n}\",\"hint\":\"{hint}\",\
             \"order\":{n},\"settingType\":\"boolean\",\"isJson\":false,\"configId\":\"08d9f1bd-1f1c-4a1b-8b2d-000000000001\",\
             \"configName\":\"Bench\",\"createdAt\":\"2026-11-23T09:24:05.125Z\",\"tags\":[{{\"tagId\":1,\"name\":\"bench\",\
             \"color\":\"panther\",\"product\":{{\"productId\":\"08d9f1bd-1f1c-4a1b-8b2d-000000000002\",\"name\":\"Bench\",\
             \"description\":null,\"order\":0,\"reasonRequired\":false,\"approveRequired\":false,\"organization\":{{\
             \"organizationId\":\"08d9f1bd-1f1c-4a1b-8b2d-000000000003\",\"name\":\"Bench\"}}}}}}],\"predefinedVariations\":[]}}"
        );
    }
    text + "]"
}
