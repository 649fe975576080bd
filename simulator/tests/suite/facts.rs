//! Facts that the service's own tools depend on: how requests may be written, how they are responded to, and the texts of refusals.

use crate::support::*;
use configcat_simulator::Simulator;
use serde_json::{Value, json};

const SETTINGS: &str = "/v1/configs/50000000-0000-4000-8000-000000000001/settings";

async fn create(owner: &Caller, body: Value) -> Response {
    owner.call(&format!("POST {SETTINGS}"), body).await
}

/// Asserts a refusal whose message for a property contains a text.
fn refused(response: &Response, property: &str, text: &str) {
    let messages = response.with(400)[property].to_string();
    assert!(messages.contains(text), "{property}: {text:?} is not in {}", response.body);
}

#[tokio::test]
async fn enum_values_are_accepted_in_any_case() {
    let (_simulator, owner) = demo().await;
    let replace = patch("replace", "/rolloutRules/0/comparator", json!("doesnotcontain"));
    let line = format!(
        "PATCH /v1/environments/{PRODUCTION}/settings/{DARK_MODE}/value?reason=x&bypassApproval=true"
    );
    let patched = owner.call(&line, replace).await.with(200);
    assert_eq!(patched["rolloutRules"][0]["comparator"], "doesNotContain");
    let flag = create(&owner, json!({ "key": "x", "name": "x", "settingType": "STRING" })).await.with(201);
    assert_eq!(flag["settingType"], "string");
    let rule = |comparator: &str| {
        json!({
            "conditions": [{ "userCondition": {
                "comparisonAttribute": "a", "comparator": comparator, "comparisonValue": { "listValue": [{ "value": "x" }] },
            } }],
            "value": { "boolValue": true },
        })
    };
    let body = json!({ "defaultValue": { "boolValue": true }, "targetingRules": [rule("ISONEOF")] });
    let put = owner.call(&value("PUT", TEST, CHECKOUT), body).await.with(200);
    let comparator = "/targetingRules/0/conditions/0/userCondition/comparator";
    assert_eq!(put.pointer(comparator), Some(&json!("isOneOf")));
    let replace = patch("Replace", comparator, json!("containsanyof"));
    let patched = owner.call(&value("PATCH", TEST, CHECKOUT), replace).await.with(200);
    assert_eq!(patched.pointer(comparator), Some(&json!("containsAnyOf")));
    let hook = json!({ "url": "http://localhost/", "httpMethod": "GET" });
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    assert_eq!(owner.call(&line, hook).await.with(201)["httpMethod"], "get");
    let open = format!("/v2/products/{SHOP}/change-requests?changeRequestStatusFilter=OPEN");
    assert!(owner.get(&open).await["changeRequests"]["data"].is_array());
    let link = format!("POST /v1/environments/{TEST}/settings/{CHECKOUT}/integrationLinks/JIRA/SHOP-9");
    owner.call(&link, json!({ "url": "http://localhost/", "description": "x" })).await.with(200);
    let details = owner.get("/v1/integrationLink/jira/SHOP-9/details").await;
    assert_eq!(details["details"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn numbers_are_accepted_as_strings() {
    let (_simulator, owner) = demo().await;
    let add = patch("add", "/tags/-", json!("2003"));
    let tagged = owner.call(&format!("PATCH /v1/settings/{CHECKOUT}"), add).await.with(200);
    assert!(names(&tagged["tags"], "name").contains(&"operations".to_owned()), "{tagged}");
    let body = json!({ "key": "x", "name": "x", "settingType": "int", "order": "7", "tags": ["2001"] });
    let made = create(&owner, body).await.with(201);
    assert_eq!((&made["order"], &made["tags"][0]["tagId"]), (&json!(7), &json!(2001)));
    let bad = create(&owner, json!({ "key": "y", "name": "y", "settingType": "int", "order": "7x" })).await;
    refused(&bad, "order", "must be a whole number");
}

#[tokio::test]
async fn json_content_types_are_accepted() {
    let (_simulator, owner) = demo().await;
    for (media, status) in [
        ("application/json", 201),
        ("text/json; charset=utf-8", 201),
        ("application/vnd.api+json", 201),
        ("text/plain", 415),
    ] {
        let line = format!("POST /v1/products/{SHOP}/tags");
        let response = owner.send(&line, &format!("content-type: {media}\r\n"), r#"{"name":"t"}"#).await;
        assert_eq!(response.status, status, "{media}");
    }
}

#[tokio::test]
async fn full_group_lists_no_environment_accesses() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/permissions");
    for access in ["full", "readOnly"] {
        let body =
            json!({ "name": access, "accessType": access, "approvalPermissionType": "canApproveOthers" });
        let group = owner.call(&line, body).await.with(201);
        assert_eq!(group["environmentAccesses"], json!([]), "{access}");
        assert_eq!(group["environmentApprovalPermissions"], json!([]), "{access}");
        let none = json!([{ "environmentId": TEST, "environmentAccessType": "none" }]);
        let path = format!("PUT /v1/permissions/{}", group["permissionGroupId"]);
        owner.call(&path, json!({ "environmentAccesses": none })).await.with(200);
    }
}

#[tokio::test]
async fn custom_group_has_only_the_named_accesses() {
    let (_simulator, owner) = demo().await;
    let accesses = |environment: &str| {
        json!({
            "name": "Administrators", "accessType": "custom", "newEnvironmentAccessType": "full",
            "environmentAccesses": [{ "environmentId": environment, "environmentAccessType": "readOnly" }],
        })
    };
    let line = format!("POST /v1/products/{SHOP}/permissions");
    // The product has a group of that name already.
    let group = owner.call(&line, accesses(TEST)).await.with(201);
    let of = |group: &Value| names(&group["environmentAccesses"], "environmentAccessType");
    assert_eq!(of(&group), ["readOnly", "none", "none"]);
    let path = format!("/v1/permissions/{}", group["permissionGroupId"]);
    let group = owner.call(&format!("PUT {path}"), accesses(STAGING)).await.with(200);
    assert_eq!(of(&group), ["none", "readOnly", "none"]);
    let line = format!("POST /v1/products/{SHOP}/environments");
    owner.call(&line, json!({ "name": "Later" })).await.with(201);
    assert_eq!(of(&owner.get(&path).await), ["none", "readOnly", "none", "full"]);
}

#[tokio::test]
async fn new_flag_copies_values_and_tags_of_another() {
    let (_simulator, owner) = demo().await;
    let source = owner.get(&format!("/v1/settings/{CHECKOUT}")).await;
    let body =
        json!({ "key": "copy", "name": "c", "settingType": "boolean", "settingIdToInitFrom": CHECKOUT });
    let copy = create(&owner, body.clone()).await.with(201);
    assert_eq!(names(&copy["tags"], "name"), names(&source["tags"], "name"));
    let id = copy["settingId"].as_i64().unwrap();
    for environment in [TEST, STAGING, PRODUCTION] {
        let path = |id: i64| format!("/v2/environments/{environment}/settings/{id}/value");
        let (one, other) = (owner.get(&path(id)).await, owner.get(&path(CHECKOUT)).await);
        assert_eq!(one["targetingRules"], other["targetingRules"]);
        assert_eq!(one["defaultValue"], other["defaultValue"]);
    }
    let mut both = body;
    both["key"] = "both".into();
    both["initialValues"] = json!([{ "environmentId": TEST, "value": true }]);
    refused(&create(&owner, both).await, "settingIdToInitFrom", "Only one of");
}

#[tokio::test]
async fn copied_flag_has_its_own_variations() {
    let (_simulator, owner) = demo().await;
    let variations = json!([{ "value": { "stringValue": "a" } }, { "value": { "stringValue": "b" } }]);
    let body =
        json!({ "key": "a", "name": "a", "settingType": "string", "predefinedVariations": variations });
    let first = create(&owner, body).await.with(201);
    let body = json!({ "key": "b", "name": "b", "settingType": "string", "settingIdToInitFrom": first["settingId"] });
    let second = create(&owner, body).await.with(201);
    let ids = |flag: &Value| names(&flag["predefinedVariations"], "predefinedVariationId");
    assert_eq!(ids(&second).len(), 2);
    assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
    let path = format!("/v2/environments/{TEST}/settings/{}/value", second["settingId"]);
    let value = owner.get(&path).await;
    assert_eq!(value["defaultValue"]["predefinedVariationId"].as_str(), Some(&*ids(&second)[0]));
}

#[tokio::test]
async fn variations_require_a_v2_config() {
    let (_simulator, owner) = demo().await;
    let variations = json!([{ "value": { "boolValue": true } }, { "value": { "boolValue": false } }]);
    let body =
        json!({ "key": "v", "name": "v", "settingType": "boolean", "predefinedVariations": variations });
    let line = format!("POST /v1/configs/{OLD_APP}/settings");
    refused(&owner.call(&line, body).await, "predefinedVariations", "Only V2 Configs");
    let line = format!("PUT /v1/settings/{DARK_MODE}/predefined-variations");
    let update = owner.call(&line, json!({ "predefinedVariations": variations })).await;
    refused(&update, "predefinedVariations", "Only V2 Configs");
}

#[tokio::test]
async fn variation_in_use_can_not_be_removed() {
    let (_simulator, owner) = demo().await;
    let variations = json!([{ "value": { "boolValue": true } }, { "value": { "boolValue": false } }]);
    let body =
        json!({ "key": "v", "name": "v", "settingType": "boolean", "predefinedVariations": variations });
    let flag = create(&owner, body).await.with(201);
    let line = format!("PUT /v1/settings/{}/predefined-variations", flag["settingId"]);
    let update = owner.call(&line, json!({ "predefinedVariations": [] })).await;
    refused(&update, "predefinedVariations", "Can not remove predefined variations");
}

/// The value, prerequisites and proposals of other flags refer to the new variations too.
#[tokio::test]
async fn first_variations_are_adopted_everywhere() {
    let (_simulator, owner) = demo().await;
    let made = create(&owner, json!({ "key": "a", "name": "a", "settingType": "string" })).await.with(201);
    let flag = made["settingId"].as_i64().unwrap();
    owner
        .call(&value("PUT", TEST, flag), json!({ "defaultValue": { "stringValue": "red" } }))
        .await
        .with(200);
    let needs = |text: &str| {
        json!({ "defaultValue": { "boolValue": true }, "targetingRules": [{
            "conditions": [{ "prerequisiteFlagCondition": {
                "prerequisiteSettingId": flag, "comparator": "equals", "prerequisiteComparisonValue": { "stringValue": text },
            } }],
            "value": { "boolValue": true },
        }] })
    };
    owner.call(&value("PUT", TEST, CHECKOUT), needs("green")).await.with(200);
    let line = format!("PUT /v1/settings/{flag}/predefined-variations");
    let variations = |texts: &[&str]| {
        let list: Vec<Value> = texts.iter().map(|text| json!({ "value": { "stringValue": text } })).collect();
        json!({ "predefinedVariations": list })
    };
    let refusal = owner.call(&line, variations(&["", "red"])).await;
    refused(&refusal, "predefinedVariations", "green is in use");
    owner.call(&line, variations(&["", "red", "green"])).await.with(200);
    let path = format!("/v2/environments/{TEST}/settings/{CHECKOUT}/value");
    let read = owner.get(&path).await;
    let compared = "/targetingRules/0/conditions/0/prerequisiteFlagCondition/prerequisiteComparisonValue";
    assert!(read.pointer(compared).unwrap()["predefinedVariationId"].is_string(), "{read}");
    owner.call(&value("PUT", TEST, CHECKOUT), read).await.with(200);
}

#[tokio::test]
async fn flag_without_a_required_hint_can_be_written_back() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/preferences");
    owner.call(&line, json!({ "mandatorySettingHint": true })).await.with(200);
    let path = format!("/v1/settings/{BANNER}");
    let read = owner.get(&path).await;
    assert_eq!(read["hint"], Value::Null);
    owner.call(&format!("PUT {path}"), json!({ "name": read["name"] })).await.with(200);
    owner.call(&format!("PATCH {path}"), patch("add", "/tags/-", json!(2001))).await.with(200);
    owner.call(&format!("PATCH {path}"), patch("replace", "/hint", json!("h"))).await.with(200);
    refused(
        &owner.call(&format!("PATCH {path}"), patch("replace", "/hint", json!(" "))).await,
        "hint",
        "requires a hint",
    );
}

#[tokio::test]
async fn change_requests_have_pages_of_25() {
    let (_simulator, owner) = demo().await;
    for number in 0..26 {
        let line = format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/change-requests");
        owner.call(&line, json!({ "title": format!("t{number}"), "proposedChanges": [] })).await.with(201);
    }
    let page = owner.get(&format!("/v2/products/{SHOP}/change-requests")).await;
    assert_eq!(page["changeRequests"]["data"].as_array().map(Vec::len), Some(25));
    let log = owner.get(&format!("/v2/products/{SHOP}/auditlogs")).await;
    assert_eq!(log["paging"]["pageSize"], 100);
}

#[tokio::test]
async fn cleanup_keeps_the_entries_about_the_environment() {
    let (_simulator, owner) = demo().await;
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let path = format!("/v2/products/{SHOP}/auditlogs?environmentId={TEST}");
    assert!(owner.get(&path).await["paging"]["totalCount"].as_i64() > Some(2));
    let line = format!("DELETE /v1/environments/{TEST}?cleanupAuditLogs=true");
    assert_eq!(owner.status(&line).await, 204);
    let kept = owner.get(&path).await;
    assert_eq!(names(&kept["data"], "auditLogTypeEnum"), ["environmentDeleted", "environmentCreated"]);
}

#[tokio::test]
async fn refused_values_are_explained_in_known_words() {
    let (_simulator, owner) = demo().await;
    let user = |comparator: &str, comparison: Value| {
        json!({ "conditions": [{ "userCondition": {
            "comparisonAttribute": "a", "comparator": comparator, "comparisonValue": comparison,
        } }], "value": { "boolValue": true } })
    };
    let needs = |id: i64, value: Value| {
        json!({ "conditions": [{ "prerequisiteFlagCondition": {
            "prerequisiteSettingId": id, "comparator": "equals", "prerequisiteComparisonValue": value,
        } }], "value": { "boolValue": true } })
    };
    let mut silent = user("isOneOf", json!({ "listValue": [{ "value": "x" }] }));
    silent["value"] = json!({});
    let mut half = user("isOneOf", json!({ "listValue": [{ "value": "x" }] }));
    half["value"] = Value::Null;
    half["percentageOptions"] = json!([{ "percentage": 100, "value": {} }]);
    let text = json!({ "stringValue": "1" });
    for (rule, property, message) in [
        (user("numberLess", text.clone()), "comparisonValue", "DoubleValue field must be set"),
        (user("isOneOf", text), "comparisonValue", "ListValue field must be set"),
        (user("textEquals", json!({ "doubleValue": 1 })), "comparisonValue", "StringValue field must be set"),
        (
            needs(CART, json!({ "boolValue": true })),
            "prerequisiteComparisonValue",
            "Invalid prerequisite value.",
        ),
        (needs(1, json!({ "boolValue": true })), "prerequisiteSettingId", "Prerequisite setting not found."),
        (silent, "value", "Invalid term value."),
        (half, "value", "Invalid percentage option value."),
    ] {
        let body = json!({ "defaultValue": { "boolValue": true }, "targetingRules": [rule] });
        refused(&owner.call(&value("PUT", TEST, CHECKOUT), body.clone()).await, property, message);
        // The same words in a batch, where the path is longer.
        let mut item = body;
        item["settingId"] = CHECKOUT.into();
        let line = format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/values");
        refused(&owner.call(&line, json!({ "updateFormulas": [item] })).await, property, message);
    }
}

#[tokio::test]
async fn cycle_is_shown_from_prerequisite_to_changed_flag() {
    let (_simulator, owner) = demo().await;
    let mut ids = Vec::new();
    for key in ["A", "B", "C"] {
        let made = create(&owner, json!({ "key": key, "name": key, "settingType": "boolean" })).await;
        ids.push(made.with(201)["settingId"].as_i64().unwrap());
    }
    let needs = |id: i64| {
        json!({ "defaultValue": { "boolValue": true }, "targetingRules": [{
            "conditions": [{ "prerequisiteFlagCondition": {
                "prerequisiteSettingId": id, "comparator": "equals", "prerequisiteComparisonValue": { "boolValue": true },
            } }],
            "value": { "boolValue": true },
        }] })
    };
    let put = async |from: usize, to: usize| owner.call(&value("PUT", TEST, ids[from]), needs(ids[to])).await;
    put(0, 1).await.with(200);
    refused(&put(1, 0).await, "targetingRules", "Circular dependency detected. A ➔ B\"");
    put(1, 2).await.with(200);
    refused(&put(2, 0).await, "targetingRules", "Circular dependency detected. A ➔ B ➔ C\"");
    refused(&put(2, 2).await, "targetingRules", "Circular dependency detected. C ➔ C\"");
}

#[tokio::test]
async fn other_refusals_are_explained_in_known_words() {
    let (_simulator, owner) = demo().await;
    let taken = create(&owner, json!({ "key": "newCheckout", "name": "x", "settingType": "boolean" })).await;
    refused(&taken, "key", "This key is already in use. Please, choose another");
    let production = value("PUT", PRODUCTION, CHECKOUT);
    refused(&owner.call(&production, off()).await, "reason", "Reason required");
    let reason = format!("{production}?reason=x");
    refused(&owner.call(&reason, off()).await, "bypassApproval", "Approval required.");
    let hooks = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    refused(&owner.call(&hooks, json!({ "url": "nowhere" })).await, "url", "Url is invalid");
    let group = json!({ "name": "g", "canDeleteConfig": true });
    let line = format!("POST /v1/products/{SHOP}/permissions");
    refused(&owner.call(&line, group).await, "canDeleteConfig", "CanDeleteConfig is not allowed without");
}

#[tokio::test]
async fn refused_integrations_are_explained_in_known_words() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/integrations");
    let mixpanel = json!({ "serviceAccountUserName": "u", "serviceAccountSecret": "s", "projectId": "p", "server": "x" });
    for (ty, parameters, message) in [
        ("slack", json!({ "incoming_webhook.url": "nowhere" }), "'incoming_webhook.url' is not a valid URL."),
        (
            "slack",
            json!({ "incoming_webhook.url": "https://test.example.com/hook" }),
            "'incoming_webhook.url' is not a valid Slack Incoming Webhook URL.",
        ),
        ("dataDog", json!({}), "apikey parameter is required"),
        ("dataDog", json!({ "apikey": "k", "site": "x" }), "'site' is invalid"),
        ("mixPanel", mixpanel, "'server' is invalid"),
        ("segment", json!({ "writeKey": "k", "server": "x" }), "'server' is invalid"),
    ] {
        let body = json!({
            "name": ty, "integrationType": ty, "parameters": parameters, "environmentIds": [], "configIds": [],
        });
        refused(&owner.call(&line, body).await, "parameters", message);
    }
}

#[tokio::test]
async fn flag_of_a_proposed_prerequisite_can_not_be_deleted() {
    let (simulator, owner) = demo().await;
    let condition = json!({ "prerequisiteFlagCondition": {
        "prerequisiteSettingId": CART, "comparator": "equals", "prerequisiteComparisonValue": { "intValue": 5 },
    } });
    let change = json!({
        "settingId": CHECKOUT, "defaultValue": { "boolValue": true },
        "targetingRules": [{ "conditions": [condition], "value": { "boolValue": true } }],
    });
    let line = format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/change-requests");
    let body = json!({ "title": "t", "proposedChanges": [{ "proposedChange": change }] });
    let request = owner.call(&line, body).await.with(201);
    assert_eq!(owner.status(&format!("DELETE /v1/settings/{CART}")).await, 400);
    let close = format!("POST /v2/change-requests/{}/close", request["changeRequestId"]);
    owner.call(&close, Value::Null).await.with(200);
    assert_eq!(owner.status(&format!("DELETE /v1/settings/{CART}")).await, 204);
    assert_restorable(&simulator).await;
}

async fn assert_restorable(simulator: &Simulator) {
    simulator.restore(simulator.snapshot()).await.unwrap();
}
