//! Requests that are no HTTP, or HTTP at its limits.

use super::exchange::{CONFIG, ENVIRONMENT, FLAG, OWNER, PRODUCT, is_alive, raw, start};
use crate::attack::{Attack, Plan, Seen, Surface, ensure};
use configcat_simulator::{ConnectionLimits, Simulator};
use fastrand::Rng;
use std::collections::BTreeMap;
use std::time::Duration;

pub const REQUESTS: Attack = Attack {
    name: "malformed-requests",
    surface: Surface::Client,
    does: "requests with random changes to lines, headers, lengths, encodings and JSON, and oversized parts",
    bound: "a status below 500, or the connection is closed; the simulator keeps serving",
    run: |plan| Box::pin(requests(plan)),
};

const PATHS: [&str; 14] = [
    "/v1/me",
    "/v1/products",
    "/__simulator",
    "/__simulator/journal?limit=x",
    "/__simulator/faults",
    "/",
    "*",
    "/%ff%00",
    "//",
    "/swagger/../../etc",
    "http://x/v1/me",
    "http://[::1/",
    "/configuration-files/x/config_v6.json",
    "/v1/%2e%2e/me",
];

async fn requests(plan: Plan) -> Result<Seen, String> {
    let mut limits = ConnectionLimits::default();
    let short = Duration::from_millis(40);
    (limits.headers, limits.body, limits.idle, limits.write) = (short, short, short, short * 10);
    let simulator = start(Simulator::builder().connection_limits(limits)).await?;
    let mut rng = Rng::with_seed(plan.seed);
    let tries = plan.tries(300, 8_000);
    let mut statuses: BTreeMap<u16, u32> = BTreeMap::new();
    let mut left = tries;
    while left > 0 {
        // Some wait for a time limit, so that several are sent at the same time.
        let batch: Vec<_> = (0..left.min(50))
            .map(|_| {
                let (address, request) = (simulator.address(), generated(&mut rng));
                tokio::spawn(async move {
                    let response = raw(address, &request).await;
                    let shown = String::from_utf8_lossy(&request[..request.len().min(300)]).into_owned();
                    (shown, response)
                })
            })
            .collect();
        for request in batch {
            let (shown, response) = request.await.map_err(|e| e.to_string())?;
            let status = response.map_err(|e| format!("{e}: {shown:?}"))?.map_or(0, |(status, _)| status);
            ensure(status < 500, format_args!("{status} for {shown:?}"))?;
            *statuses.entry(status).or_default() += 1;
        }
        left = left.saturating_sub(50);
    }
    is_alive(&simulator).await?;
    simulator.stop().await;
    let seen: Vec<String> = statuses
        .into_iter()
        .map(
            |(status, count)| {
                if status == 0 { format!("closed {count}") } else { format!("{status} {count}") }
            },
        )
        .collect();
    Ok(Seen { tries, seen: seen.join(", ") })
}

fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    list[rng.usize(..list.len())]
}

/// A request that is valid except for some of its parts.
fn generated(rng: &mut Rng) -> Vec<u8> {
    let mut head = line(rng);
    for _ in 0..rng.usize(..6) {
        head.push_str(&header(rng));
    }
    if rng.u8(..4) > 0 {
        head.push_str("host: localhost\r\n");
        head.push_str(OWNER);
    }
    let body = body(rng);
    head.push_str(&length(rng, body.len()));
    let mut bytes = format!("{head}connection: close\r\n\r\n{body}").into_bytes();
    if rng.u8(..4) == 0 {
        for _ in 0..rng.usize(1..10) {
            let at = rng.usize(..bytes.len());
            bytes[at] = rng.u8(..);
        }
    }
    if rng.u8(..10) == 0 {
        bytes.truncate(rng.usize(..bytes.len()));
    }
    if rng.u8(..40) == 0 {
        bytes = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), bytes].concat();
    }
    bytes
}

fn line(rng: &mut Rng) -> String {
    let methods =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "CONNECT", "TRACE", "get", "", "\u{0}"];
    let versions =
        ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "x", ""];
    let path = match rng.u8(..6) {
        0 => format!("/v1/products/{PRODUCT}/tags"),
        1 => format!("/v1/configs/{CONFIG}/settings"),
        2 => format!(
            "/v2/environments/{ENVIRONMENT}/settings/{FLAG}/value?reason={}",
            "%zz&=".repeat(rng.usize(..50))
        ),
        3 if rng.u8(..8) == 0 => format!("/v1/me?{}", "x".repeat(rng.usize(..600_000))),
        _ => pick(rng, &PATHS).to_owned(),
    };
    format!("{} {path} {}\r\n", pick(rng, &methods), pick(rng, &versions))
}

/// A header that announces the body, often wrongly.
fn length(rng: &mut Rng, length: usize) -> String {
    let wrong = [
        "content-length: -1\r\n",
        "content-length: 99999999999999999999\r\n",
        "content-length: 1\r\ncontent-length: 2\r\n",
    ];
    match rng.u8(..8) {
        0 => String::new(),
        1 => format!("content-length: {}\r\n", length + 1),
        2 => "transfer-encoding: chunked\r\n".into(),
        3 => pick(rng, &wrong).into(),
        _ => format!("content-length: {length}\r\n"),
    }
}

fn header(rng: &mut Rng) -> String {
    match rng.u8(..10) {
        0 => "x: y\r\n".repeat(rng.usize(..300)),
        1 if rng.u8(..4) == 0 => format!("x: {}\r\n", "y".repeat(rng.usize(..500_000))),
        _ => format!(
            "{}\r\n",
            pick(
                rng,
                &[
                    "host: evil.example",
                    "host:",
                    "authorization: Basic",
                    "authorization: Basic //79",
                    "accept: application/hal+json",
                    "content-type: application/json; charset=\"",
                    "content-encoding: gzip",
                    "expect: 100-continue",
                    "upgrade: h2c",
                    "connection: upgrade, http2-settings",
                    "transfer-encoding: gzip, chunked",
                    "x-configcat-sdkkey: \u{1f600}",
                    "origin: null",
                    "if-none-match: W/\"",
                    " folded",
                    "no colon",
                    ": empty",
                    "x\u{0}: y",
                    "range: bytes=-1",
                ],
            )
        ),
    }
}

fn body(rng: &mut Rng) -> String {
    let nest =
        |open: &str, close: &str, levels: usize| format!("{}{}", open.repeat(levels), close.repeat(levels));
    match rng.u8(..12) {
        0 => nest("[", "]", rng.usize(..100_000)),
        1 => nest("{\"a\":", "}", rng.usize(..10_000)),
        2 => format!("{{\"name\":\"{}\"}}", "\\u0000".repeat(rng.usize(..20_000))),
        3 => format!("[{}0]", "0,".repeat(rng.usize(..20_000))),
        4 => "zzz\r\nabc\r\n0\r\n\r\n".into(),
        5 => "ffffffffffffffff\r\nabc".into(),
        _ => pick(
            rng,
            &[
                "",
                "{}",
                "null",
                "{\"name\":1e400}",
                "{\"name\":\"\\ud800\"}",
                "{\"name\":\"t\"}",
                "{\"defaultValue\":{\"boolValue\":true}}",
                "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a\"}]",
                "{\"a\":1,\"a\":2}",
                "\u{feff}{}",
                "{",
                "1",
                "\"",
            ],
        )
        .into(),
    }
}
