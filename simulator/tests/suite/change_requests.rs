//! Life cycle of change requests.

use crate::support::*;
use configcat_simulator::Simulator;
use serde_json::{Value, json};
use std::time::Duration;

fn proposal(setting: i64, value: Value) -> Value {
    json!({ "settingId": setting, "defaultValue": value })
}

fn change_request(proposals: Vec<Value>) -> Value {
    let proposals: Vec<Value> = proposals.into_iter().map(|p| json!({ "proposedChange": p })).collect();
    json!({ "title": "Turn it on", "reason": "it is time", "proposedChanges": proposals })
}

fn create(environment: &str) -> String {
    format!("POST /v2/configs/{STOREFRONT}/environments/{environment}/change-requests")
}

async fn open(owner: &Caller, environment: &str) -> (i64, Value) {
    let body = change_request(vec![proposal(CHECKOUT, json!({ "boolValue": true }))]);
    let request = owner.call(&create(environment), body).await.with(201);
    (request["changeRequestId"].as_i64().unwrap(), request)
}

fn at(id: i64, rest: &str) -> String {
    format!("/v2/change-requests/{id}{rest}")
}

async fn administrator(simulator: &Simulator) -> Caller {
    let body = json!({ "username": "boss", "password": "boss", "user": "boss@shop.example", "adminOf": [ORGANIZATION] });
    Caller::new(simulator, "simulator", "simulator")
        .call("POST /__simulator/credentials", body)
        .await
        .with(201);
    Caller::new(simulator, "boss", "boss")
}

#[tokio::test]
async fn change_request_is_opened_approved_and_applied() {
    let (simulator, owner) = demo().await;
    let (id, request) = open(&owner, PRODUCTION).await;
    assert_eq!(
        (&request["changeRequestStatus"], &request["approved"], &request["needsAttention"]),
        (&json!("open"), &json!(false), &json!(false),)
    );
    let change = &request["settingValues"][0];
    assert_eq!(change["settingKey"], "newCheckout");
    assert_eq!(change["originalEvaluationFormula"]["defaultValue"]["boolValue"], false);
    assert_eq!(change["proposedEvaluationFormula"]["defaultValue"]["boolValue"], true);
    let value = owner.get(&format!("/v2/environments/{PRODUCTION}/settings/{CHECKOUT}/value")).await;
    assert_eq!(
        (&value["changeRequestCount"], &value["defaultValue"]["boolValue"]),
        (&json!(1), &json!(false))
    );

    let unapproved = owner.call(&format!("POST {}", at(id, "/apply")), Value::Null).await;
    assert_eq!(unapproved.status, 400, "production requires an approval");
    let grace = Caller::new(&simulator, "grace", "grace");
    let approved = grace.call(&format!("POST {}", at(id, "/approve")), Value::Null).await.with(200);
    assert_eq!(
        (&approved["approved"], &approved["approvals"][0]["userEmail"]),
        (&json!(true), &json!("grace@shop.example"))
    );
    assert_eq!(
        grace.status(&format!("POST {}", at(id, "/approve"))).await,
        400,
        "a second approval by the same user"
    );
    assert_eq!(grace.status(&format!("POST {}", at(id, "/apply"))).await, 403, "grace has read-only access");
    let applied = owner.call(&format!("POST {}", at(id, "/apply")), Value::Null).await.with(200);
    assert_eq!(
        (&applied["changeRequestStatus"], &applied["appliedByUserEmail"]),
        (&json!("applied"), &json!("simulator@example.com"))
    );
    let value = owner.get(&format!("/v2/environments/{PRODUCTION}/settings/{CHECKOUT}/value")).await;
    assert_eq!(
        (&value["changeRequestCount"], &value["defaultValue"]["boolValue"]),
        (&json!(0), &json!(true))
    );
    for action in ["apply", "close", "approve", "claim-ownership"] {
        assert_eq!(
            owner.status(&format!("POST {}", at(id, &format!("/{action}")))).await,
            400,
            "{action} after the end"
        );
    }
    let log = owner.get(&format!("/v1/products/{SHOP}/auditlogs?environmentId={PRODUCTION}")).await;
    let types = names(&log, "auditLogTypeEnum");
    assert_eq!(
        types[..4],
        ["changeRequestApplied", "settingValueChanged", "changeRequestApproved", "changeRequestCreated"]
    );
    assert_eq!(log[1]["why"], "it is time");
}

#[tokio::test]
async fn later_write_is_a_conflict_until_resolved() {
    let (_simulator, owner) = demo().await;
    let (id, _) = open(&owner, TEST).await;
    let now = owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let request = owner.get(&at(id, "")).await;
    assert_eq!(
        (&request["needsAttention"], &request["settingValues"][0]["hasConflict"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        (&request["changeRequestIssues"][0]["issueType"], &request["changeRequestIssues"][0]["issueFixedAt"]),
        (&json!("settingConflict"), &Value::Null,)
    );
    assert_eq!(owner.status(&format!("POST {}", at(id, "/apply"))).await, 400);
    let listed =
        owner.get(&format!("/v2/products/{SHOP}/change-requests?needsAttentionFilter=needsAttention")).await;
    assert_eq!(
        (
            &listed["changeRequests"]["data"][0]["conflictCount"],
            &listed["changeRequests"]["paging"]["totalCount"]
        ),
        (&json!(1), &json!(1),)
    );

    let resolve = format!("POST {}", at(id, &format!("/proposed-changes/{CHECKOUT}/resolve-conflicts")));
    let with_version = |version: &Value| json!({ "proposedChange": { "settingId": CHECKOUT, "defaultValue": { "boolValue": true }, "latestVersionId": version } });
    let old = json!("00000000-0000-4000-8000-000000000000");
    assert_eq!(owner.call(&resolve, with_version(&old)).await.status, 409, "an outdated version");
    let request = owner.call(&resolve, with_version(&now["lastVersionId"])).await.with(200);
    assert_eq!(
        (&request["needsAttention"], &request["settingValues"][0]["hasConflict"]),
        (&json!(false), &json!(false))
    );
    assert!(request["changeRequestIssues"][0]["issueFixedAt"].is_string(), "the fixed issue stays listed");
    owner.call(&format!("POST {}", at(id, "/apply")), Value::Null).await.with(200);
}

#[tokio::test]
async fn changed_proposals_dismiss_approvals() {
    let (simulator, owner) = demo().await;
    let (id, _) = open(&owner, PRODUCTION).await;
    let grace = Caller::new(&simulator, "grace", "grace");
    grace.call(&format!("POST {}", at(id, "/approve")), Value::Null).await.with(200);
    let body = json!({ "proposedChanges": [proposal(CART, json!({ "intValue": 7 }))] });
    let request = owner.call(&format!("PUT {}", at(id, "/proposed-changes")), body).await.with(200);
    assert_eq!(
        (&request["approved"], request["settingValues"].as_array().unwrap().len()),
        (&json!(false), 2)
    );
    assert!(request["approvals"][0]["dismissedAt"].is_string());
    let one = owner.get(&at(id, &format!("/proposed-changes?settingId={CART}"))).await;
    assert_eq!(
        (
            one["proposedChanges"].as_array().unwrap().len(),
            &one["proposedChanges"][0]["defaultValue"]["intValue"]
        ),
        (1, &json!(7))
    );
    grace.call(&format!("POST {}", at(id, "/approve")), Value::Null).await.with(200);
    let request = grace.call(&format!("POST {}", at(id, "/remove-approval")), Value::Null).await.with(200);
    assert_eq!(request["approved"], false);
    assert_eq!(grace.status(&format!("POST {}", at(id, "/remove-approval"))).await, 400);
    let line = format!("DELETE {}", at(id, &format!("/proposed-changes/{CART}")));
    let request = owner.call(&line, Value::Null).await.with(200);
    assert_eq!(request["settingValues"].as_array().unwrap().len(), 1);
    assert_eq!(owner.status(&line).await, 404);
}

#[tokio::test]
async fn approval_requires_a_permission() {
    let (simulator, owner) = demo().await;
    let ada = Caller::new(&simulator, "ada", "ada");
    let (id, _) = open(&ada, TEST).await;
    assert_eq!(ada.status(&format!("POST {}", at(id, "/approve"))).await, 403, "developers may not approve");
    let group = json!({ "approvalPermissionType": "canApproveOthers" });
    owner.call(&format!("PUT /v1/permissions/{DEVELOPERS}"), group).await.with(200);
    assert_eq!(ada.status(&format!("POST {}", at(id, "/approve"))).await, 403, "her own change request");
    assert_eq!(owner.status(&format!("POST {}", at(id, "/approve"))).await, 200);
    let bypass = json!({ "title": "x", "bypassApproval": true });
    assert_eq!(ada.call(&format!("PUT {}", at(id, "")), bypass.clone()).await.status, 403);
    assert_eq!(
        ada.call(&create(PRODUCTION), json!({ "title": "x" })).await.status,
        403,
        "ada has read-only access to production"
    );
    owner.call(&format!("PUT {}", at(id, "")), bypass).await.with(200);
}

#[tokio::test]
async fn bypass_replaces_approval() {
    let (_simulator, owner) = demo().await;
    let mut body = change_request(vec![proposal(CHECKOUT, json!({ "boolValue": true }))]);
    body["bypassApproval"] = true.into();
    let request = owner.call(&create(PRODUCTION), body).await.with(201);
    let id = request["changeRequestId"].as_i64().unwrap();
    owner.call(&format!("POST {}", at(id, "/apply")), Value::Null).await.with(200);
}

#[tokio::test]
async fn change_request_is_applied_on_schedule() {
    let (simulator, owner) = demo().await;
    let start = simulator.freeze_clock(Some("2027-01-01T12:00:00Z".parse().unwrap())).await.unwrap();
    assert!(start.frozen);
    let mut body = change_request(vec![proposal(CART, json!({ "intValue": 7 }))]);
    body["applyAt"] = "2027-01-01T11:00:00Z".into();
    assert_eq!(owner.call(&create(TEST), body.clone()).await.status, 400, "in the past");
    body["applyAt"] = "2027-01-01T18:00:00Z".into();
    let id = owner.call(&create(TEST), body.clone()).await.with(201)["changeRequestId"].as_i64().unwrap();
    let scheduled = owner.get(&format!("/v2/products/{SHOP}/change-requests?scheduleFilter=scheduled")).await;
    assert_eq!(scheduled["changeRequests"]["paging"]["totalCount"], 1);
    simulator.advance_clock(Duration::from_secs(3 * 3600)).await.unwrap();
    assert_eq!(owner.get(&at(id, "")).await["changeRequestStatus"], "open");
    simulator.advance_clock(Duration::from_secs(4 * 3600)).await.unwrap();
    let request = owner.get(&at(id, "")).await;
    assert_eq!(
        (&request["changeRequestStatus"], &request["appliedAt"]),
        (&json!("applied"), &json!("2027-01-01T18:00:00Z"))
    );
    let log = owner
        .get(&format!("/v2/products/{SHOP}/auditlogs?auditLogType=changeRequestAppliedOnSchedule"))
        .await;
    assert_eq!(log["paging"]["totalCount"], 1);

    // A change request that cannot be applied stays open, with the reason.
    body["applyAt"] = "2027-01-02T18:00:00Z".into();
    let id = owner.call(&create(TEST), body).await.with(201)["changeRequestId"].as_i64().unwrap();
    let changed = json!({ "defaultValue": { "intValue": 8 } });
    owner.call(&value("PUT", TEST, CART), changed).await.with(200);
    simulator.advance_clock(Duration::from_secs(48 * 3600)).await.unwrap();
    let request = owner.get(&at(id, "")).await;
    let last = request["activities"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&request["changeRequestStatus"], &last["changeRequestActivityType"]),
        (&json!("open"), &json!("scheduledApplyFailed"))
    );
    assert!(last["error"].as_str().unwrap().contains("settingConflict"), "{last}");
}

#[tokio::test]
async fn schedule_is_applied_without_a_request() {
    let (simulator, owner) = demo().await;
    let soon: configcat_management::Timestamp =
        (std::time::SystemTime::now() + Duration::from_millis(700)).try_into().unwrap();
    let mut body = change_request(vec![proposal(CART, json!({ "intValue": 7 }))]);
    body["applyAt"] = soon.to_string().into();
    owner.call(&create(TEST), body).await.with(201);
    tokio::time::sleep(Duration::from_millis(1_800)).await;
    let applied = simulator.snapshot();
    let text = serde_json::to_string(&applied).unwrap();
    assert!(text.contains("changeRequestAppliedOnSchedule"), "not applied without a request");
}

#[tokio::test]
async fn orphaned_change_request_can_be_claimed() {
    let (simulator, owner) = demo().await;
    let boss = administrator(&simulator).await;
    let ada = Caller::new(&simulator, "ada", "ada");
    let (id, _) = open(&ada, TEST).await;
    owner.call(&format!("DELETE /v1/products/{SHOP}/members/user-ada"), Value::Null).await.with(204);
    let request = owner.get(&at(id, "")).await;
    assert_eq!(
        (&request["changeRequestIssues"][0]["issueType"], &request["needsAttention"]),
        (&json!("noOwner"), &json!(true))
    );
    let request = boss.call(&format!("POST {}", at(id, "/claim-ownership")), Value::Null).await.with(200);
    assert_eq!(request["needsAttention"], false);
    assert_eq!(
        request["activities"].as_array().unwrap().last().unwrap()["changeRequestActivityType"],
        "ownershipClaimed"
    );
    let closed = boss.call(&format!("POST {}", at(id, "/close")), Value::Null).await.with(200);
    assert_eq!(
        (&closed["changeRequestStatus"], &closed["closedByUserEmail"]),
        (&json!("closed"), &json!("boss@shop.example"))
    );
}

#[tokio::test]
async fn missing_reason_and_cycle_are_issues() {
    let (_simulator, owner) = demo().await;
    let mut body = change_request(vec![]);
    body["reason"] = Value::Null;
    let request = owner.call(&create(PRODUCTION), body).await.with(201);
    assert_eq!(request["changeRequestIssues"][0]["issueType"], "reasonRequired");
    let id = request["changeRequestId"].as_i64().unwrap();
    let request = owner
        .call(&format!("PUT {}", at(id, "")), json!({ "title": "x", "reason": "because" }))
        .await
        .with(200);
    assert_eq!(request["needsAttention"], false);

    let needs = |setting: i64| {
        json!([{ "conditions": [{ "prerequisiteFlagCondition": {
            "prerequisiteSettingId": setting, "comparator": "equals", "prerequisiteComparisonValue": { "boolValue": true }
        } }], "value": { "boolValue": true } }])
    };
    let mut change = proposal(CHECKOUT, json!({ "boolValue": false }));
    change["targetingRules"] = needs(DELIVERY);
    let id = owner.call(&create(TEST), change_request(vec![change])).await.with(201)["changeRequestId"]
        .as_i64()
        .unwrap();
    let other = json!({ "defaultValue": { "boolValue": false }, "targetingRules": needs(CHECKOUT) });
    owner.call(&value("PUT", TEST, DELIVERY), other).await.with(200);
    let request = owner.get(&at(id, "")).await;
    assert_eq!(request["changeRequestIssues"][0]["issueType"], "circularDependency");
}

#[tokio::test]
async fn comment_can_be_changed_only_by_its_author() {
    let (simulator, owner) = demo().await;
    let (id, _) = open(&owner, TEST).await;
    let grace = Caller::new(&simulator, "grace", "grace");
    let comment =
        grace.call(&format!("POST {}", at(id, "/comments")), json!({ "body": "why?" })).await.with(200);
    let line = format!("/v2/change-request-comments/{}", comment["changeRequestCommentId"]);
    assert_eq!(owner.call(&format!("PUT {line}"), json!({ "body": "x" })).await.status, 403);
    let edited = grace.call(&format!("PUT {line}"), json!({ "body": "why now?" })).await.with(200);
    assert!(edited["editedAt"].is_string());
    assert_eq!(owner.get(&at(id, "")).await["comments"][0]["body"], "why now?");
    assert_eq!(grace.status(&format!("DELETE {line}")).await, 204);
    assert_eq!(grace.status(&format!("DELETE {line}")).await, 404);
}

#[tokio::test]
async fn proposal_is_validated_like_a_value() {
    let (_simulator, owner) = demo().await;
    for bad in [
        proposal(CHECKOUT, json!({ "intValue": 1 })),
        proposal(DARK_MODE, json!({ "boolValue": true })),
        json!({ "defaultValue": { "boolValue": true } }),
    ] {
        let response = owner.call(&create(TEST), change_request(vec![bad.clone()])).await;
        assert_eq!(response.status, 400, "{bad}");
    }
    let old = format!("POST /v2/configs/{OLD_APP}/environments/{TEST}/change-requests");
    assert_eq!(owner.call(&old, json!({ "title": "x" })).await.status, 400, "a V1 config");
    let elsewhere = format!("POST /v2/configs/{STOREFRONT}/environments/{INTERNAL}/change-requests");
    assert_eq!(
        owner.call(&elsewhere, json!({ "title": "x" })).await.status,
        404,
        "an environment of another product"
    );
    let twice = change_request(vec![
        proposal(CART, json!({ "intValue": 1 })),
        proposal(CART, json!({ "intValue": 2 })),
    ]);
    assert_eq!(owner.call(&create(TEST), twice).await.status, 400);
}
