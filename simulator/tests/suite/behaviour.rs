//! Documented behaviour of the service that no other test file covers.

use crate::support::*;
use serde_json::{Value, json};

async fn flag(owner: &Caller, config: &str, body: Value) -> Value {
    owner.call(&format!("POST /v1/configs/{config}/settings"), body).await.with(201)
}

#[tokio::test]
async fn delete_cascades_to_children() {
    let (_simulator, owner) = demo().await;
    let hook = owner
        .call(
            &format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks"),
            json!({ "url": "http://localhost" }),
        )
        .await
        .with(201);
    let request = owner
        .call(
            &format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/change-requests"),
            json!({ "title": "t" }),
        )
        .await
        .with(201);
    let invite = json!({ "emails": ["a@b"], "permissionGroupId": DEVELOPERS });
    owner.call(&format!("POST /v1/products/{SHOP}/members/invite"), invite).await.with(200);
    let below = [
        format!("/v1/configs/{STOREFRONT}"),
        format!("/v1/environments/{TEST}"),
        format!("/v1/settings/{CHECKOUT}"),
        "/v1/tags/2001".to_owned(),
        format!("/v1/segments/{BETA}"),
        format!("/v1/permissions/{DEVELOPERS}"),
        format!("/v1/webhooks/{}", hook["webhookId"]),
        format!("/v2/change-requests/{}", request["changeRequestId"]),
        format!("/v1/configs/{STOREFRONT}/environments/{TEST}"),
    ];
    for path in &below {
        assert_eq!(owner.status(&format!("GET {path}")).await, 200, "{path}");
    }
    assert_eq!(owner.status(&format!("DELETE /v1/products/{SHOP}")).await, 204);
    for path in &below {
        assert_eq!(owner.status(&format!("GET {path}")).await, 404, "{path}");
    }
    let left = owner.get(&format!("/v1/organizations/{ORGANIZATION}/invitations")).await;
    assert_eq!(left, json!([]));
    let log = owner.get(&format!("/v1/organizations/{ORGANIZATION}/auditlogs")).await;
    assert_eq!(log[0]["auditLogTypeEnum"], "productDeleted", "the organization's log keeps the deletion");
}

#[tokio::test]
async fn new_product_has_a_full_access_group_and_default_preferences() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/organizations/{ORGANIZATION}/products");
    let product = owner.call(&line, json!({ "name": "New" })).await.with(201);
    let id = product["productId"].as_str().unwrap();
    assert_eq!(product["order"], 2, "default order is last");
    let groups = owner.get(&format!("/v1/products/{id}/permissions")).await;
    assert_eq!(groups.as_array().unwrap().len(), 1);
    let rights = groups[0].as_object().unwrap().iter().filter(|(name, _)| name.starts_with("can"));
    assert_eq!(rights.filter(|(_, granted)| **granted == json!(true)).count(), 21);
    let preferences = owner.get(&format!("/v1/products/{id}/preferences")).await;
    assert_eq!(
        preferences,
        json!({
            "reasonRequired": false, "keyGenerationMode": "camelCase", "showVariationId": false,
            "reasonRequiredEnvironments": [], "mandatorySettingHint": false, "approveRequired": false,
            "approveRequiredEnvironments": [],
        })
    );
}

#[tokio::test]
async fn config_is_v1_by_default_and_keeps_its_version() {
    let (_simulator, owner) = demo().await;
    let config =
        owner.call(&format!("POST /v1/products/{SHOP}/configs"), json!({ "name": "c" })).await.with(201);
    assert_eq!(config["evaluationVersion"], "v1");
    let path = format!("/v1/configs/{}", config["configId"].as_str().unwrap());
    let changed =
        owner.call(&format!("PUT {path}"), json!({ "name": "d", "evaluationVersion": "v2" })).await.with(200);
    assert_eq!((&changed["name"], &changed["evaluationVersion"]), (&json!("d"), &json!("v1")));
}

#[tokio::test]
async fn flag_key_and_type_are_immutable() {
    let (_simulator, owner) = demo().await;
    let taken = json!({ "name": "x", "key": "newCheckout", "settingType": "int" });
    assert_eq!(
        owner.call(&format!("POST /v1/configs/{STOREFRONT}/settings"), taken.clone()).await.status,
        400
    );
    flag(&owner, OLD_APP, taken).await;
    for path in ["/key", "/settingType", "/settingId"] {
        let response =
            owner.call(&format!("PATCH /v1/settings/{CHECKOUT}"), patch("replace", path, json!("x"))).await;
        assert_eq!(response.status, 400, "{path}");
    }
    let replaced =
        owner.call(&format!("PUT /v1/settings/{CHECKOUT}"), json!({ "name": "n" })).await.with(200);
    assert_eq!(
        (&replaced["key"], &replaced["hint"], &replaced["tags"]),
        (&json!("newCheckout"), &Value::Null, &json!([]))
    );
}

#[tokio::test]
async fn new_flag_has_the_default_of_its_type() {
    let (_simulator, owner) = demo().await;
    for (ty, member, default) in [
        ("boolean", "boolValue", json!(false)),
        ("string", "stringValue", json!("")),
        ("int", "intValue", json!(0)),
        ("double", "doubleValue", json!(0.0)),
    ] {
        let made = flag(&owner, STOREFRONT, json!({ "name": ty, "key": ty, "settingType": ty })).await;
        let path = format!("/v2/environments/{TEST}/settings/{}/value", made["settingId"]);
        assert_eq!(owner.get(&path).await["defaultValue"][member], default, "{ty}");
    }
}

#[tokio::test]
async fn new_flag_takes_initial_values_or_copies_another() {
    let (_simulator, owner) = demo().await;
    let with_values = json!({ "name": "a", "key": "a", "settingType": "int", "initialValues": [{ "environmentId": TEST, "value": 5 }] });
    let a = flag(&owner, STOREFRONT, with_values).await;
    let value = |id: &Value, environment: &str| format!("/v2/environments/{environment}/settings/{id}/value");
    assert_eq!(owner.get(&value(&a["settingId"], TEST)).await["defaultValue"]["intValue"], 5);
    assert_eq!(owner.get(&value(&a["settingId"], STAGING)).await["defaultValue"]["intValue"], 0);
    let copy = json!({ "name": "b", "key": "b", "settingType": "boolean", "settingIdToInitFrom": CHECKOUT });
    let b = flag(&owner, STOREFRONT, copy).await;
    let copied = owner.get(&value(&b["settingId"], STAGING)).await;
    assert_eq!(copied["targetingRules"].as_array().unwrap().len(), 2);
    for bad in [
        json!({ "name": "c", "key": "c", "settingType": "int", "settingIdToInitFrom": CHECKOUT }),
        json!({ "name": "c", "key": "c", "settingType": "int", "initialValues": [{ "environmentId": INTERNAL, "value": 5 }] }),
        json!({ "name": "c", "key": "c", "settingType": "int", "initialValues": [{ "environmentId": TEST, "value": "5" }] }),
    ] {
        assert_eq!(
            owner.call(&format!("POST /v1/configs/{STOREFRONT}/settings"), bad.clone()).await.status,
            400,
            "{bad}"
        );
    }
    let variations = json!({
        "name": "d", "key": "d", "settingType": "string",
        "predefinedVariations": [{ "value": { "stringValue": "x" }, "name": "X" }, { "value": { "stringValue": "y" } }],
    });
    let d = flag(&owner, STOREFRONT, variations).await;
    let first = owner.get(&value(&d["settingId"], TEST)).await;
    assert_eq!(
        first["defaultValue"]["predefinedVariationId"],
        d["predefinedVariations"][0]["predefinedVariationId"]
    );
}

#[tokio::test]
async fn string_value_may_be_empty_but_not_too_long() {
    let (_simulator, owner) = demo().await;
    let set = |text: String| json!({ "defaultValue": { "stringValue": text } });
    owner.call(&value("PUT", TEST, BANNER), set(String::new())).await.with(200);
    assert_eq!(owner.call(&value("PUT", TEST, BANNER), set("ü".repeat(65_536))).await.status, 400);
    owner.call(&value("PUT", TEST, BANNER), set("ü".repeat(65_535))).await.with(200);
}

#[tokio::test]
async fn outdated_version_is_rejected_with_409() {
    let (_simulator, owner) = demo().await;
    let path = format!("/v2/environments/{TEST}/settings/{CART}/value");
    let first = owner.get(&path).await["lastVersionId"].as_str().unwrap().to_owned();
    let set = |n: i64| json!({ "defaultValue": { "intValue": n } });
    let guarded = format!("{}?latestVersionId={first}", value("PUT", TEST, CART));
    let second = owner.call(&guarded, set(1)).await.with(200);
    assert_ne!(second["lastVersionId"], json!(first), "every write changes the version");
    assert_eq!(owner.call(&guarded, set(2)).await.status, 409);
    assert_eq!(owner.get(&path).await["defaultValue"]["intValue"], 1);
    let nothing =
        owner.call(&value("PATCH", TEST, CART), patch("replace", "/defaultValue/intValue", json!(1))).await;
    assert_eq!((nothing.status, nothing.body.as_str()), (204, ""), "a patch that changes nothing");
    assert_eq!(owner.get(&path).await["lastVersionId"], second["lastVersionId"]);
}

#[tokio::test]
async fn approval_bypass_requires_the_right() {
    let (simulator, owner) = demo().await;
    let ada = Caller::new(&simulator, "ada", "ada");
    let access =
        json!({ "environmentAccesses": [{ "environmentId": PRODUCTION, "environmentAccessType": "full" }] });
    owner.call(&format!("PUT /v1/permissions/{DEVELOPERS}"), access).await.with(200);
    let line = format!("{}?reason=r&bypassApproval=true", value("PUT", PRODUCTION, CHECKOUT));
    assert_eq!(ada.call(&line, on()).await.status, 403);
    assert_eq!(
        owner.call(&format!("{}?reason=r", value("PUT", PRODUCTION, CHECKOUT)), on()).await.status,
        400
    );
    owner.call(&line, on()).await.with(200);
    let seen = ada.get(&format!("/v2/environments/{PRODUCTION}/settings/{CHECKOUT}/value")).await;
    assert_eq!(
        (&seen["canBypassApproval"], &seen["approveRequired"], &seen["reasonRequired"]),
        (&json!(false), &json!(true), &json!(true))
    );
}

#[tokio::test]
async fn environment_of_another_product_is_not_found() {
    let (_simulator, owner) = demo().await;
    for line in [
        value("GET", INTERNAL, CHECKOUT),
        format!("GET /v2/configs/{STOREFRONT}/environments/{INTERNAL}/values"),
        format!("GET /v1/configs/{OLD_APP}/environments/{INTERNAL}/values"),
        format!("GET /v1/configs/{STOREFRONT}/environments/{INTERNAL}"),
    ] {
        assert_eq!(owner.status(&line).await, 404, "{line}");
    }
    let hook = format!("POST /v1/configs/{STOREFRONT}/environments/{INTERNAL}/webhooks");
    assert_eq!(owner.call(&hook, json!({ "url": "http://localhost" })).await.status, 404);
}

#[tokio::test]
async fn sdk_key_format_depends_on_config_version() {
    let (_simulator, owner) = demo().await;
    let new = owner.get(&format!("/v1/configs/{STOREFRONT}/environments/{TEST}")).await;
    let parts: Vec<usize> = new["primary"].as_str().unwrap().split('/').map(str::len).collect();
    assert_eq!((parts, &new["secondary"]), (vec![15, 22, 22], &Value::Null));
    let old = owner.get(&format!("/v1/configs/{OLD_APP}/environments/{TEST}")).await;
    assert_eq!(old["primary"].as_str().unwrap().split('/').map(str::len).collect::<Vec<_>>(), [22, 22]);
}

#[tokio::test]
async fn v1_audit_log_covers_7_days_by_default_and_at_most_30() {
    let (simulator, owner) = demo().await;
    let path = format!("/v1/products/{SHOP}/auditlogs");
    assert!(!owner.get(&path).await.as_array().unwrap().is_empty());
    simulator.advance_clock(std::time::Duration::from_secs(8 * 86_400)).await.unwrap();
    assert_eq!(owner.get(&path).await, json!([]));
    let range = |from: &str, to: &str| format!("{path}?fromUtcDateTime={from}&toUtcDateTime={to}");
    assert_eq!(
        owner.status(&format!("GET {}", range("2026-01-01T00:00:00Z", "2026-02-15T00:00:00Z"))).await,
        400
    );
    assert_eq!(
        owner.status(&format!("GET {}", range("2026-01-01T00:00:00Z", "2026-01-30T00:00:00Z"))).await,
        200
    );
    let pages = format!("/v2/products/{SHOP}/auditlogs?pageSize=3&pageNumber");
    let (first, second) = (owner.get(&format!("{pages}=1")).await, owner.get(&format!("{pages}=2")).await);
    assert_eq!(first["data"].as_array().unwrap().len(), 3, "without a range, all entries");
    assert!(
        first["data"][2]["auditLogId"].as_i64() > second["data"][0]["auditLogId"].as_i64(),
        "newest first"
    );
}

#[tokio::test]
async fn failed_patch_names_the_failing_operation() {
    let (_simulator, owner) = demo().await;
    let hook = owner
        .call(
            &format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks"),
            json!({ "url": "http://localhost" }),
        )
        .await
        .with(201);
    let profile = owner
        .call(&format!("POST /v1/organizations/{ORGANIZATION}/proxy-profiles"), json!({ "name": "p" }))
        .await
        .with(201);
    let bad = json!([
        { "op": "add", "path": "/name", "value": "kept out" },
        { "op": "remove", "path": "/nothing/here" },
    ]);
    for path in [
        format!("/v1/settings/{CHECKOUT}"),
        format!("/v1/environments/{TEST}/settings/{DARK_MODE}/value"),
        format!("/v2/environments/{TEST}/settings/{CHECKOUT}/value"),
        format!("/v1/webhooks/{}", hook["webhookId"]),
        format!("/v1/proxy-profiles/{}", profile["proxyProfileId"].as_str().unwrap()),
    ] {
        let before = owner.get(&path).await;
        let response = owner.call(&format!("PATCH {path}"), bad.clone()).await;
        assert!(response.with(400)["[1]"].is_array(), "{path}: {}", response.body);
        assert_eq!(owner.get(&path).await, before, "{path}");
    }
}
