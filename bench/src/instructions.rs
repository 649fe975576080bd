//! Work for counting instructions: fixed input, and for calls a server whose responses are fixed too.

use crate::clients::client;
use crate::compare::found;
use crate::contenders::{ME, settings};
use crate::playback::{self, Recordings};
use crate::result::Result;
use configcat_management::blocking::Client;
use configcat_management::models::{ConfigId, CreateSetting, Setting, SettingType, TagId};
use std::fmt::Write as _;
use std::hint::black_box;

/// The config whose flags the server lists.
const CONFIG: &str = "08d9f1bd-1f1c-4a1b-8b2d-000000000001";

/// Does the named work `times` times, calls with a server at this URL.
pub fn work(url: &str, what: &str, times: usize) -> Result {
    let client = || client(url).map(Client::from);
    match what {
        "decode-1000" => decode(&list(1000), times),
        "decode-10000" => decode(&list(10_000), times),
        "encode" => encode(times),
        "rust-small" => repeat(client()?, times, |client| {
            black_box(client.me().get().send()?);
            Ok(())
        }),
        "rust-list" => repeat(client()?, times, |client| {
            black_box(client.settings().list(ConfigId::from(CONFIG)).send()?);
            Ok(())
        }),
        "rust-upload" => {
            let found = found(200);
            repeat(client()?, times, |client| {
                client.code_references().upload(found.clone()).send()?;
                Ok(())
            })
        }
        other => Err(format!("unknown work {other}").into()),
    }
}

/// Serves a small response, and a list of 1,000 flags, until the program is stopped.
pub async fn serve() -> Result {
    let me = r#"{"email":"simulator@example.com","fullName":"Simulator User"}"#;
    let mut recordings = Recordings::default();
    recordings.add(ME, me.as_bytes());
    recordings.add(&settings(CONFIG), list(1000).as_bytes());
    playback::serve(recordings).await
}

fn repeat(client: Client, times: usize, call: impl Fn(&Client) -> Result) -> Result {
    (0..times).try_for_each(|_| call(&client))
}

fn decode(text: &str, times: usize) -> Result {
    for _ in 0..times {
        let flags: Vec<Setting> = serde_json::from_str(text)?;
        black_box(flags);
    }
    Ok(())
}

fn encode(times: usize) -> Result {
    for n in 0..times * 1000 {
        let input =
            CreateSetting::new(format!("Flag number {n}"), format!("flagNumber{n}"), SettingType::Boolean)
                .hint("What it is for, who looks after it, and when it can go.")
                .tags(vec![TagId::from(1), TagId::from(2)]);
        black_box(serde_json::to_vec(&input)?);
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
             \"order\":{n},\"settingType\":\"boolean\",\"isJson\":false,\"configId\":\"{CONFIG}\",\
             \"configName\":\"Bench\",\"createdAt\":\"2026-11-23T09:24:05.125Z\",\"tags\":[{{\"tagId\":1,\"name\":\"bench\",\
             \"color\":\"panther\",\"product\":{{\"productId\":\"08d9f1bd-1f1c-4a1b-8b2d-000000000002\",\"name\":\"Bench\",\
             \"description\":null,\"order\":0,\"reasonRequired\":false,\"approveRequired\":false,\"organization\":{{\
             \"organizationId\":\"08d9f1bd-1f1c-4a1b-8b2d-000000000003\",\"name\":\"Bench\"}}}}}}],\"predefinedVariations\":[]}}"
        );
    }
    text + "]"
}
