//! Visibility and rights: members, groups, invitations, credentials.

use crate::support::*;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn invisible_resources_get_404() {
    let (simulator, _owner) = demo().await;
    let linus = Caller::new(&simulator, "linus", "linus");
    assert_eq!(names(&linus.get("/v1/organizations").await, "name"), ["Bakery next door"]);
    assert_eq!(names(&linus.get("/v1/products").await, "name"), ["Oven"]);
    for line in [
        format!("GET /v1/products/{SHOP}"),
        format!("GET /v1/organizations/{ORGANIZATION}/organization-limitations"),
        format!("GET /v1/configs/{STOREFRONT}/settings"),
        format!("GET /v1/settings/{CHECKOUT}"),
        format!("DELETE /v1/environments/{TEST}"),
        format!("GET /v1/segments/{BETA}"),
        format!("GET /v1/permissions/{DEVELOPERS}"),
        value("GET", TEST, CHECKOUT),
        "DELETE /v1/tags/2001".into(),
    ] {
        assert_eq!(linus.status(&line).await, 404, "{line}");
    }
    let upload = json!({ "configId": STOREFRONT, "repository": "r", "branch": "b" });
    assert_eq!(linus.call("POST /v1/code-references", upload).await.status, 404, "named in a body");
    let key = "X-CONFIGCAT-SDKKEY: configcat-sdk-1/DemoStorefrontTest00_1/DemoStorefrontTest00_2\r\n";
    assert_eq!(
        linus.send("GET /v2/settings/newCheckout/value", key, "").await.status,
        404,
        "found by SDK key"
    );
}

#[tokio::test]
async fn access_is_checked_per_environment() {
    let (simulator, owner) = demo().await;
    let ada = Caller::new(&simulator, "ada", "ada");
    ada.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let rejected = ada.call(&value("PUT", PRODUCTION, CHECKOUT), on()).await;
    assert_eq!(rejected.status, 403, "{}", rejected.body);
    assert_eq!(
        ada.get(&format!("/v2/environments/{PRODUCTION}/settings/{CHECKOUT}/value")).await["readOnly"],
        true
    );
    assert_eq!(
        ada.get(&format!("/v2/environments/{TEST}/settings/{CHECKOUT}/value")).await["readOnly"],
        false
    );
    let group = json!({ "environmentAccesses": [
        { "environmentId": TEST, "environmentAccessType": "full" },
        { "environmentId": STAGING, "environmentAccessType": "readOnly" },
    ] });
    owner.call(&format!("PUT /v1/permissions/{DEVELOPERS}"), group).await.with(200);
    assert_eq!(ada.status(&value("GET", PRODUCTION, CHECKOUT)).await, 404, "an environment without access");
    assert_eq!(
        names(&ada.get(&format!("/v1/products/{SHOP}/environments")).await, "name"),
        ["Test", "Staging"]
    );
    assert_eq!(owner.get(&format!("/v1/products/{SHOP}/environments")).await.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn writes_require_the_right() {
    let (simulator, owner) = demo().await;
    let grace = Caller::new(&simulator, "grace", "grace");
    let name = json!({ "name": "x" });
    let setting = json!({ "name": "x", "key": "x", "settingType": "boolean" });
    let segment =
        json!({ "name": "x", "comparisonAttribute": "a", "comparator": "isOneOf", "comparisonValue": "x" });
    let integration = json!({
        "name": "x", "integrationType": "dataDog", "parameters": { "apikey": "k" }, "environmentIds": [], "configIds": [],
    });
    for (line, body) in [
        (format!("POST /v1/organizations/{ORGANIZATION}/products"), name.clone()),
        (format!("DELETE /v1/products/{SHOP}"), Value::Null),
        (format!("POST /v1/products/{SHOP}/preferences"), json!({ "reasonRequired": true })),
        (format!("POST /v1/products/{SHOP}/configs"), name.clone()),
        (format!("DELETE /v1/configs/{STOREFRONT}"), Value::Null),
        (format!("POST /v1/products/{SHOP}/environments"), name.clone()),
        (format!("DELETE /v1/environments/{TEST}"), Value::Null),
        (format!("POST /v1/configs/{STOREFRONT}/settings"), setting),
        (format!("PATCH /v1/settings/{CHECKOUT}"), patch("replace", "/name", json!("x"))),
        (format!("DELETE /v1/settings/{CART}"), Value::Null),
        (format!("POST /v1/products/{SHOP}/tags"), name.clone()),
        ("DELETE /v1/tags/2001".into(), Value::Null),
        (format!("POST /v1/products/{SHOP}/segments"), segment),
        (format!("DELETE /v1/segments/{BIG_ORDERS}"), Value::Null),
        (format!("POST /v1/products/{SHOP}/permissions"), name),
        (
            format!("POST /v1/products/{SHOP}/members/invite"),
            json!({ "emails": ["x@y"], "permissionGroupId": MANAGERS }),
        ),
        (format!("GET /v1/products/{SHOP}/invitations"), Value::Null),
        (
            format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks"),
            json!({ "url": "http://localhost" }),
        ),
        (format!("POST /v1/products/{SHOP}/integrations"), integration),
        (format!("GET /v1/configs/{STOREFRONT}/environments/{TEST}"), Value::Null),
        (value("PUT", TEST, CHECKOUT), on()),
        (format!("GET /v1/organizations/{ORGANIZATION}/auditlogs"), Value::Null),
        (format!("GET /v1/organizations/{ORGANIZATION}/proxy-profiles"), Value::Null),
    ] {
        assert_eq!(grace.call(&line, body.clone()).await.status, 403, "{line}");
        let allowed = owner.call(&line, body).await;
        assert!(allowed.status < 300 || allowed.status == 404, "{line}: {} {}", allowed.status, allowed.body);
        if !line.starts_with("GET") {
            simulator.reset().await.unwrap();
        }
    }
}

#[tokio::test]
async fn tagging_a_flag_requires_only_the_tag_right() {
    let (simulator, owner) = demo().await;
    let ada = Caller::new(&simulator, "ada", "ada");
    let group = json!({ "canCreateOrUpdateSetting": false, "canDeleteSetting": false });
    owner.call(&format!("PUT /v1/permissions/{DEVELOPERS}"), group).await.with(200);
    let line = format!("PATCH /v1/settings/{CART}");
    ada.call(&line, patch("replace", "/tags", json!([2001, 2003]))).await.with(200);
    assert_eq!(ada.call(&line, patch("replace", "/name", json!("x"))).await.status, 403);
}

#[tokio::test]
async fn environment_accesses_require_custom_access() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/permissions");
    let accesses = json!([{ "environmentId": TEST, "environmentAccessType": "full" }]);
    let body = json!({ "name": "a", "accessType": "full", "environmentAccesses": accesses });
    let rejected = owner.call(&line, body).await;
    assert!(rejected.with(400)["environmentAccesses"].is_array());
    let body = json!({ "name": "a", "accessType": "custom", "newEnvironmentAccessType": "readOnly", "environmentAccesses": accesses });
    let group = owner.call(&line, body).await.with(201);
    let access = |environment: &str| {
        let all = group["environmentAccesses"].as_array().unwrap().clone();
        all.into_iter().find(|a| a["environmentId"] == environment).unwrap()["environmentAccessType"].clone()
    };
    assert_eq!((access(TEST), access(STAGING)), (json!("full"), json!("none")));
    // A new environment has the default access.
    owner.call(&format!("POST /v1/products/{SHOP}/environments"), json!({ "name": "New" })).await.with(201);
    let group = owner.get(&format!("/v1/permissions/{}", group["permissionGroupId"])).await;
    let new = group["environmentAccesses"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&new["name"], &new["environmentAccessType"]), (&json!("New"), &json!("readOnly")));
    let foreign = json!({ "name": "b", "environmentAccesses": [{ "environmentId": INTERNAL }] });
    assert_eq!(owner.call(&line, foreign).await.status, 400, "an environment of another product");
}

#[tokio::test]
async fn delete_permission_requires_change_permission() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/permissions");
    for what in ["Config", "Environment", "Setting", "Tag", "Segments"] {
        let mut body = json!({ "name": format!("group {what}") });
        body[format!("canDelete{what}")] = true.into();
        assert_eq!(owner.call(&line, body.clone()).await.status, 400, "{what}");
        body[format!("canCreateOrUpdate{what}")] = true.into();
        owner.call(&line, body).await.with(201);
    }
    let body = json!({ "canCreateOrUpdateTag": false });
    let before = owner.get(&format!("/v1/permissions/{DEVELOPERS}")).await;
    owner.call(&format!("PUT /v1/permissions/{DEVELOPERS}"), body).await.with(200);
    assert_eq!(before["canDeleteTag"], false);
}

#[tokio::test]
async fn member_is_invited_joins_moves_and_leaves() {
    let (simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/members/invite");
    let body =
        json!({ "emails": ["new@shop.example", "late@shop.example"], "permissionGroupId": DEVELOPERS });
    assert_eq!(owner.call(&line, body).await.body, "");
    let pending = owner.get(&format!("/v1/products/{SHOP}/invitations")).await;
    assert_eq!(
        (pending[0]["email"].as_str(), pending[0]["expired"].as_bool()),
        (Some("new@shop.example"), Some(false))
    );
    let all = owner.get(&format!("/v1/organizations/{ORGANIZATION}/invitations")).await;
    assert_eq!((all.as_array().unwrap().len(), &all[0]["productName"]), (2, &json!("Web Shop")));
    assert!(all[0]["expires"].as_str() > all[0]["createdAt"].as_str());

    let id = pending[0]["invitationId"].as_str().unwrap();
    let accepted = owner
        .call(&format!("POST /__simulator/invitations/{id}/accept"), json!({ "fullName": "Newcomer" }))
        .await;
    let user = accepted.with(200)["userId"].as_str().unwrap().to_owned();
    let members = owner.get(&format!("/v1/products/{SHOP}/members")).await;
    let new = members.as_array().unwrap().iter().find(|m| m["userId"] == user.as_str()).unwrap();
    assert_eq!((&new["fullName"], &new["permissionGroupId"]), (&json!("Newcomer"), &json!(DEVELOPERS)));

    let move_to = |groups: Value| json!({ "permissionGroupIds": groups });
    let member = format!("/v1/organizations/{ORGANIZATION}/members/{user}");
    let two = owner.call(&format!("POST {member}"), move_to(json!([DEVELOPERS, MANAGERS]))).await;
    assert_eq!(two.status, 400, "one group per product");
    owner.call(&format!("POST {member}"), move_to(json!([MANAGERS]))).await.with(200);
    let v2 = owner.get(&format!("/v2/organizations/{ORGANIZATION}/members")).await;
    let seen = v2["members"].as_array().unwrap().iter().find(|m| m["userId"] == user.as_str()).unwrap();
    assert_eq!(seen["permissions"][0]["permissionGroup"]["permissionGroupId"], MANAGERS);
    assert_eq!(
        (names(&v2["admins"], "email"), names(&v2["billingManagers"], "email")),
        (vec!["simulator@example.com".to_owned()], vec!["mary@shop.example".to_owned()],)
    );
    let group = format!("DELETE /v1/permissions/{MANAGERS}");
    assert_eq!(owner.status(&group).await, 400, "a group with members cannot be deleted");

    assert_eq!(owner.status(&format!("DELETE {member}")).await, 204);
    assert_eq!(owner.status(&format!("DELETE {member}")).await, 404);
    let last = format!("DELETE /v1/organizations/{ORGANIZATION}/members/simulator-user");
    assert_eq!(owner.status(&last).await, 400, "the last administrator");

    simulator.advance_clock(Duration::from_secs(8 * 86_400)).await.unwrap();
    let late = owner.get(&format!("/v1/products/{SHOP}/invitations")).await;
    assert_eq!((late.as_array().unwrap().len(), &late[0]["expired"]), (1, &json!(true)));
    let id = late[0]["invitationId"].as_str().unwrap();
    assert_eq!(owner.status(&format!("POST /__simulator/invitations/{id}/accept")).await, 400);
    assert_eq!(owner.status(&format!("DELETE /v1/invitations/{id}")).await, 204);
    assert_eq!(owner.status(&format!("DELETE /v1/invitations/{id}")).await, 404);
}

#[tokio::test]
async fn member_list_shows_only_visible_members() {
    let (simulator, owner) = demo().await;
    let path = format!("/v1/organizations/{ORGANIZATION}/members");
    assert_eq!(owner.get(&path).await.as_array().unwrap().len(), 4);
    let grace = Caller::new(&simulator, "grace", "grace");
    assert_eq!(
        names(&grace.get(&path).await, "email"),
        ["simulator@example.com"],
        "only administrators are visible"
    );
    let ada = Caller::new(&simulator, "ada", "ada");
    let seen = names(&ada.get(&path).await, "email");
    assert_eq!(seen.len(), 2, "also members of a product that ada manages: {seen:?}");
}

#[tokio::test]
async fn credentials_have_their_own_rate_limits() {
    let (simulator, owner) = demo().await;
    let grace = Caller::new(&simulator, "grace", "grace");
    let response = grace.call("GET /v1/me", Value::Null).await;
    assert_eq!(
        (response.header("x-rate-limit-remaining"), response.json()["email"].as_str()),
        (Some("99"), Some("grace@shop.example"))
    );
    assert_eq!(owner.call("GET /v1/me", Value::Null).await.header("x-rate-limit-remaining"), None);
    let body = json!({
        "username": "ci", "password": "a:b", "user": "ci@shop.example", "permissionGroupIds": [DEVELOPERS],
        "rateLimit": { "limit": 1, "windowSeconds": 60 },
    });
    owner.call("POST /__simulator/credentials", body).await.with(201);
    let ci = Caller::new(&simulator, "ci", "a:b");
    assert_eq!(ci.status("GET /v1/me").await, 200);
    assert_eq!(ci.status("GET /v1/me").await, 429);
    simulator.advance_clock(Duration::from_secs(60)).await.unwrap();
    assert_eq!(names(&ci.get("/v1/products").await, "name"), ["Web Shop"]);
    let listed = owner.get("/__simulator/credentials").await;
    assert!(!listed.to_string().contains("a:b"), "passwords are not listed");
    assert_eq!(owner.status("DELETE /__simulator/credentials/ci").await, 204);
    assert_eq!(ci.status("GET /v1/me").await, 401);
}
