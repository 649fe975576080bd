//! Segments, webhooks, integrations, integration links, proxy profiles, code references and stale flags.

use crate::support::receiver::{header, receiver, verify, wait_for};
use crate::support::*;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn segment_in_use_cannot_be_deleted() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/segments");
    let body = |name: &str, comparator: &str, value: &str| json!({ "name": name, "comparisonAttribute": "a", "comparator": comparator, "comparisonValue": value });
    assert_eq!(
        owner.call(&line, body("Beta customers", "isOneOf", "x")).await.status,
        400,
        "the name is taken"
    );
    assert_eq!(owner.call(&line, body("n", "numberLess", "many")).await.status, 400, "not a number");
    let segment = owner.call(&line, body("n", "numberLess", "5")).await.with(201);
    let path = format!("/v1/segments/{}", segment["segmentId"].as_str().unwrap());
    let renamed = owner.call(&format!("PUT {path}"), json!({ "name": "Beta customers" })).await;
    assert_eq!(renamed.status, 400);
    let changed = owner.call(&format!("PUT {path}"), json!({ "description": "few" })).await.with(200);
    assert_eq!((&changed["name"], &changed["description"]), (&json!("n"), &json!("few")));
    let usage = |list: &Value, id: &str| {
        list.as_array().unwrap().iter().find(|s| s["segmentId"] == id).unwrap()["usage"].clone()
    };
    let list = owner.get(&format!("/v1/products/{SHOP}/segments")).await;
    assert_eq!((usage(&list, BETA), usage(&list, BIG_ORDERS)), (json!(1), json!(0)));
    assert_eq!(owner.status(&format!("DELETE /v1/segments/{BETA}")).await, 400);
    assert_eq!(owner.status(&format!("DELETE {path}")).await, 204);
    // V1 rules refer to segments too.
    let v1 = format!("PUT /v1/environments/{TEST}/settings/{DARK_MODE}/value");
    let rule = |extra: Value| {
        let mut rule = json!({ "value": true, "segmentId": BIG_ORDERS });
        rule.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({ "value": false, "rolloutRules": [rule] })
    };
    assert_eq!(owner.call(&v1, rule(json!({}))).await.status, 400, "the segment comparator is missing");
    let mixed = rule(json!({ "segmentComparator": "isIn", "comparisonAttribute": "a" }));
    assert_eq!(owner.call(&v1, mixed).await.status, 400);
    owner.call(&v1, rule(json!({ "segmentComparator": "isNotIn" }))).await.with(200);
    assert_eq!(owner.status(&format!("DELETE /v1/segments/{BIG_ORDERS}")).await, 400);
}

#[tokio::test]
async fn secure_webhook_header_is_never_returned() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    let header = |value: &str| json!([{ "key": "X-Token", "value": value, "isSecure": true }, { "key": "X-Plain", "value": "p" }]);
    for url in ["ftp://x/y", "shop.example", ""] {
        assert_eq!(owner.call(&line, json!({ "url": url })).await.status, 400, "{url}");
    }
    let body =
        json!({ "url": "http://localhost:1/a", "httpMethod": "post", "webHookHeaders": header("s3cret") });
    let webhook = owner.call(&line, body).await.with(201);
    let path = format!("/v1/webhooks/{}", webhook["webhookId"]);
    assert_eq!(webhook["webHookHeaders"][1], json!({ "key": "X-Plain", "value": "p", "isSecure": false }));
    let patched =
        owner.call(&format!("PATCH {path}"), patch("replace", "/content", json!("c"))).await.with(200);
    let tested =
        owner.call(&format!("PATCH {path}"), patch("test", "/webHookHeaders/0/value", json!("s3cret"))).await;
    assert_eq!(tested.status, 400, "a test operation must not reveal the value");
    assert!(tested.body.contains("[0]"), "the failing operation is named: {}", tested.body);
    for seen in
        [webhook, patched, owner.get(&path).await, owner.get(&format!("/v1/products/{SHOP}/webhooks")).await]
    {
        assert!(!seen.to_string().contains("s3cret"), "{seen}");
    }
    let replaced =
        owner.call(&format!("PUT {path}"), json!({ "url": "https://other.example" })).await.with(200);
    assert_eq!(
        (&replaced["httpMethod"], &replaced["content"], &replaced["webHookHeaders"]),
        (&json!("get"), &Value::Null, &json!([]))
    );
    let keys = owner.get(&format!("{path}/keys")).await;
    assert!(keys["key1"].as_str().unwrap().starts_with("configcat_whsk_") && keys["key2"].is_null());
    assert_eq!(owner.status(&format!("DELETE {path}")).await, 204);
    assert_eq!(owner.status(&format!("GET {path}/keys")).await, 404);
}

#[tokio::test]
async fn webhook_call_is_signed_and_retried() {
    let (simulator, owner) = demo().await;
    let (url, seen) = receiver(1).await;
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    let body = json!({
        "url": url, "httpMethod": "post", "content": "{\"in\":\"##EnvironmentName##\",\"by\":\"##ChangedBy##\"}",
        "webHookHeaders": [{ "key": "X-Token", "value": "s3cret", "isSecure": true }],
    });
    let webhook = owner.call(&line, body).await.with(201);
    let id = webhook["webhookId"].as_i64().unwrap();
    assert_eq!(owner.status(&format!("POST /__simulator/webhooks/{id}/second-key")).await, 204);
    let keys = owner.get(&format!("/v1/webhooks/{id}/keys")).await;
    // A write in another environment and a rejected write: neither calls the webhook.
    owner
        .call(&value("PUT", STAGING, BANNER), json!({ "defaultValue": { "stringValue": "x" } }))
        .await
        .with(200);
    owner.call(&value("PUT", TEST, BANNER), on()).await.with(400);
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let calls = wait_for(2, &seen).await;
    assert_eq!(calls.len(), 2, "one rejected, one accepted");
    let request = &calls[1];
    assert_eq!(request.split("\r\n\r\n").nth(1), Some("{\"in\":\"Test\",\"by\":\"Simulator User\"}"));
    assert_eq!(header(request, "x-token"), "s3cret");
    for key in ["key1", "key2"] {
        assert_eq!(verify(request, keys[key].as_str().unwrap()), Ok(()), "{key}");
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let log = simulator.webhook_deliveries();
    assert_eq!((log.len(), log[0].attempts, log[0].status), (1, 2, Some(200)));
    assert_eq!(owner.get("/__simulator/webhooks").await[0]["attempts"], 2);
}

#[tokio::test]
async fn due_change_is_applied_once_despite_rejected_calls() {
    let (simulator, owner) = demo().await;
    let (url, seen) = receiver(0).await;
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    owner.call(&line, json!({ "url": url, "httpMethod": "post", "content": "x" })).await.with(201);
    let soon: configcat_management::Timestamp =
        (std::time::SystemTime::now() + Duration::from_millis(200)).try_into().unwrap();
    let body = json!({ "title": "t", "applyAt": soon.to_string(), "proposedChanges": [
        { "proposedChange": { "settingId": CART, "defaultValue": { "intValue": 7 } } },
    ] });
    let line = format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/change-requests");
    let id = owner.call(&line, body).await.with(201)["changeRequestId"].clone();
    for _ in 0..60 {
        assert_eq!(owner.status("DELETE /v1/tags/999").await, 404);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(owner.get(&format!("/v2/change-requests/{id}")).await["changeRequestStatus"], "applied");
    assert_eq!(simulator.webhook_deliveries().len(), 1);
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn webhooks_call_only_this_machine_by_default() {
    let (simulator, owner) = demo().await;
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    owner.call(&line, json!({ "url": "http://hooks.shop.example/x" })).await.with(201);
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    for _ in 0..100 {
        if !simulator.webhook_deliveries().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let log = simulator.webhook_deliveries();
    assert_eq!((log[0].attempts, log[0].status), (0, None));
    assert!(log[0].error.as_ref().unwrap().contains("this machine"));
}

#[tokio::test]
async fn integration_requires_the_parameters_of_its_type() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/integrations");
    let body = |ty: &str, parameters: Value| json!({ "name": ty, "integrationType": ty, "parameters": parameters, "environmentIds": [TEST], "configIds": [] });
    for (ty, parameters) in [
        ("dataDog", json!({ "apikey": "k" })),
        ("slack", json!({ "incoming_webhook.url": "https://test.slack.com/hook" })),
        ("amplitude", json!({ "apiKey": "k", "secretKey": "s" })),
        ("mixPanel", json!({ "serviceAccountUserName": "u", "serviceAccountSecret": "s", "projectId": "p" })),
        ("segment", json!({ "writeKey": "k" })),
    ] {
        for name in parameters.as_object().unwrap().keys() {
            let mut less = parameters.clone();
            less.as_object_mut().unwrap().remove(name);
            let rejected = owner.call(&line, body(ty, less)).await;
            let message = rejected.with(400)["parameters"][0].as_str().unwrap().to_owned();
            assert_eq!(message, format!("{name} parameter is required."), "{ty}");
        }
        let integration = owner.call(&line, body(ty, parameters.clone())).await.with(201);
        assert_eq!(
            (&integration["parameters"], &integration["environmentIds"]),
            (&parameters, &json!([TEST]))
        );
    }
    let mut far = body("dataDog", json!({ "apikey": "k", "site": "Moon" }));
    assert_eq!(owner.call(&line, far.clone()).await.status, 400);
    far["parameters"]["site"] = "Eu".into();
    far["environmentIds"] = json!([INTERNAL]);
    assert_eq!(owner.call(&line, far).await.status, 400, "an environment of another product");
    let list = owner.get(&format!("/v1/products/{SHOP}/integrations")).await;
    assert_eq!(list["integrations"].as_array().unwrap().len(), 5);
    let path = format!("/v1/integrations/{}", list["integrations"][0]["integrationId"].as_str().unwrap());
    let update = json!({ "name": "n", "parameters": { "apikey": "z" }, "environmentIds": [], "configIds": [STOREFRONT] });
    let updated = owner.call(&format!("PUT {path}"), update).await.with(200);
    assert_eq!((&updated["name"], &updated["configIds"]), (&json!("n"), &json!([STOREFRONT])));
    // An integration for a single config is deleted with it; it must not apply to all configs.
    assert_eq!(owner.status(&format!("DELETE /v1/configs/{STOREFRONT}")).await, 204);
    assert_eq!(owner.status(&format!("GET {path}")).await, 404);
}

#[tokio::test]
async fn link_details_list_the_linked_flags() {
    let (simulator, owner) = demo().await;
    let link = |environment: &str, rest: &str| {
        format!("/v1/environments/{environment}/settings/{CHECKOUT}/integrationLinks/{rest}")
    };
    let body = json!({ "description": "a card", "url": "https://trello.example/c/1" });
    let first = owner.call(&format!("POST {}", link(TEST, "trello/card-1")), body).await.with(200);
    assert_eq!(first["integrationLinkType"], "trello");
    owner.call(&format!("POST {}", link(PRODUCTION, "trello/card-1")), Value::Null).await.with(200);
    let details = owner.get("/v1/integrationLink/trello/card-1/details").await;
    assert_eq!(
        (details["details"].as_array().unwrap().len(), &details["allIntegrationLinkCount"]),
        (2, &json!(2))
    );
    let linus = Caller::new(&simulator, "linus", "linus");
    let hidden = linus.get("/v1/integrationLink/trello/card-1/details").await;
    assert_eq!((&hidden["details"], &hidden["allIntegrationLinkCount"]), (&json!([]), &json!(2)));
    let value = owner.get(&format!("/v2/environments/{TEST}/settings/{CHECKOUT}/value")).await;
    assert_eq!(value["integrationLinks"][0]["key"], "card-1");
    let deleted = owner.call(&format!("DELETE {}", link(TEST, "trello/card-1")), Value::Null).await.with(200);
    assert_eq!(deleted["hasRemainingIntegrationLink"], true);
    let deleted =
        owner.call(&format!("DELETE {}", link(PRODUCTION, "trello/card-1")), Value::Null).await.with(200);
    assert_eq!(deleted["hasRemainingIntegrationLink"], false);
    assert_eq!(owner.status(&format!("DELETE {}", link(TEST, "trello/card-1"))).await, 404);
    let jira = json!({ "jiraJwtToken": "t", "clientKey": "k" });
    assert_eq!(owner.call("POST /v1/jira/connect", jira.clone()).await.status, 200);
    let line = format!("POST /v1/jira/environments/{TEST}/settings/{CHECKOUT}/integrationLinks/SHOP-7");
    assert_eq!(owner.call(&line, jira).await.with(200)["integrationLinkType"], "jira");
    assert_eq!(owner.status(&format!("POST {}", link(INTERNAL, "trello/card-1"))).await, 404);
}

#[tokio::test]
async fn code_reference_upload_replaces_its_branch() {
    let (_simulator, owner) = demo().await;
    let report = |branch: &str, settings: &[i64]| {
        let found: Vec<Value> = settings
            .iter()
            .map(|s| {
                json!({ "settingId": s, "references": [{
            "file": "a.rs", "referenceLine": { "lineNumber": 7, "lineText": "flag()" },
        }] })
            })
            .collect();
        json!({ "configId": STOREFRONT, "repository": "shop", "branch": branch, "flagReferences": found, "uploader": "ci" })
    };
    let upload = "POST /v1/code-references";
    assert_eq!(owner.call(upload, report("main", &[CHECKOUT, CART])).await.body, "");
    owner.call(upload, report("old", &[CHECKOUT])).await.with(200);
    assert_eq!(
        owner.call(upload, report("main", &[DARK_MODE])).await.status,
        400,
        "a flag of another config"
    );
    let path = format!("/v1/settings/{CHECKOUT}/code-references");
    let list = owner.get(&path).await;
    assert_eq!(
        (names(&list, "branch"), &list[0]["references"][0]["referenceLine"]["lineNumber"]),
        (vec!["main".into(), "old".into()], &json!(7))
    );
    owner.call(upload, report("main", &[CHECKOUT])).await.with(200);
    assert_eq!(
        owner.get(&format!("/v1/settings/{CART}/code-references")).await,
        json!([]),
        "no longer in main"
    );
    let mut active = report("main", &[CHECKOUT]);
    active["activeBranches"] = json!(["main"]);
    owner.call(upload, active).await.with(200);
    assert_eq!(
        names(&owner.get(&path).await, "branch"),
        ["main"],
        "reports of inactive branches are deleted"
    );
    let delete = json!({ "configId": STOREFRONT, "repository": "shop", "branch": "main" });
    owner.call("POST /v1/code-references/delete-reports", delete).await.with(200);
    assert_eq!(owner.get(&path).await, json!([]));
}

#[tokio::test]
async fn flags_become_stale_without_changes() {
    let (simulator, owner) = demo().await;
    let path = format!("/v1/products/{SHOP}/staleflags");
    assert_eq!(owner.get(&path).await["configs"], json!([]));
    simulator.advance_clock(Duration::from_secs(61 * 86_400)).await.unwrap();
    owner.call(&value("PUT", TEST, CHECKOUT), on()).await.with(200);
    let keys = |report: &Value| -> Vec<String> {
        report["configs"].as_array().unwrap().iter().flat_map(|c| names(&c["settings"], "key")).collect()
    };
    assert_eq!(keys(&owner.get(&path).await).len(), 6, "in any environment");
    let all = owner.get(&format!("{path}?staleFlagStaleInEnvironmentsType=staleInAllEnvironments")).await;
    assert!(!keys(&all).contains(&"newCheckout".to_owned()) && keys(&all).len() == 5);
    let ignoring = owner
        .get(&format!(
            "{path}?ignoredEnvironmentIds={STAGING}&ignoredEnvironmentIds={PRODUCTION}&ignoredTagIds=2003"
        ))
        .await;
    assert_eq!(ignoring["environments"].as_array().unwrap().len(), 1);
    assert!(
        !keys(&ignoring).contains(&"newCheckout".to_owned())
            && !keys(&ignoring).contains(&"maxItemsInCart".to_owned())
    );
    assert_eq!(owner.get(&format!("{path}?staleFlagAgeDays=90")).await["configs"], json!([]));
    assert_eq!(owner.get(&format!("{path}?scope=watchedByMe")).await["configs"], json!([]));
    assert_eq!(owner.status(&format!("GET {path}?staleFlagAgeDays=5")).await, 400);
}
