//! Concurrent callers: no lost updates, torn reads or deadlocks. Verified by replaying the journal sequentially.

use crate::support::*;
use configcat_simulator::Simulator;
use configcat_simulator::testing::journal::{Entry, Query};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const CALLERS: usize = 64;
const CALLS: usize = 30;

fn random(seed: &mut u64, n: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap() % n
}

/// Makes one random call: a write to a shared flag, a write to a tag of the caller's own, or a read of a list.
async fn step(owner: &Caller, caller: usize, n: usize, seed: &mut u64) {
    let shared = [CART, BANNER, CHECKOUT][random(seed, 3)];
    let environment = [TEST, STAGING][random(seed, 2)];
    let set = |setting: i64, number: usize| match setting {
        CART => json!({ "defaultValue": { "intValue": number } }),
        BANNER => json!({ "defaultValue": { "stringValue": format!("{caller}-{number}") } }),
        _ => json!({ "defaultValue": { "boolValue": number.is_multiple_of(2) } }),
    };
    match random(seed, 6) {
        0 => drop(owner.call(&value("PUT", environment, shared), set(shared, caller * 1_000 + n)).await),
        1 => {
            // Guarded by the version that was read: fails with 409 if another caller was faster.
            let seen = owner.get(&format!("/v2/environments/{environment}/settings/{shared}/value")).await;
            let version = seen["lastVersionId"].as_str().unwrap();
            let line = format!("{}?latestVersionId={version}", value("PUT", environment, shared));
            let response = owner.call(&line, set(shared, caller * 1_000 + n)).await;
            assert!([200, 409].contains(&response.status), "{}", response.body);
        }
        2 => {
            let batch = json!({ "updateFormulas": [
                { "settingId": CART, "defaultValue": { "intValue": n } },
                { "settingId": CHECKOUT, "defaultValue": { "boolValue": true } },
            ] });
            let line = format!("POST /v2/configs/{STOREFRONT}/environments/{environment}/values");
            owner.call(&line, batch).await.with(200);
        }
        3 => {
            let name = json!({ "name": format!("t{caller}-{n}") });
            let tag = owner.call(&format!("POST /v1/products/{SHOP}/tags"), name).await.with(201);
            if n.is_multiple_of(2) {
                assert_eq!(owner.status(&format!("DELETE /v1/tags/{}", tag["tagId"])).await, 204);
            }
        }
        4 => drop(owner.get(&format!("/v2/configs/{STOREFRONT}/environments/{environment}/values")).await),
        _ => drop(owner.get(&format!("/v1/products/{SHOP}/tags")).await),
    }
}

fn is_write(entry: &Entry) -> bool {
    entry.method != "GET" && entry.status < 300
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_equal_a_sequential_replay() {
    let (simulator, owner) = start(Simulator::builder().journal(100_000)).await;
    call_concurrently(&owner).await;
    let mut journal = simulator.journal(&Query::default());
    journal.sort_by_key(|entry| entry.order);
    assert!(journal.iter().all(|entry| entry.order.is_some() && entry.status < 500));

    // The same calls, sequentially, in the order of their transactions.
    let (alone, other) = start(Simulator::builder().journal(0)).await;
    replay(&journal, &other).await;
    assert_same_state((&simulator, &owner), (&alone, &other)).await;
    assert_lists_are_whole(&journal);
}

async fn call_concurrently(owner: &Caller) {
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let owner = owner.clone();
            tokio::spawn(async move {
                let mut seed = u64::try_from(caller).unwrap() + 1;
                for n in 0..CALLS {
                    step(&owner, caller, n, &mut seed).await;
                }
            })
        })
        .collect();
    for caller in callers {
        let Ok(ended) = tokio::time::timeout(Duration::from_secs(60), caller).await else {
            panic!("a caller is stuck");
        };
        ended.unwrap();
    }
}

/// Repeats every write. Each must get the same status, and guarded ones must have seen the newest version.
async fn replay(journal: &[Entry], other: &Caller) {
    let mut versions = BTreeMap::new();
    let mut tags = BTreeMap::new();
    let mut replayed = 0;
    for entry in journal.iter().filter(|entry| is_write(entry)) {
        let mut path = entry.path.clone();
        if let Some(id) = path.strip_prefix("/v1/tags/") {
            path = format!("/v1/tags/{}", tags[id]);
        }
        let line = format!("{} {path}", entry.method);
        let response = other.call(&line, entry.request_body.clone().unwrap_or_default()).await;
        assert_eq!(response.status, entry.status, "{line}");
        if entry.operation.as_deref() == Some("tags.create") {
            let then = entry.response_body.as_ref().unwrap()["tagId"].to_string();
            tags.insert(then, response.json()["tagId"].to_string());
        }
        if let Some(guard) = entry.query.strip_prefix("latestVersionId=") {
            let newest = versions.get(&entry.path).map(String::as_str).unwrap_or(guard);
            assert_eq!(newest, guard, "a lost update");
        }
        if let Some(body) = &entry.response_body {
            record_versions(&mut versions, &entry.path, body);
        }
        replayed += 1;
    }
    assert!(replayed > CALLERS, "{replayed} writes");
}

/// Records the versions in a response, by the path of their value.
fn record_versions(versions: &mut BTreeMap<String, String>, path: &str, body: &Value) {
    if let Some(version) = body["lastVersionId"].as_str() {
        versions.insert(path.to_owned(), version.to_owned());
    }
    for formula in body["settingFormulas"].as_array().into_iter().flatten() {
        let version = formula["lastVersionId"].as_str().unwrap().to_owned();
        versions.insert(value_path(body, formula), version);
    }
}

/// Returns the path of a value in a list of values.
fn value_path(list: &Value, formula: &Value) -> String {
    let environment = list["environment"]["environmentId"].as_str().unwrap();
    format!("/v2/environments/{environment}/settings/{}/value", formula["setting"]["settingId"])
}

async fn assert_same_state(one: (&Simulator, &Caller), other: (&Simulator, &Caller)) {
    for environment in [TEST, STAGING] {
        let path = format!("/v2/configs/{STOREFRONT}/environments/{environment}/values");
        let values = |response: Value| -> Vec<Value> {
            response["settingFormulas"]
                .as_array()
                .unwrap()
                .iter()
                .map(|f| f["defaultValue"].clone())
                .collect()
        };
        assert_eq!(values(one.1.get(&path).await), values(other.1.get(&path).await), "{environment}");
    }
    let list = format!("/v1/products/{SHOP}/tags");
    assert_eq!(names(&one.1.get(&list).await, "name"), names(&other.1.get(&list).await, "name"));
    let count = |simulator: &Simulator| {
        serde_json::to_value(simulator.snapshot()).unwrap()["tables"]["audit"].as_array().unwrap().len()
    };
    assert_eq!(count(one.0), count(other.0), "one entry per change");
}

/// Asserts that each list shows the state between two transactions: all of a batch, or none of it.
fn assert_lists_are_whole(journal: &[Entry]) {
    for entry in journal.iter().filter(|e| e.operation.as_deref() == Some("flag_values.get_all")) {
        let body = entry.response_body.as_ref().unwrap();
        let environment = body["environment"]["environmentId"].as_str().unwrap();
        for formula in body["settingFormulas"].as_array().unwrap() {
            let path = value_path(body, formula);
            if let Some(newest) = newest_before(journal, &path, environment, entry.order.unwrap()) {
                assert_eq!(formula["lastVersionId"], newest, "a torn list");
            }
        }
    }
}

/// Returns the version of a value before a transaction, from the responses to earlier writes.
fn newest_before(journal: &[Entry], path: &str, environment: &str, order: u64) -> Option<Value> {
    let writes = journal.iter().rev().filter(|e| is_write(e) && e.order < Some(order));
    writes
        .filter_map(|entry| {
            let body = entry.response_body.as_ref()?;
            if entry.path == path {
                return Some(body["lastVersionId"].clone());
            }
            let batch = entry.operation.as_deref() == Some("flag_values.replace_many")
                && body["environment"]["environmentId"] == environment;
            let setting = path.split('/').nth(5)?;
            let formulas = body["settingFormulas"].as_array().filter(|_| batch)?;
            let formula =
                formulas.iter().find(|f| f["setting"]["settingId"].as_i64() == setting.parse().ok())?;
            Some(formula["lastVersionId"].clone())
        })
        .next()
}
