//! Rules for flags and their values, over HTTP.

use crate::http::{CONFIG, PRODUCT, TEST, call, start};
use serde_json::{Value, json};

fn value_line(setting: u32) -> String {
    format!("PUT /v2/environments/{TEST}/settings/{setting}/value")
}

fn prerequisite(setting: u32) -> Value {
    json!({ "defaultValue": { "boolValue": false }, "targetingRules": [{
        "conditions": [{ "prerequisiteFlagCondition": {
            "prerequisiteSettingId": setting, "comparator": "equals", "prerequisiteComparisonValue": { "boolValue": true }
        } }],
        "value": { "boolValue": true },
    }] })
}

#[tokio::test]
async fn prerequisite_cycle_is_rejected() {
    let simulator = start().await;
    assert_eq!(call(&simulator, &value_line(1), prerequisite(2)).await.status, 200);
    let response = call(&simulator, &value_line(2), prerequisite(1)).await;
    assert_eq!(response.status, 400);
    assert!(response.body.contains("Circular dependency"), "{}", response.body);
    assert_eq!(call(&simulator, &value_line(2), prerequisite(2)).await.status, 400);
    assert_eq!(
        call(&simulator, &value_line(1), prerequisite(3)).await.status,
        400,
        "the value is of another type"
    );
    assert_eq!(
        call(&simulator, &value_line(1), prerequisite(4)).await.status,
        400,
        "a flag of another config"
    );
    assert_eq!(
        call(&simulator, "DELETE /v1/settings/2", Value::Null).await.status,
        400,
        "another flag depends on it"
    );
    let read = call(&simulator, &format!("GET /v2/environments/{TEST}/settings/2/value"), Value::Null).await;
    assert_eq!(read.json()["settingIdsWherePrerequisite"], json!([1]));
    // A batch is validated as a whole.
    let mut batch = vec![prerequisite(2), prerequisite(1)];
    batch[0]["settingId"] = 1.into();
    batch[1]["settingId"] = 2.into();
    let line = format!("POST /v2/configs/{CONFIG}/environments/{TEST}/values");
    assert_eq!(call(&simulator, &line, json!({ "updateFormulas": batch })).await.status, 400);
}

#[tokio::test]
async fn invalid_formula_is_rejected_and_changes_nothing() {
    let simulator = start().await;
    let read = format!("GET /v2/environments/{TEST}/settings/1/value");
    let before = call(&simulator, &read, Value::Null).await.json();
    let on = json!({ "boolValue": true });
    let user = |comparator: &str, value: Value| {
        json!([{ "conditions": [{ "userCondition": {
            "comparisonAttribute": "a", "comparator": comparator, "comparisonValue": value
        } }], "value": on }])
    };
    let share = |percentage: u32| json!({ "percentage": percentage, "value": on });
    for (why, rules) in [
        ("a list comparator with a string", user("isOneOf", json!({ "stringValue": "x" }))),
        ("a string comparator with a list", user("textEquals", json!({ "listValue": [{ "value": "x" }] }))),
        ("a date comparator with a string", user("dateTimeBefore", json!({ "stringValue": "2020" }))),
        (
            "two types of comparison value",
            user("textEquals", json!({ "stringValue": "x", "doubleValue": 1 })),
        ),
        ("no comparison value", user("textEquals", json!({}))),
        ("an unknown comparator", user("isLike", json!({ "stringValue": "x" }))),
        ("an empty condition", json!([{ "conditions": [{}], "value": on }])),
        ("a value without a condition", json!([{ "conditions": [], "value": on }])),
        ("neither value nor options", json!([{ "conditions": [] }])),
        ("both value and options", json!([{ "percentageOptions": [share(100)], "value": on }])),
        ("percentages that do not add up", json!([{ "percentageOptions": [share(50), share(49)] }])),
        (
            "percentage options without conditions before the last rule",
            json!([{ "percentageOptions": [share(100)] }, { "percentageOptions": [share(100)] }]),
        ),
        (
            "a value of another type",
            json!([{ "percentageOptions": [{ "percentage": 100, "value": { "intValue": 1 } }] }]),
        ),
        (
            "an unknown segment",
            json!([{ "conditions": [{ "segmentCondition": { "segmentId": TEST, "comparator": "isIn" } }], "value": on }]),
        ),
    ] {
        let response =
            call(&simulator, &value_line(1), json!({ "defaultValue": on, "targetingRules": rules })).await;
        assert_eq!(response.status, 400, "{why}: {}", response.body);
        assert!(!response.json().as_object().unwrap().is_empty(), "{why}");
    }
    assert_eq!(call(&simulator, &read, Value::Null).await.json(), before);
}

#[tokio::test]
async fn batch_is_atomic_and_replaces_only_named_flags() {
    let simulator = start().await;
    let line = format!("POST /v2/configs/{CONFIG}/environments/{TEST}/values");
    let on = |id: u32, value: Value| json!({ "settingId": id, "defaultValue": value });
    let bad = json!({ "updateFormulas": [on(1, json!({ "boolValue": true })), on(3, json!({ "boolValue": true }))] });
    assert_eq!(call(&simulator, &line, bad).await.status, 400);
    let good = json!({ "updateFormulas": [on(2, json!({ "boolValue": true }))] });
    let response = call(&simulator, &line, good).await.json();
    let values: Vec<&Value> = response["settingFormulas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["defaultValue"]["boolValue"])
        .collect();
    assert_eq!(values, [&json!(false), &json!(true), &Value::Null]);
}

#[tokio::test]
async fn patch_is_atomic() {
    let simulator = start().await;
    let line = format!("PATCH /v2/environments/{TEST}/settings/1/value");
    let set = |path: &str, value: Value| json!({ "op": "replace", "path": path, "value": value });
    for (why, patch) in [
        (
            "a test that fails",
            json!([set("/defaultValue/boolValue", json!(true)), { "op": "test", "path": "/defaultValue/boolValue", "value": false }]),
        ),
        (
            "a path that does not exist",
            json!([set("/defaultValue/boolValue", json!(true)), { "op": "remove", "path": "/nothing" }]),
        ),
        ("a value of the wrong type", json!([set("/defaultValue/boolValue", json!("x"))])),
        ("an unknown operation", json!([{ "op": "unknown", "path": "/defaultValue" }])),
        ("a list index beyond the end", json!([{ "op": "add", "path": "/targetingRules/5", "value": {} }])),
    ] {
        let response = call(&simulator, &line, patch).await;
        assert_eq!(response.status, 400, "{why}: {}", response.body);
    }
    let read =
        call(&simulator, &format!("GET /v2/environments/{TEST}/settings/1/value"), Value::Null).await.json();
    assert_eq!((&read["defaultValue"]["boolValue"], &read["updatedAt"]), (&json!(false), &Value::Null));
    let response =
        call(&simulator, &line, json!([set("/percentageEvaluationAttribute", json!("Country"))])).await;
    assert_eq!(
        (response.status, &response.json()["percentageEvaluationAttribute"]),
        (200, &json!("Country"))
    );
}

#[tokio::test]
async fn required_reasons_and_approvals_are_enforced() {
    let simulator = start().await;
    let body = json!({ "defaultValue": { "boolValue": true } });
    let preferences = format!("POST /v1/products/{PRODUCT}/preferences");
    let input = json!({ "reasonRequiredEnvironments": [{ "environmentId": TEST, "reasonRequired": true }] });
    assert_eq!(call(&simulator, &preferences, input).await.status, 200);
    assert_eq!(call(&simulator, &value_line(1), body.clone()).await.status, 400);
    assert_eq!(
        call(&simulator, &format!("{}?reason=because", value_line(1)), body.clone()).await.status,
        200
    );
    assert_eq!(call(&simulator, &preferences, json!({ "approveRequired": true })).await.status, 200);
    let with_reason = format!("{}?reason=because", value_line(1));
    assert_eq!(call(&simulator, &with_reason, body.clone()).await.status, 400);
    assert_eq!(call(&simulator, &format!("{with_reason}&bypassApproval=true"), body).await.status, 200);
    let log = call(
        &simulator,
        &format!("GET /v2/products/{PRODUCT}/auditlogs?auditLogType=settingValueChanged"),
        Value::Null,
    )
    .await;
    let entries = log.json();
    assert_eq!(
        (&entries["paging"]["totalCount"], &entries["data"][0]["why"]),
        (&json!(2), &json!("because"))
    );
}

#[tokio::test]
async fn predefined_variations_in_use_cannot_be_removed() {
    let simulator = start().await;
    let line = "PUT /v1/settings/3/predefined-variations";
    let variations = |values: &[i32]| -> Value {
        json!({ "predefinedVariations": values.iter().map(|v| json!({ "value": { "intValue": v } })).collect::<Vec<_>>() })
    };
    assert_eq!(call(&simulator, line, variations(&[1, 2])).await.status, 400, "0 is in use but missing");
    let response = call(&simulator, line, variations(&[0, 1, 2])).await;
    assert_eq!(response.status, 200, "{}", response.body);
    let ids = response.json();
    let value = call(&simulator, &value_line(3), json!({ "defaultValue": { "intValue": 7 } })).await;
    assert_eq!(value.status, 400, "7 is not a predefined variation");
    let two = &ids["predefinedVariations"][2]["predefinedVariationId"];
    let value =
        call(&simulator, &value_line(3), json!({ "defaultValue": { "predefinedVariationId": two } })).await;
    assert_eq!((value.status, &value.json()["defaultValue"]["intValue"]), (200, &json!(2)));
    assert_eq!(call(&simulator, line, variations(&[0, 1])).await.status, 400, "2 is in use now");
}

#[tokio::test]
async fn v1_values_are_validated() {
    let simulator = start().await;
    let line = format!("PUT /v1/environments/{TEST}/settings/4/value");
    let share = |percentage: i64| json!({ "percentage": percentage, "value": 1.5 });
    for (status, body) in [
        (200, json!({ "value": 2 })),
        (400, json!({ "value": "2" })),
        (400, json!({ "value": 1, "rolloutPercentageItems": [share(40), share(50)] })),
        (200, json!({ "value": 1, "rolloutPercentageItems": [share(40), share(60)] })),
        (
            400,
            json!({ "value": 1, "rolloutRules": [{ "value": 1, "comparisonAttribute": "a", "comparator": "numberLess", "comparisonValue": "x" }] }),
        ),
        (
            200,
            json!({ "value": 1, "rolloutRules": [{ "value": 1, "comparisonAttribute": "a", "comparator": "contains", "comparisonValue": "x" }] }),
        ),
        (400, json!({ "value": 1, "rolloutRules": [{ "value": 1 }] })),
    ] {
        let response = call(&simulator, &line, body.clone()).await;
        assert_eq!(response.status, status, "{body}: {}", response.body);
    }
    let response =
        call(&simulator, &format!("GET /v2/environments/{TEST}/settings/4/value"), Value::Null).await;
    assert_eq!(response.status, 400, "a V1 config");
}
