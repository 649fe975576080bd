//! Seeds say everything that a state has, and refuse everything else.

use crate::support::shaken::{shaken, states};
use crate::support::*;
use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Number of random states.
const STATES: u64 = 20;

/// Returns the tables with the order of creation in place of the counters that state it.
fn comparable(simulator: &Simulator) -> Map<String, Value> {
    let mut snapshot = serde_json::to_value(simulator.snapshot()).unwrap();
    let Value::Object(mut tables) = snapshot["tables"].take() else { panic!("tables") };
    for (table, rows) in &mut tables {
        let rows = rows.as_array_mut().unwrap();
        rank(table, rows);
        if table == "permission_groups" {
            for group in rows {
                group["environments"]
                    .as_array_mut()
                    .unwrap()
                    .sort_by_key(|right| right["environment"].to_string());
            }
        }
    }
    tables.insert(
        "numbers".into(),
        json!([snapshot["meta"]["ids"]["number"], snapshot["meta"]["ids"]["audit"]]),
    );
    tables
}

/// Replaces the counter of each row by its rank among the rows of the same parent.
fn rank(table: &str, rows: &mut [Value]) {
    let parent = match table {
        "organizations" => "",
        "products" | "proxy_profiles" => "organization",
        "configs" | "environments" | "segments" | "invitations" | "integrations" => "product",
        "settings" => "config",
        "code_reports" => "setting",
        _ => return,
    };
    fn counter(row: &mut Value) -> &mut Value {
        if row.get("place").is_some() { &mut row["place"]["created"] } else { &mut row["created"] }
    }
    let mut counters: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for row in &mut *rows {
        let at = counter(row).as_u64().unwrap();
        counters.entry(row[parent].to_string()).or_default().push(at);
    }
    counters.values_mut().for_each(|list| list.sort_unstable());
    for row in rows {
        let at = counter(row).as_u64().unwrap();
        let position = counters[&row[parent].to_string()].binary_search(&at).unwrap();
        *counter(row) = position.into();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exported_seed_plants_the_same_state() {
    for number in states(STATES) {
        let scene = shaken(number).await;
        let seed = scene.simulator.export_seed();
        let json = Seed::from_json(&seed.to_json().unwrap()).unwrap();
        assert_eq!(json, seed, "RANDOM_SEED={number}");
        let yaml = Seed::from_yaml(&seed.to_yaml().unwrap()).unwrap();
        assert_eq!(yaml, seed, "RANDOM_SEED={number}");
        let planted = Simulator::builder().seed(yaml).start().await;
        let planted = planted.unwrap_or_else(|error| panic!("RANDOM_SEED={number}: {error}"));
        let (expected, found) = (comparable(&scene.simulator), comparable(&planted));
        for (table, rows) in &expected {
            let (rows, others) = (rows.as_array().unwrap(), found[table].as_array().unwrap());
            for (row, other) in rows.iter().zip(others) {
                assert_eq!(row, other, "RANDOM_SEED={number}: {table}");
            }
            assert_eq!(rows.len(), others.len(), "RANDOM_SEED={number}: {table}");
        }
        let again = planted.export_seed();
        let lines = |seed: &Seed| seed.to_json().unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
        for (line, other) in lines(&seed).iter().zip(&lines(&again)) {
            assert_eq!(line, other, "RANDOM_SEED={number}");
        }
        assert_eq!(again, seed, "RANDOM_SEED={number}");
        // It obeys the rules of snapshots too.
        planted.restore(planted.snapshot()).await.unwrap();
        planted.reset().await.unwrap();
        assert_eq!(planted.export_seed(), seed, "RANDOM_SEED={number}, after a reset");
    }
}

/// A seed with everything that a test may hard-code, as a user would write it.
const WRITTEN: &str = r#"
users:
  - { email: ann@example.com, fullName: Ann }
organizations:
  - organizationId: 10000000-0000-4000-8000-0000000000aa
    name: Written
    products:
      - productId: 20000000-0000-4000-8000-0000000000aa
        name: P
        order: 7
        keyGenerationMode: kebabCase
        showVariationId: true
        mandatorySettingHint: true
        environments:
          - { environmentId: 30000000-0000-4000-8000-0000000000aa, name: Test, order: 3 }
        firstPermissionGroup: { permissionGroupId: 11, name: Owners, canDisable2FA: false }
        permissionGroups:
          - { permissionGroupId: 12, name: Owners, environments: { Test: READONLY } }
        members: { ann@example.com: 12, simulator@example.com: null }
        invitations: [{ email: new@example.com, permissionGroup: 11 }]
        tags: [{ tagId: 21, name: old }]
        configs:
          - configId: 50000000-0000-4000-8000-0000000000aa
            name: C
            sdkKeys: { Test: { primary: configcat-sdk-1/1/1, secondary: configcat-sdk-1/2/2 } }
            webhooks:
              Test:
                - { webhookId: 31, url: "http://localhost/", signingKeys: { key1: configcat_whsk_a, key2: configcat_whsk_b } }
            settings:
              - settingId: 41
                key: f
                name: F
                settingType: string
                createdAt: 2020-01-01T00:00:00Z
                tags: [old]
                predefinedVariations:
                  - { predefinedVariationId: 70000000-0000-4000-8000-0000000000aa, value: { stringValue: a } }
                  - { predefinedVariationId: 70000000-0000-4000-8000-0000000000ab, value: { stringValue: b } }
                values: { Test: { defaultValue: { stringValue: b }, updatedAt: 2020-02-02T00:00:00Z } }
            deletedSettings: [{ key: gone, name: Gone, settingType: int }]
            changeRequests:
              - changeRequestId: 51
                environment: Test
                title: Change
                creatorUserEmail: ann@example.com
                proposedChanges: [{ settingKey: f, proposed: { defaultValue: { predefinedVariationId: 70000000-0000-4000-8000-0000000000aa } } }]
                comments: [{ body: Please. }]
        integrations:
          - { name: Slack, integrationType: SLACK, parameters: { incoming_webhook.url: "https://test.slack.com/hook" } }
    proxyProfiles:
      - { proxyProfileId: 60000000-0000-4000-8000-0000000000aa, name: Proxy, secret: s3cret }
    auditLog:
      - { auditLogId: 71, auditLogTypeEnum: productCreated, auditLogDateTime: 2020-01-01T00:00:00Z, why: Because., productId: 20000000-0000-4000-8000-0000000000aa }
"#;

/// What [`WRITTEN`] states: path of a resource, pointer to a field, and its value.
fn written(product: &str) -> Vec<(String, &'static str, Value)> {
    vec![
            (product.to_owned(), "/order", json!(7)),
            (format!("{product}/preferences"), "/keyGenerationMode", json!("kebabCase")),
            (format!("{product}/preferences"), "/mandatorySettingHint", json!(true)),
            (format!("{product}/environments"), "/0/order", json!(3)),
            ("/v1/permissions/11".into(), "/name", json!("Owners")),
            ("/v1/permissions/11".into(), "/canDisable2FA", json!(false)),
            ("/v1/permissions/11".into(), "/canManageMembers", json!(true)),
            (
                "/v1/permissions/12".into(),
                "/environmentAccesses/0/environmentAccessType",
                json!("readOnly"),
            ),
            (format!("{product}/members"), "/0/permissionGroupId", json!(12)),
            (format!("{product}/members"), "/1", Value::Null),
            (format!("{product}/invitations"), "/0/email", json!("new@example.com")),
            (
                "/v1/configs/50000000-0000-4000-8000-0000000000aa/environments/30000000-0000-4000-8000-0000000000aa"
                    .into(),
                "/secondary",
                json!("configcat-sdk-1/2/2"),
            ),
            ("/v1/webhooks/31/keys".into(), "/key2", json!("configcat_whsk_b")),
            ("/v1/settings/41".into(), "/createdAt", json!("2020-01-01T00:00:00Z")),
            ("/v1/settings/41".into(), "/predefinedVariations/1/predefinedVariationId", json!("70000000-0000-4000-8000-0000000000ab")),
            (
                "/v2/environments/30000000-0000-4000-8000-0000000000aa/settings/41/value".into(),
                "/defaultValue/predefinedVariationId",
                json!("70000000-0000-4000-8000-0000000000ab"),
            ),
            (
                format!("{product}/staleflags"),
                "/configs/0/settings/0/settingValues/0/updatedAt",
                json!("2020-02-02T00:00:00Z"),
            ),
            (
                "/v1/configs/50000000-0000-4000-8000-0000000000aa/deleted-settings".into(),
                "/0/key",
                json!("gone"),
            ),
            ("/v2/change-requests/51".into(), "/creatorUserFullName", json!("Ann")),
            ("/v2/change-requests/51".into(), "/comments/0/body", json!("Please.")),
            (format!("{product}/integrations"), "/integrations/0/integrationType", json!("slack")),
            (
                "/v1/organizations/10000000-0000-4000-8000-0000000000aa/proxy-profiles".into(),
                "/profiles/0/name",
                json!("Proxy"),
            ),
            (format!("{}/auditlogs", product.replace("v1", "v2")), "/data/0/auditLogId", json!(71)),
            (format!("{}/auditlogs", product.replace("v1", "v2")), "/paging/totalCount", json!(1)),
    ]
}

#[tokio::test]
async fn written_seed_states_what_tests_hard_code() {
    let seed = Seed::from_yaml(WRITTEN).unwrap();
    let simulator = Simulator::builder().seed(seed).start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    let product = "/v1/products/20000000-0000-4000-8000-0000000000aa";
    for _ in 0..2 {
        let read = async |path: &str, at: &str| {
            let response = owner.call(&format!("GET {path}"), Value::Null).await;
            assert_eq!(response.status, 200, "{path}: {}", response.body);
            response.json().pointer(at).cloned().unwrap_or_default()
        };
        for (path, at, expected) in written(product) {
            assert_eq!(read(&path, at).await, expected, "{path} {at}");
        }
        owner.call(&format!("PUT {product}"), json!({ "order": 9 })).await.with(200);
        owner.call("DELETE /v1/webhooks/31", Value::Null).await;
        simulator.reset().await.unwrap();
    }
}

#[test]
fn unknown_names_and_types_in_a_seed_are_reported() {
    for (from, to, expected) in [
        (
            "name: Written",
            "nmae: Written",
            "organizations[0].nmae: unknown field `nmae`, did you mean `name`?",
        ),
        ("name: old", "name: old, colour: red", "tags[0]: colour: unknown field, did you mean `color`?"),
        ("name: old", "name: [old]", "tags[0]: name: must be a string"),
        ("tagId: 21", "tagid: 21", "tags[0]: tagid: unknown field, did you mean `tagId`?"),
        ("canDisable2FA", "canDisable2fa", "canDisable2fa: unknown field, did you mean `canDisable2FA`?"),
        (
            "name: Owners, environments",
            "name: Owners, access_type: full, environments",
            "permissionGroups[0]: access_type: unknown field, did you mean `accessType`?",
        ),
        ("url:", "uri:", "webhooks.Test[0]: uri: unknown field, did you mean `url`?"),
        ("secret: s3cret", "secrets: s3cret", "secrets: unknown field, did you mean `secret`?"),
        ("settingType: int", "settingtype: int", "unknown field `settingtype`, did you mean `settingType`?"),
        ("settingType: int", "settingType: inn", "unknown value `inn`, did you mean `int`?"),
        ("kebabCase", "kebabCas", "unknown value `kebabCas`, did you mean `kebabCase`?"),
        ("productCreated", "productMade", "unknown value `productMade`"),
        ("secondary: configcat-sdk-1/2/2", "second: x", "unknown field `second`"),
        (
            "tags: [old]",
            "tags: [{ tag: old, settingTag: 1 }]",
            "unknown field `settingTag`, did you mean `settingTagId`?",
        ),
    ] {
        assert!(WRITTEN.contains(from), "{from}");
        let error = Seed::from_yaml(&WRITTEN.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
}

#[tokio::test]
async fn broken_rules_in_a_seed_are_reported_with_their_place() {
    for (from, to, expected) in [
        (
            "{ defaultValue: { stringValue: b }",
            "{ defaultvalue: 1, defaultValue: { stringValue: b }",
            "settings[0].values.Test.defaultvalue: unknown field, did you mean `defaultValue`?",
        ),
        (
            "12, simulator",
            "13, simulator",
            "members.ann@example.com.group: The product has no permission group 13.",
        ),
        ("ann@example.com: 12", "ann@example.com: Owners", "Several groups are named Owners: use a number."),
        (
            "members: { ann",
            "members: { ANN@example.com: 11, ann",
            "members.ann@example.com: The user is named twice.",
        ),
        ("simulator@example.com: null", "ANN@example.com: null", "Only the creator of the product"),
        (
            "values: { Test:",
            "values: { 30000000-0000-4000-8000-0000000000aa: a, Test:",
            "The environment is named twice.",
        ),
        ("tags: [old]", "tags: [old, 21]", "tags[1]: The tag or its number is there twice."),
        ("email: new@example.com", "email: new", "invitations[0].email: 'new' is not an e-mail address."),
        ("[{ body: Please. }]", "[{ body: ' ' }]", "changeRequests[0].comments[0].body"),
        ("secret: s3cret", "secret: ''", "proxyProfiles[0].secret: It must not be empty."),
        (
            "title: Change",
            "title: Change\n                activities: [{ id: 9, type: created }, { id: 9, type: created }]",
            "changeRequests[0].activities: The number 9 is used twice.",
        ),
        (
            "proposed: {",
            "original: { defaultValue: { stringValue: a }, targetingRules: [{ condition: [] }] }, proposed: {",
            "original.targetingRules[0].condition: unknown field, did you mean `conditions`?",
        ),
        (
            "primary: configcat-sdk-1/1/1",
            "primary: configcat-sdk-1/2/2",
            "sdkKeys.Test: The key already exists.",
        ),
        (
            "configId: 50000000-0000-4000-8000-0000000000aa",
            "configId: c",
            "configs[0].configId: It must be a UUID, not 'c'.",
        ),
        ("settingKey: f", "settingKey: g", "changeRequests[0].proposedChanges[0].settingKey"),
        ("https://test.slack.com/hook", "https://example.com", "is not a valid Slack Incoming Webhook URL."),
    ] {
        assert!(WRITTEN.contains(from), "{from}");
        let seed = Seed::from_yaml(&WRITTEN.replacen(from, to, 1)).unwrap();
        let error = Simulator::builder().seed(seed).start().await.unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
}

#[tokio::test]
async fn secrets_of_a_seed_are_not_in_its_debug_output() {
    let seed = Seed::from_yaml(WRITTEN).unwrap();
    let shown = format!("{seed:?}");
    for secret in ["s3cret", "configcat_whsk_a", "configcat-sdk-1", "test.slack.com/hook"] {
        assert!(WRITTEN.contains(secret) && !shown.contains(secret), "{secret}: {shown}");
    }
}

#[tokio::test]
async fn circular_change_request_can_be_exported() {
    let (simulator, owner) = demo().await;
    let needs = |id: i64| {
        json!({ "defaultValue": { "boolValue": true }, "targetingRules": [{
            "conditions": [{ "prerequisiteFlagCondition": {
                "prerequisiteSettingId": id, "comparator": "equals", "prerequisiteComparisonValue": { "boolValue": true },
            } }],
            "value": { "boolValue": true },
        }] })
    };
    let mut change = needs(DELIVERY);
    change["settingId"] = CHECKOUT.into();
    let line = format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/change-requests");
    let body = json!({ "title": "t", "proposedChanges": [{ "proposedChange": change }] });
    let request = owner.call(&line, body).await.with(201);
    owner.call(&value("PUT", TEST, DELIVERY), needs(CHECKOUT)).await.with(200);
    let path = format!("/v2/change-requests/{}", request["changeRequestId"]);
    let issues = owner.get(&path).await["changeRequestIssues"].to_string();
    assert!(issues.contains("circularDependency"), "{issues}");
    let planted = Simulator::builder().seed(simulator.export_seed()).start().await.unwrap();
    assert_eq!(planted.export_seed(), simulator.export_seed());
}
