//! JSON Patches that let a document grow.

use super::exchange::{CONFIG, ENVIRONMENT, call, is_alive, start};
use crate::attack::{Attack, Plan, Seen, Surface, ensure};
use crate::memory::Measure;
use configcat_simulator::Simulator;
use fastrand::Rng;
use serde_json::{Value, json};

const LIMIT: usize = 256 << 20;

pub const BOMBS: Attack = Attack {
    name: "patch-bombs",
    surface: Surface::Client,
    does: "JSON Patches that double a document, nest it deeply, or have very many operations",
    bound: "400 and an unchanged state, or 200; less than 256 MiB allocated",
    run: |plan| Box::pin(bombs(plan)),
};

async fn bombs(plan: Plan) -> Result<Seen, String> {
    let simulator = start(Simulator::builder()).await?;
    let line = format!("POST /v1/configs/{CONFIG}/environments/{ENVIRONMENT}/webhooks");
    let (_, body) = call(&simulator, &line, r#"{ "url": "http://localhost:1/a" }"#).await?;
    let webhook: Value = serde_json::from_str(&body).map_err(|e| e.to_string())?;
    let path = format!("/v1/webhooks/{}", webhook["webhookId"]);
    let mut rng = Rng::with_seed(plan.seed);
    let random = plan.tries(40, 1_000);
    let patches: Vec<String> =
        fixed().into_iter().chain((0..random).map(|_| generated(&mut rng))).map(|p| p.to_string()).collect();
    let (mut largest, mut applied) = (0, 0_u32);
    for patch in &patches {
        let (_, before) = call(&simulator, &format!("GET {path}"), "").await?;
        let measure = Measure::start();
        let (status, message) = call(&simulator, &format!("PATCH {path}"), patch).await?;
        largest = largest.max(measure.peak());
        let shown: String = patch.chars().take(300).collect();
        ensure(status == 200 || status == 400, format_args!("{status} {message} for {shown}"))?;
        ensure(measure.peak() < LIMIT, format_args!("{} bytes for {shown}", measure.peak()))?;
        let (_, after) = call(&simulator, &format!("GET {path}"), "").await?;
        ensure(status == 200 || before == after, format_args!("{shown} changed the state"))?;
        applied += u32::from(status == 200);
    }
    is_alive(&simulator).await?;
    simulator.stop().await;
    let tries = u32::try_from(patches.len()).unwrap_or(u32::MAX);
    Ok(Seen { tries, seen: format!("{applied} applied, at most {} MiB", largest >> 20) })
}

fn copy(from: &str, path: &str) -> Value {
    json!({ "op": "copy", "from": from, "path": path })
}

fn add(path: &str, value: Value) -> Value {
    json!({ "op": "add", "path": path, "value": value })
}

/// The worst patches of each form.
fn fixed() -> Vec<Value> {
    let list = "/webHookHeaders";
    let deep = |levels: usize| format!("{list}{}", "/0".repeat(levels));
    let nested = (0..100).fold(json!([]), |inner, _| json!([inner]));
    let header = json!({ "key": "k", "value": "v" });
    let series = |first: Value, rest: Vec<Value>| Value::from([vec![first], rest].concat());
    let repeat = |operation: Value, times: usize| vec![operation; times];
    vec![
        series(add("/webHookHeaders/-", header), repeat(copy(list, "/webHookHeaders/-"), 44)),
        series(add("/x", json!({})), (0..60).map(|n| copy("", &format!("/x{n}"))).collect()),
        series(add("/content", "x".repeat(1 << 20).into()), repeat(copy("/content", "/url"), 900)),
        series(add(list, nested.clone()), (0..14).map(|n| copy(list, &deep(101 << n))).collect()),
        series(add(list, nested.clone()), repeat(add(&deep(101), nested), 3)),
        series(add(list, vec![0; 100_000].into()), repeat(json!({ "op": "remove", "path": deep(1) }), 999)),
        repeat(copy("/url", "/content"), 20_000).into(),
        repeat(json!({ "op": "move", "from": "/url", "path": "/content/a" }), 2).into(),
    ]
}

/// A random patch whose operations copy, move and add in few places, so that they build on each other.
fn generated(rng: &mut Rng) -> Value {
    let places = [
        "",
        "/",
        "/content",
        "/url",
        "/webHookHeaders",
        "/webHookHeaders/-",
        "/webHookHeaders/0",
        "/webHookHeaders/0/key",
        "/webHookHeaders/0/0",
        "/a",
        "/a/a",
        "/a/-",
        "/httpMethod",
        "/~1",
        "/~",
        "/webHookHeaders/18446744073709551616",
    ];
    let values = [
        json!(null),
        json!([]),
        json!({}),
        json!([[[[]]]]),
        json!("x".repeat(10_000)),
        json!([{"key":"a","value":"b"}]),
    ];
    let count = if rng.bool() { rng.usize(1..4) } else { rng.usize(1..80) };
    let operations = (0..count).map(|_| {
        let (path, from) = (places[rng.usize(..places.len())], places[rng.usize(..places.len())]);
        match rng.u8(..8) {
            0..=3 => copy(from, path),
            4 => json!({ "op": "move", "from": from, "path": path }),
            5 => json!({ "op": "remove", "path": path }),
            _ => add(path, values[rng.usize(..values.len())].clone()),
        }
    });
    operations.collect()
}
