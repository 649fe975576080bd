//! Seeds and snapshots that are malformed, hostile or huge.

use crate::support::*;
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use configcat_simulator::state::{Snapshot, State};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Returns a seed with this many flags, each with a prerequisite, a tag and a value.
fn large_seed(flags: usize) -> Seed {
    let settings: Vec<Value> = (0..flags)
        .map(|n| {
            let id = 1_000_000 + i32::try_from(n).unwrap();
            let condition = json!([{ "prerequisiteFlagCondition": {
                "prerequisiteSettingId": id - 1, "comparator": "equals",
                "prerequisiteComparisonValue": { "boolValue": true } } }]);
            let rules = if n == 0 {
                json!([])
            } else {
                json!([{ "conditions": condition, "value": { "boolValue": true } }])
            };
            json!({
                "settingId": id, "key": format!("flag{n}"), "name": "F", "settingType": "boolean",
                "tags": [format!("tag{}", n / 2)],
                "values": { "E": { "defaultValue": { "boolValue": false }, "targetingRules": rules } },
            })
        })
        .collect();
    let names = |prefix: &str, field: &str| -> Vec<Value> {
        (0..flags / 2).map(|n| json!({ field: format!("{prefix}{n}") })).collect()
    };
    let users: Vec<Value> =
        (0..flags / 2).map(|n| json!({ "email": format!("u{n}@example.com"), "fullName": "U" })).collect();
    let segments: Vec<Value> = (0..flags / 2)
        .map(|n| {
            json!({ "name": format!("s{n}"), "comparisonAttribute": "a", "comparator": "isOneOf", "comparisonValue": "x" })
        })
        .collect();
    let seed = json!({ "users": users, "organizations": [{ "name": "O", "products": [{
        "name": "P", "environments": [{ "name": "E" }], "tags": names("tag", "name"),
        "permissionGroups": names("group", "name"), "segments": segments,
        "configs": [{ "name": "C", "settings": settings }],
    }] }] });
    Seed::from_json(&seed.to_string()).unwrap()
}

#[test]
fn time_of_a_large_seed_is_linear_in_its_size() {
    let time = |flags: usize| -> Duration {
        let seed = large_seed(flags);
        let one = || {
            let started = Instant::now();
            State::from_seed(&seed, "u", "p").unwrap();
            started.elapsed()
        };
        one().min(one())
    };
    let (small, large) = (time(500), time(4_000));
    // 8 if linear, 64 if quadratic.
    assert!(large < small * 16, "8 times the flags took {small:?} and {large:?}");
}

/// Measures creations and reads of single flags in a config with this many flags.
async fn time_of_requests(flags: usize) -> Duration {
    let simulator = Simulator::builder().seed(large_seed(flags)).start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    let product = owner.get("/v1/products").await[0]["productId"].as_str().unwrap().to_owned();
    let first = async |what: &str, id: &str| {
        owner.get(&format!("/v1/products/{product}/{what}")).await[0][id].as_str().unwrap().to_owned()
    };
    let config = first("configs", "configId").await;
    let environment = first("environments", "environmentId").await;
    let started = Instant::now();
    for n in 0..40 {
        let body = json!({ "key": format!("new{n}"), "name": "N", "settingType": "boolean" });
        let made = owner.call(&format!("POST /v1/configs/{config}/settings"), body).await.with(201);
        assert_eq!(made["order"], flags + n);
        let path = format!("/v2/environments/{environment}/settings/1000001/value");
        let one = owner.get(&path).await;
        assert_eq!(one["settingIdsWherePrerequisite"], json!([1_000_002]));
    }
    started.elapsed()
}

#[tokio::test]
async fn single_requests_do_not_scan_a_large_config() {
    let (small, large) = (time_of_requests(200).await, time_of_requests(4_000).await);
    // 20 times the flags.
    assert!(large < small * 4 + Duration::from_millis(50), "{small:?} and {large:?}");
}

#[test]
fn yaml_that_expands_is_refused_in_bounded_time() {
    let mut laughs = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for n in 1..40 {
        let last = format!("*a{}", n - 1);
        laughs += &format!("a{n}: &a{n} [{}]\n", vec![last; 9].join(","));
    }
    let long =
        format!("a: &a {}\nb: &b [{}]\nc: [{}]\n", "y".repeat(4_000), "*a,".repeat(700), "*b,".repeat(700));
    let deep = format!("{}x{}", "[".repeat(4_000), "]".repeat(4_000));
    let block: String = (0..120).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    for (name, yaml) in [("laughs", laughs), ("long", long), ("deep", deep), ("block", block)] {
        let started = Instant::now();
        let error = Seed::from_yaml(&yaml).unwrap_err().to_string();
        assert!(started.elapsed() < Duration::from_secs(5), "{name}: {:?}", started.elapsed());
        assert!(!error.contains("unknown field"), "{name} was expanded: {}", &error[..error.len().min(200)]);
    }
}

#[test]
fn yaml_may_use_a_value_many_times() {
    let mut yaml = String::from(
        "organizations:\n- name: O\n  products:\n  - name: P\n    environments: [{ name: E }]\n    configs:\n    - name: C\n      settings:\n",
    );
    for n in 0..2_000 {
        let value = if n == 0 { "&v { E: true }" } else { "*v" };
        yaml += &format!("      - {{ key: f{n}, name: F, settingType: boolean, values: {value} }}\n");
    }
    State::from_seed(&Seed::from_yaml(&yaml).unwrap(), "u", "p").unwrap();
}

#[test]
fn invalid_seeds_are_refused_with_their_place() {
    let flag = |extra: &str| {
        format!(
            r#"{{ "organizations": [{{ "name": "O", "products": [{{ "name": "P", "environments": [{{ "name": "E" }}],
            "configs": [{{ "name": "C", "settings": [{{ "key": "f", "name": "F", {extra} }}] }}] }}] }}] }}"#
        )
    };
    let at = "organizations[0].products[0].configs[0].settings[0]";
    for (seed, place) in [
        (flag(r#""settingType": "boolean", "settingId": 2147483647"#), format!("{at}.settingId")),
        (flag(r#""settingType": "boolean", "settingId": 0"#), format!("{at}.settingId")),
        (flag(r#""settingType": "boolean", "settingId": 1e400"#), "line 2".into()),
        (flag(r#""settingType": "colour""#), format!("{at}.settingType")),
        (flag(r#""settingType": "boolean", "values": { "E": true, "E": false }"#), "duplicate key `E`".into()),
        (flag(r#""settingType": "int", "values": { "E": 1e30 }"#), format!("{at}.values.E")),
        (flag(r#""settingType": "boolean", "values": { "E": [[[]]] }"#), format!("{at}.values.E")),
        (flag(r#""settingType": "boolean", "values": { "E": { "defaultValue": { "boolValue": true, "boolValue": false } } }"#), "duplicate key `boolValue`".into()),
        (r#"{ "users": [{ "email": "a@b", "fullName": "A" }], "credentials": [{ "username": "a", "password": "p", "user": "a@b", "rateLimit": { "limit": 1, "windowSeconds": 1e19 } }] }"#.into(), "credentials[0].rateLimit".into()),
        (r#"{ "organizations": [{ "name": "O", "products": [{ "name": "P", "tags": [{ "name": "t", "tagId": 9223372036854775807 }] }] }] }"#.into(), "tags[0].tagId".into()),
        (format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), "line 1".into()),
    ] {
        let error = match Seed::from_json(&seed) {
            Ok(seed) => State::from_seed(&seed, "u", "p").unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(&place), "{place}: {error}");
    }
}

/// The place in the error, and a change of a snapshot.
type Change = (&'static str, fn(&mut Value));

/// Changes of a snapshot of the demo seed that no request could make.
fn impossible_changes() -> Vec<Change> {
    vec![
        ("tables.settings: row 3001: config", |s| s["tables"]["settings"][0]["config"] = json!("none")),
        ("tables.settings[1]: another row", |s| {
            s["tables"]["settings"][1] = s["tables"]["settings"][0].clone()
        }),
        ("tables.settings: row 3001: key", |s| {
            let key = s["tables"]["settings"][1]["key"].clone();
            s["tables"]["settings"][0]["key"] = key;
        }),
        ("tables.settings: row 3001: tags", |s| {
            s["tables"]["settings"][0]["tags"] = json!([{ "id": 1, "tag": 999_999 }]);
        }),
        ("tables.settings: row 3001: values", |s| {
            s["tables"]["values"].as_array_mut().unwrap().retain(|value| value["setting"] != 3001);
        }),
        ("tables.environments: row", |s| {
            for value in s["tables"]["values"].as_array_mut().unwrap() {
                let needed = match value["setting"].as_i64().unwrap() {
                    3001 => 3002,
                    3002 => 3001,
                    _ => continue,
                };
                value["content"]["v2"]["rules"] = json!([{
                    "conditions": [{ "userCondition": null, "segmentCondition": null, "prerequisiteFlagCondition": {
                        "prerequisiteSettingId": needed, "comparator": "equals",
                        "prerequisiteComparisonValue": { "boolValue": true } } }],
                    "percentageOptions": [], "value": { "boolValue": true } }]);
            }
        }),
        ("meta.ids.number", |s| s["meta"]["ids"]["number"] = json!(3000)),
        ("meta.ids.number", |s| s["meta"]["ids"]["number"] = json!(i64::MAX)),
        ("meta.ids.audit", |s| s["meta"]["ids"]["audit"] = json!(0)),
        ("meta.ids.created", |s| s["meta"]["ids"]["created"] = json!(u64::MAX)),
        ("tables.members: row", |s| s["tables"]["members"][0]["group"] = json!(999_999)),
        ("tables.credentials: row", |s| s["tables"]["credentials"][0]["user"] = json!("missing")),
        ("tables.users: row", |s| {
            let email = s["tables"]["users"][1]["email"].as_str().unwrap().to_uppercase();
            s["tables"]["users"][0]["email"] = json!(email);
        }),
        ("tables.sdk_keys: row", |s| {
            let key = s["tables"]["sdk_keys"][1]["primary"].clone();
            s["tables"]["sdk_keys"][0]["primary"] = key;
        }),
        ("tables.values", |s| s["tables"]["values"][0]["content"] = json!({ "v3": {} })),
        ("tables.values: row", |s| {
            s["tables"]["values"][0]["content"]["v2"]["default"] = json!({ "stringValue": "x" });
        }),
        ("tables.settings: not a list", |s| s["tables"]["settings"] = json!(7)),
        ("tables.tables: unknown table", |s| s["tables"]["tables"] = json!([])),
        ("format", |s| s["format"] = json!(2)),
    ]
}

#[tokio::test]
async fn impossible_snapshots_are_refused_without_a_change() {
    let (simulator, owner) = demo().await;
    let before = serde_json::to_value(simulator.snapshot()).unwrap();
    for (place, change) in impossible_changes() {
        let mut snapshot = before.clone();
        change(&mut snapshot);
        assert_ne!(snapshot, before, "{place}");
        let refused = owner.call("PUT /__simulator/snapshot", snapshot).await;
        assert_eq!(refused.status, 400, "{place}: {}", refused.body);
        assert!(refused.body.contains(place), "{place}: {}", refused.body);
        assert_eq!(serde_json::to_value(simulator.snapshot()).unwrap(), before, "{place}");
    }
    let text = before.to_string().replacen("\"tables\":{", "\"tables\":{\"tags\":[],", 1);
    assert!(Snapshot::from_json(text.as_bytes()).unwrap_err().to_string().contains("duplicate key `tags`"));
    owner.call("PUT /__simulator/snapshot", before).await.with(204);
}
