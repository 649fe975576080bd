//! JSON Patches: `test` operations, and patches that try to exhaust the simulator, which are rejected with 400 and change
//! nothing.

use crate::support::*;
use serde_json::{Value, json};

/// Sends a patch of a webhook, and checks that it is rejected with the message, and that nothing was changed.
async fn rejects(owner: &Caller, path: &str, patch: Value, message: &str) {
    let before = owner.get(path).await;
    let response = owner.call(&format!("PATCH {path}"), patch).await;
    assert_eq!(response.status, 400, "{}", response.body);
    assert!(response.body.contains(message), "{}", response.body);
    assert_eq!(owner.get(path).await, before);
}

async fn webhook(owner: &Caller) -> String {
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    let webhook = owner.call(&line, json!({ "url": "http://localhost:1/a" })).await.with(201);
    format!("/v1/webhooks/{}", webhook["webhookId"])
}

fn copy(from: &str, path: &str) -> Value {
    json!({ "op": "copy", "from": from, "path": path })
}

/// Returns a path that enters an array `levels` times.
fn deep(levels: usize) -> String {
    format!("/webHookHeaders{}", "/0".repeat(levels))
}

#[tokio::test]
async fn patch_that_doubles_the_document_is_rejected() {
    let (_simulator, owner) = demo().await;
    let path = webhook(&owner).await;
    let add = json!({ "op": "add", "path": "/webHookHeaders/-", "value": { "key": "k", "value": "v" } });
    let mut doubling = vec![add];
    doubling.extend((0..44).map(|_| copy("/webHookHeaders", "/webHookHeaders/-")));
    rejects(&owner, &path, doubling.into(), "copies more than 16 MiB").await;
    // The copies are counted even if the document stays small.
    let text = "x".repeat(1 << 20);
    let mut repeated = vec![json!({ "op": "replace", "path": "/content", "value": text })];
    repeated.extend((0..17).map(|_| copy("/content", "/url")));
    rejects(&owner, &path, repeated.into(), "[16]").await;
    let many: Vec<Value> = (0..1_001).map(|_| copy("/url", "/content")).collect();
    rejects(&owner, &path, many.into(), "at most 1000 operations").await;
    let allowed: Vec<Value> = (0..1_000).map(|_| copy("/url", "/content")).collect();
    let patched = owner.call(&format!("PATCH {path}"), allowed.into()).await.with(200);
    assert_eq!(patched["content"], "http://localhost:1/a");
}

#[tokio::test]
async fn patch_that_nests_the_document_deeply_is_rejected() {
    let (_simulator, owner) = demo().await;
    let path = webhook(&owner).await;
    let nest = |levels: usize| -> Value { (0..levels).fold(json!([]), |inner, _| json!([inner])) };
    let replace = json!({ "op": "replace", "path": "/webHookHeaders", "value": nest(100) });
    let add = json!({ "op": "add", "path": deep(101), "value": nest(100) });
    rejects(&owner, &path, json!([replace, add]), "128 levels").await;
    let mut copies = vec![replace.clone()];
    copies.extend((0..12).map(|n| copy("/webHookHeaders", &deep(101 << n))));
    rejects(&owner, &path, copies.into(), "128 levels").await;
    let other = json!({ "op": "replace", "path": "/content", "value": nest(100) });
    let moved = json!({ "op": "move", "from": "/content", "path": deep(101) });
    rejects(&owner, &path, json!([replace, other, moved]), "128 levels").await;
    assert_eq!(owner.status("GET /v1/me").await, 200);
}

#[tokio::test]
async fn patch_test_compares_numbers_by_value() {
    let (_simulator, owner) = demo().await;
    let line = value("PATCH", STAGING, CART);
    let before = json!({ "defaultValue": { "intValue": 50 }, "targetingRules": [{ "percentageOptions": [
        { "percentage": 30, "value": { "intValue": 1 } }, { "percentage": 70, "value": { "intValue": 2 } },
    ] }] });
    // As text, because `json!` has no other notations of a number.
    let test = |path: &str, value: &str| {
        format!(
            r#"[{{"op":"test","path":"{path}","value":{value}}},{{"op":"replace","path":"/defaultValue/intValue","value":51}}]"#
        )
    };
    let content = "content-type: application/json\r\n";
    let whole = r#"{"boolValue":null,"stringValue":null,"intValue":5.0e1,"doubleValue":null,"predefinedVariationId":null}"#;
    let options = "/targetingRules/0/percentageOptions/0/percentage";
    for (path, number) in [
        ("/defaultValue/intValue", "50"),
        ("/defaultValue/intValue", "50.0"),
        ("/defaultValue/intValue", "5e1"),
        ("/defaultValue", whole),
        (options, "30.0"),
    ] {
        owner.call(&value("PUT", STAGING, CART), before.clone()).await.with(200);
        let patched = owner.send(&line, content, &test(path, number)).await;
        assert_eq!(patched.status, 200, "{path} {number}: {}", patched.body);
        assert_eq!(patched.json()["defaultValue"]["intValue"], 51);
    }
    for (path, number) in
        [("/defaultValue/intValue", "51.5"), ("/defaultValue/intValue", "\"52\""), (options, "31.0")]
    {
        let refused = owner.send(&line, content, &test(path, number)).await;
        assert_eq!(refused.status, 400, "{path} {number}");
        assert!(refused.body.contains("value did not match"), "{}", refused.body);
    }
    let missing = owner.send(&line, content, &test("/nothing", "1")).await;
    assert!(missing.status == 400 && missing.body.contains("path is invalid"), "{}", missing.body);
}

#[tokio::test]
async fn patch_test_and_comparison_use_canonical_values() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    let hook = owner.call(&line, json!({ "url": "http://localhost/", "httpMethod": "get" })).await.with(201);
    let path = format!("PATCH /v1/webhooks/{}", hook["webhookId"]);
    owner.call(&path, patch("test", "/httpMethod", json!("GET"))).await.with(200);
    assert_eq!(owner.call(&path, patch("test", "/httpMethod", json!("POST"))).await.status, 400);
    let setting = format!("PATCH /v1/settings/{CHECKOUT}");
    owner.call(&setting, patch("test", "/tags/0", json!("2001"))).await.with(200);
    // A number that is written in another way is no change.
    let factor = json!({ "key": "f", "name": "f", "settingType": "double" });
    let made = owner.call(&format!("POST /v1/configs/{STOREFRONT}/settings"), factor).await.with(201);
    let id = made["settingId"].as_i64().unwrap();
    owner.call(&value("PUT", TEST, id), json!({ "defaultValue": { "doubleValue": 1.0 } })).await.with(200);
    let same = patch("replace", "/defaultValue/doubleValue", json!(1));
    assert_eq!(owner.call(&value("PATCH", TEST, id), same).await.status, 204);
}
