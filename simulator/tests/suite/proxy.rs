//! Proxy profiles: which SDK keys they select.

use crate::support::proxies::profile;
use crate::support::*;
use serde_json::{Value, json};

/// Returns the items of a list of SDK keys as pairs of config and environment.
fn pairs(keys: &Value) -> Vec<(String, String)> {
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    let items = keys["items"].as_array().unwrap().iter();
    items.map(|item| (text(item, "configId"), text(item, "environmentId"))).collect()
}

fn item(config: &str, environment: &str) -> Value {
    json!({ "items": [{ "configId": config, "environmentId": environment }] })
}

#[tokio::test]
async fn proxy_profile_selects_keys_by_its_last_matching_rule() {
    let (_simulator, owner) = demo().await;
    let (profile, path) = profile(
        &owner,
        json!({ "name": "edge", "sdkKeySelectionRules": [
            { "kind": "include", "productIdFilter": SHOP },
            { "kind": "exclude", "environmentNameMatchFilter": "prod*" },
            { "kind": "include", "configIdFilter": OLD_APP, "environmentIdFilter": PRODUCTION },
        ] }),
    )
    .await;
    let preferences = &profile["connectionPreferences"];
    assert_eq!((&preferences["sdkPollInterval"], &profile["lastAccessedAt"]), (&json!(60), &Value::Null));
    let keys = owner.get(&format!("{path}/sdk-keys")).await;
    let mut expected: Vec<(&str, &str)> = Vec::new();
    for config in [STOREFRONT, OLD_APP] {
        expected.extend([(config, TEST), (config, STAGING)]);
    }
    expected.push((OLD_APP, PRODUCTION));
    let expected: Vec<(String, String)> = expected.iter().map(|(c, e)| ((*c).into(), (*e).into())).collect();
    assert_eq!(pairs(&keys), expected);
    let id = keys["items"][0]["sdkId"].as_str().unwrap();
    assert_eq!(id, format!("{STOREFRONT}_{TEST}"), "one path segment");
}

#[tokio::test]
async fn name_filters_match_whole_names_and_wildcards() {
    let (_simulator, owner) = demo().await;
    let (_, path) = profile(&owner, json!({ "name": "edge" })).await;
    for (filters, count) in [
        (json!({ "productNameMatchFilter": "web shop" }), 6),
        (json!({ "productNameMatchFilter": "shop" }), 0),
        (json!({ "productNameMatchFilter": "*SHOP" }), 6),
        (json!({ "productNameMatchFilter": "W*b*p" }), 6),
        (json!({ "productNameMatchFilter": "W*x*p" }), 0),
        (json!({ "configNameMatchFilter": "Store*" }), 3),
        (json!({ "productNameMatchFilter": "web*", "environmentNameMatchFilter": "*t*" }), 6),
        (json!({ "productNameMatchFilter": "web*", "environmentNameMatchFilter": "t*" }), 2),
        (json!({ "productNameMatchFilter": "web*", "environmentNameMatchFilter": "" }), 6),
        (json!({ "productIdFilter": SHOP, "configNameMatchFilter": "*" }), 6),
    ] {
        let mut rule = filters.clone();
        rule["kind"] = "include".into();
        let body = json!({ "name": "edge", "sdkKeySelectionRules": [rule] });
        owner.call(&format!("PUT {path}"), body).await.with(200);
        let keys = owner.get(&format!("{path}/sdk-keys")).await;
        assert_eq!(pairs(&keys).len(), count, "{filters}: {keys}");
    }
}

#[tokio::test]
async fn keys_are_selected_individually_only_without_rules() {
    let (_simulator, owner) = demo().await;
    let (_, path) = profile(&owner, json!({ "name": "edge" })).await;
    let [select, deselect] = ["select", "deselect"].map(|verb| format!("POST {path}/sdk-keys/{verb}"));
    let all = json!({ "items": [{ "configId": STOREFRONT }, { "environmentId": TEST }] });
    assert_eq!(pairs(&owner.call(&select, all.clone()).await.with(200)).len(), 4);
    assert_eq!(pairs(&owner.call(&select, all.clone()).await.with(200)).len(), 4, "no duplicates");
    let left = owner.call(&deselect, json!({ "items": [{ "configId": STOREFRONT }] })).await.with(200);
    assert_eq!(pairs(&left), [(OLD_APP.to_owned(), TEST.to_owned())]);
    for bad in [
        json!({}),
        json!({ "configId": STOREFRONT, "environmentId": INTERNAL }),
        json!({ "configId": "50000000-0000-4000-8000-000000000021" }),
    ] {
        assert_eq!(owner.call(&select, json!({ "items": [bad] })).await.status, 400, "{bad}");
    }
    let rules = patch("replace", "/sdkKeySelectionRules", json!([{ "configIdFilter": STOREFRONT }]));
    owner.call(&format!("PATCH {path}"), rules).await.with(200);
    for line in [&select, &deselect] {
        let refused = owner.call(line, item(STOREFRONT, TEST)).await;
        assert_eq!(refused.status, 403, "{line}: {}", refused.body);
    }
    let keys = owner.get(&format!("{path}/sdk-keys")).await;
    assert!(pairs(&keys).len() == 3 && pairs(&keys).iter().all(|(config, _)| config == STOREFRONT));
    owner
        .call(&format!("PATCH {path}"), patch("replace", "/sdkKeySelectionRules", json!([])))
        .await
        .with(200);
    assert_eq!(owner.call(&select, item(STOREFRONT, TEST)).await.status, 200);
}

#[tokio::test]
async fn selection_rules_and_repeated_items_are_bounded() {
    let (_simulator, owner) = demo().await;
    let (_, path) = profile(&owner, json!({ "name": "edge" })).await;
    let started = std::time::Instant::now();
    let items = vec![json!({ "configId": STOREFRONT }); 100_000];
    let select = format!("POST {path}/sdk-keys/select");
    let keys = owner.call(&select, json!({ "items": items })).await.with(200);
    assert_eq!(pairs(&keys).len(), 3);
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    for (count, status) in [(500, 200), (501, 400)] {
        let rules = vec![json!({ "configNameMatchFilter": "*" }); count];
        let body = json!({ "name": "edge", "sdkKeySelectionRules": rules });
        assert_eq!(owner.call(&format!("PUT {path}"), body).await.status, status, "{count}");
    }
}

#[tokio::test]
async fn proxy_profile_keeps_its_signing_key_until_replaced() {
    let (_simulator, owner) = demo().await;
    let (_, path) =
        profile(&owner, json!({ "name": "edge", "sdkKeySelectionRules": [{ "productIdFilter": SHOP }] }))
            .await;
    let webhook = json!({ "webhookProxyUrl": "https://proxy.example" });
    let webhook = patch("replace", "/connectionPreferences/webhookNotification", webhook);
    let patched = owner.call(&format!("PATCH {path}"), webhook).await.with(200);
    let key = &patched["connectionPreferences"]["webhookNotification"]["signingKey1"];
    assert!(key.as_str().unwrap().starts_with("configcat_whsk_"));
    let renamed =
        owner.call(&format!("PATCH {path}"), patch("replace", "/name", json!("core"))).await.with(200);
    assert_eq!(
        &renamed["connectionPreferences"]["webhookNotification"]["signingKey1"], key,
        "the signing key is unchanged"
    );
    let replaced = owner.call(&format!("PUT {path}"), json!({ "name": "bare" })).await.with(200);
    assert_eq!(
        (&replaced["connectionPreferences"]["webhookNotification"], &replaced["sdkKeySelectionRules"]),
        (&Value::Null, &json!([]))
    );
    let secret = owner.call(&format!("POST {path}/secret"), Value::Null).await.with(200);
    let again = owner.call(&format!("POST {path}/secret"), Value::Null).await.with(200);
    assert_ne!(secret["secretToken"], again["secretToken"]);
    assert_eq!(owner.status(&format!("DELETE {path}")).await, 204);
    let list = owner.get(&format!("/v1/organizations/{ORGANIZATION}/proxy-profiles")).await;
    assert_eq!(list["profiles"], json!([]));
}
