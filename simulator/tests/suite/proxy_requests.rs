//! The requests of a proxy: in profile mode and in SDK mode.

use crate::support::proxies::{Proxy, profile};
use crate::support::receiver::{receiver, verify, wait_for};
use crate::support::*;
use configcat_simulator::Simulator;
use configcat_simulator::testing::journal::Query;
use serde_json::{Value, json};
use std::time::Duration;

/// Selection rules for all environments of the storefront.
fn storefront() -> Value {
    json!([{ "configIdFilter": STOREFRONT }])
}

fn id(environment: &str) -> String {
    format!("{STOREFRONT}_{environment}")
}

#[tokio::test]
async fn proxy_config_lists_the_keys_of_the_profile() {
    let (simulator, owner) = demo().await;
    let (_, path) = profile(
        &owner,
        json!({
            "name": "edge",
            "connectionPreferences": { "sdkPollInterval": 90 },
            "sdkKeySelectionRules": storefront(),
        }),
    )
    .await;
    let mut proxy = Proxy::new(&owner, &path).await;
    simulator.freeze_clock(Some("2030-01-01T00:00:00Z".parse().unwrap())).await.unwrap();
    let first = proxy.poll().await;
    assert_eq!(first.header("content-type"), Some("application/json; charset=utf-8"));
    assert!(first.header("x-rate-limit-remaining").is_none() && first.header("etag").unwrap().contains('"'));
    let config = first.with(200);
    assert_eq!(config["Options"], json!({ "PollInterval": 90, "DataGovernance": "global" }));
    assert_eq!(config["SDKs"].as_object().unwrap().len(), 3);
    for environment in [TEST, STAGING] {
        let keys = owner.get(&format!("/v1/configs/{STOREFRONT}/environments/{environment}")).await;
        let secondary = keys["secondary"].as_str().unwrap_or_default();
        let expected = json!({ "Key1": keys["primary"], "Key2": secondary });
        assert_eq!(config["SDKs"][id(environment)], expected);
    }
    assert_eq!(owner.get(&path).await["lastAccessedAt"], "2030-01-01T00:00:00Z");
    simulator.advance_clock(Duration::from_secs(90)).await.unwrap();
    let second = proxy.poll().await;
    assert_eq!((second.status, second.body.as_str()), (304, ""));
    assert_eq!(owner.get(&path).await["lastAccessedAt"], "2030-01-01T00:01:30Z", "also without a change");
    let journal = simulator.journal(&Query { path: Some("/v1/proxy/*".into()), ..Query::default() });
    assert_eq!(journal.iter().map(|entry| entry.status).collect::<Vec<_>>(), [200, 304]);
    assert!(journal.iter().all(|entry| entry.order.is_some() && entry.credential.is_none()));
    assert!(!format!("{journal:?}").contains(&proxy.secret));
}

#[tokio::test]
async fn proxy_config_is_sent_again_only_after_a_change() {
    let (_simulator, owner) = demo().await;
    let (_, path) = profile(&owner, json!({ "name": "edge", "sdkKeySelectionRules": storefront() })).await;
    let mut proxy = Proxy::new(&owner, &path).await;
    assert_eq!(proxy.poll().await.status, 200);
    let tag = proxy.tag.clone();
    for (known, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"x\", {tag}"), 304),
        ("*".into(), 304),
        (tag.trim_matches('"').into(), 200),
        ("\"x\"".into(), 200),
        ("initial".into(), 200),
        (String::new(), 200),
    ] {
        proxy.tag = known.clone();
        assert_eq!(proxy.poll().await.status, status, "{known}");
    }
    proxy.tag.clone_from(&tag);
    let less = json!([{ "configIdFilter": STOREFRONT, "environmentIdFilter": TEST }]);
    owner.call(&format!("PATCH {path}"), patch("replace", "/sdkKeySelectionRules", less)).await.with(200);
    assert_eq!(proxy.poll().await.with(200)["SDKs"].as_object().unwrap().len(), 1);
    proxy.tag = tag;
    let slower = patch("replace", "/connectionPreferences/sdkPollInterval", json!(600));
    owner.call(&format!("PATCH {path}"), slower).await.with(200);
    assert_eq!(proxy.poll().await.with(200)["Options"]["PollInterval"], 600);
}

#[tokio::test]
async fn proxy_config_requires_the_secret_of_the_profile() {
    let (simulator, owner) = demo().await;
    let (_, path) = profile(&owner, json!({ "name": "edge" })).await;
    let (_, other) = profile(&owner, json!({ "name": "other" })).await;
    let mut proxy = Proxy::new(&owner, &path).await;
    let mut foreign = Proxy::new(&owner, &other).await;
    foreign.path.clone_from(&proxy.path);
    assert_eq!(foreign.poll().await.status, 401, "the secret of another profile");
    let (_, bare) = profile(&owner, json!({ "name": "bare" })).await;
    let bare = bare.replace("/v1/proxy-profiles/", "/v1/proxy/config/");
    let basic = owner.basic.clone();
    let old = format!("authorization: Bearer {}\r\n", proxy.secret);
    let none = String::new();
    let empty = "authorization: Bearer \r\n".to_owned();
    let line = format!("GET {}", proxy.path);
    let mut refusals = Vec::new();
    for (line, headers) in [
        (&line, &none),
        (&line, &empty),
        (&line, &basic),
        (&line, &"authorization: Bearer x\r\n".to_owned()),
        (&format!("GET {bare}"), &empty),
        (&format!("GET {bare}"), &old),
        // Neither reveals which profiles exist.
        (&"GET /v1/proxy/config/00000000-0000-4000-8000-000000000000".to_owned(), &old),
        (&"GET /v1/proxy/config/%ff".to_owned(), &old),
    ] {
        let response = proxy.send(line, headers).await;
        assert_eq!(response.header("www-authenticate"), Some("bearer"), "{line} {headers}");
        refusals.push((response.status, response.body));
    }
    assert!(refusals.iter().all(|refusal| *refusal == (401, String::new())), "{refusals:?}");
    assert_eq!(owner.get(&path).await["lastAccessedAt"], Value::Null, "a rejected request is no access");
    for (line, status) in [
        (format!("POST {}", proxy.path), 405),
        (format!("GET {}/x", proxy.path), 404),
        ("GET /v1/proxy/config/".to_owned(), 404),
    ] {
        assert_eq!(proxy.send(&line, &old).await.status, status, "{line}");
    }
    assert_eq!(proxy.poll().await.status, 200);
    let again = owner.call(&format!("POST {path}/secret"), Value::Null).await.with(200);
    proxy.tag = "initial".into();
    assert_eq!(proxy.poll().await.status, 401, "the old secret");
    proxy.secret = again["secretToken"].as_str().unwrap().to_owned();
    assert_eq!(proxy.poll().await.status, 200);
    drop(simulator);
}

#[tokio::test]
async fn proxy_is_called_once_per_sdk_key_and_transaction() {
    let (simulator, owner) = demo().await;
    let (url, seen) = receiver(1).await;
    let base = url.strip_suffix("hook").unwrap();
    let notified = |url: &str, rules: Value| {
        let webhook = json!({ "webhookNotification": { "webhookProxyUrl": url } });
        json!({ "name": url, "connectionPreferences": webhook, "sdkKeySelectionRules": rules })
    };
    let (edge, _) = profile(&owner, notified(base, storefront())).await;
    profile(&owner, notified(base, json!([{ "configIdFilter": OLD_APP }]))).await;
    profile(&owner, json!({ "name": "no webhook", "sdkKeySelectionRules": storefront() })).await;
    profile(&owner, notified("http://proxy.example/", storefront())).await;
    let values = json!({ "updateFormulas": [
        { "settingId": CHECKOUT, "defaultValue": { "boolValue": true } },
        { "settingId": CART, "defaultValue": { "intValue": 9 } },
    ] });
    let line = format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/values");
    owner.call(&line, values).await.with(200);
    let calls = wait_for(2, &seen).await;
    for call in &calls {
        assert!(call.starts_with(&format!("POST /hook/{} HTTP/1.1\r\n", id(TEST))), "{call}");
    }
    let key = &edge["connectionPreferences"]["webhookNotification"]["signingKey1"];
    assert_eq!(verify(&calls[1], key.as_str().unwrap()), Ok(()));
    // A change of a flag of another config.
    let dark = format!("PUT /v1/environments/{TEST}/settings/{DARK_MODE}/value");
    owner.call(&dark, json!({ "value": true })).await.with(200);
    let calls = wait_for(3, &seen).await;
    assert_eq!(calls.len(), 3, "one rejected and one accepted call for both flags");
    assert!(calls[2].starts_with(&format!("POST /hook/{OLD_APP}_{TEST} ")), "{}", calls[2]);
    let mut log = simulator.webhook_deliveries();
    for _ in 0..100 {
        if log.len() < 3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            log = simulator.webhook_deliveries();
        }
    }
    log.sort_by_key(|delivery| (delivery.attempts, delivery.url.clone()));
    let attempts: Vec<u32> = log.iter().map(|delivery| delivery.attempts).collect();
    assert_eq!(attempts, [0, 1, 2], "the first is to another machine");
    assert!(log[0].url == format!("http://proxy.example/hook/{}", id(TEST)) && log[0].error.is_some());
    let listed = owner.get("/__simulator/webhooks").await;
    let listed = listed.as_array().unwrap().iter().find(|delivery| delivery["attempts"] == 2).unwrap();
    assert_eq!(listed["proxyProfileId"], edge["proxyProfileId"]);
    assert!(listed.get("webhookId").is_none() && listed["method"] == "POST", "{listed}");
}

#[tokio::test]
async fn proxy_in_profile_mode_follows_changes() {
    let (_simulator, owner) = demo().await;
    let (url, seen) = receiver(0).await;
    let webhook = json!({ "webhookProxyUrl": url.strip_suffix("/hook").unwrap() });
    let body = json!({ "name": "edge", "connectionPreferences": { "webhookNotification": webhook } });
    let (profile, path) = profile(&owner, body).await;
    let key = &profile["connectionPreferences"]["webhookNotification"]["signingKey1"];
    let mut proxy = Proxy::new(&owner, &path).await;
    assert_eq!(proxy.poll().await.with(200)["SDKs"], json!({}));
    let select = format!("POST {path}/sdk-keys/select");
    let items = json!({ "items": [{ "configId": STOREFRONT, "environmentId": TEST }] });
    owner.call(&select, items).await.with(200);
    let keys = proxy.poll().await.with(200)["SDKs"][id(TEST)].clone();
    let file = format!("GET /configuration-files/{}/config_v6.json", keys["Key1"].as_str().unwrap());
    let before = proxy.send(&file, "").await;
    assert_eq!(before.status, 200);
    owner.call(&value("PUT", TEST, CART), json!({ "defaultValue": { "intValue": 77 } })).await.with(200);
    let calls = wait_for(1, &seen).await;
    assert_eq!(verify(&calls[0], key.as_str().unwrap()), Ok(()));
    let sdk = calls[0].strip_prefix("POST /hook/").and_then(|rest| rest.split_once(' ')).unwrap().0;
    assert_eq!(sdk, id(TEST), "an id of the proxy's config");
    let after = proxy.send(&file, "").await.with(200);
    assert_eq!(after["f"]["maxItemsInCart"]["v"]["i"], 77);
    assert_ne!(before.json(), after);
}

#[tokio::test]
async fn proxy_in_sdk_mode_follows_changes() {
    let (_simulator, owner) = demo().await;
    let (url, seen) = receiver(0).await;
    // In this mode the user enters the webhook of the proxy's SDK key by hand.
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    let body = json!({ "url": format!("{url}/main"), "httpMethod": "get" });
    let webhook = owner.call(&line, body).await.with(201);
    let signing = owner.get(&format!("/v1/webhooks/{}/keys", webhook["webhookId"])).await;
    let keys = owner.get(&format!("/v1/configs/{STOREFRONT}/environments/{TEST}")).await;
    let url = format!(
        "http://{}/configuration-files/{}/config_v6.json",
        owner.address,
        keys["primary"].as_str().unwrap()
    );
    let client = http_client().build().unwrap();
    let get = |tag: String| {
        let request = client.get(&url).header("if-none-match", tag);
        async move {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.headers()["etag"].to_str().unwrap().to_owned())
        }
    };
    let (status, tag) = get("initial".into()).await;
    assert_eq!(status, 200);
    assert_eq!(get(tag.clone()).await.0, 304);
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let calls = wait_for(1, &seen).await;
    assert!(calls[0].starts_with("GET /hook/main HTTP/1.1\r\n"), "{}", calls[0]);
    assert_eq!(verify(&calls[0], signing["key1"].as_str().unwrap()), Ok(()));
    let (status, changed) = get(tag.clone()).await;
    assert_eq!(status, 200);
    assert_ne!(changed, tag);
    assert_eq!(get(changed).await.0, 304);
}

#[tokio::test]
async fn proxy_call_is_signed_with_both_keys() {
    let (_simulator, owner) = demo().await;
    let (url, seen) = receiver(0).await;
    let webhook = json!({ "webhookProxyUrl": url.strip_suffix("/hook").unwrap() });
    let preferences = json!({ "webhookNotification": webhook });
    let rules = json!([{ "environmentNameMatchFilter": "TEST" }]);
    let body = json!({ "name": "x", "connectionPreferences": preferences, "sdkKeySelectionRules": rules });
    profile(&owner, body).await;
    let mut snapshot = owner.get("/__simulator/snapshot").await;
    let keys = &mut snapshot["tables"]["proxy_profiles"][0]["webhook"];
    keys["key2"] = "configcat_whsk_second".into();
    let first = keys["key1"].as_str().unwrap().to_owned();
    let restored = owner.call("PUT /__simulator/snapshot", snapshot).await;
    assert!(restored.status < 300, "{}", restored.body);
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let calls = wait_for(1, &seen).await;
    for key in [&first, "configcat_whsk_second"] {
        assert_eq!(verify(&calls[0], key), Ok(()), "{key}");
    }
}

#[tokio::test]
async fn access_of_a_proxy_is_kept_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, owner) = start(Simulator::builder().state_dir(folder.path())).await;
    let (_, path) = profile(&owner, json!({ "name": "edge" })).await;
    let mut proxy = Proxy::new(&owner, &path).await;
    assert_eq!(proxy.poll().await.status, 200);
    let first = owner.get(&path).await["lastAccessedAt"].clone();
    assert_eq!(proxy.poll().await.status, 304);
    let last = owner.get(&path).await["lastAccessedAt"].clone();
    assert!(first.is_string() && first != last, "{first} {last}");
    simulator.stop().await;
    let (_simulator, owner) = start(Simulator::builder().state_dir(folder.path())).await;
    assert_eq!(owner.get(&path).await["lastAccessedAt"], last);
}
