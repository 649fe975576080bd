//! Support for tests: faults, journal, snapshots, seeds, and the pages for browsers.

use crate::support::*;
use configcat_simulator::seed::Seed;
use configcat_simulator::state::snapshot::Snapshot;
use configcat_simulator::testing::faults::Fault;
use configcat_simulator::testing::journal::{Expectation, Query};
use configcat_simulator::{RateLimit, ResetFormat, Simulator};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn fault(owner: &Caller, fault: Value) {
    owner.call("POST /__simulator/faults", fault).await.with(201);
}

#[tokio::test]
async fn fault_status_replaces_the_operation() {
    let (_simulator, owner) = demo().await;
    fault(&owner, json!({ "operation": "create-tag", "times": 2, "status": 503, "retryAfter": 3, "body": { "x": [1] } })).await;
    let line = format!("POST /v1/products/{SHOP}/tags");
    for _ in 0..2 {
        let response = owner.call(&line, json!({ "name": "t" })).await;
        assert_eq!(
            (response.status, response.header("retry-after"), response.json()),
            (503, Some("3"), json!({ "x": [1] }))
        );
    }
    owner.call(&line, json!({ "name": "t" })).await.with(201);
    assert_eq!(
        owner.get(&format!("/v1/products/{SHOP}/tags")).await.as_array().unwrap().len(),
        4,
        "created exactly once"
    );
    let report = owner.get("/__simulator/faults").await;
    assert_eq!((&report[0]["met"], &report[0]["happened"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn reset_fault_applies_before_or_after_the_write() {
    for (when, made) in [("before", 3), ("after", 4)] {
        let (_simulator, owner) = demo().await;
        fault(&owner, json!({ "method": "POST", "path": "/v1/*", "times": 1, "reset": when })).await;
        let line = format!("POST /v1/products/{SHOP}/tags");
        let headers = "content-type: application/json\r\n";
        assert!(owner.try_send(&line, headers, "{\"name\":\"t\"}").await.is_none(), "{when}");
        let tags = owner.get(&format!("/v1/products/{SHOP}/tags")).await;
        assert_eq!(tags.as_array().unwrap().len(), made, "{when}");
    }
}

#[tokio::test]
async fn response_faults_alter_or_delay_the_response() {
    let (_simulator, owner) = demo().await;
    fault(&owner, json!({ "id": "cut", "path": "/v1/me", "times": 1, "cutBodyAt": 5 })).await;
    let response = owner.send("GET /v1/me", "", "").await;
    assert_eq!(response.body.len(), 5);
    assert!(
        response.header("content-length").unwrap().parse::<usize>().unwrap() > 5,
        "content-length must be that of the whole body"
    );
    fault(&owner, json!({ "path": "/v1/me", "times": 1, "badJson": true })).await;
    let response = owner.send("GET /v1/me", "", "").await;
    assert!(response.status == 200 && serde_json::from_str::<Value>(&response.body).is_err());
    fault(&owner, json!({ "path": "/v1/me", "times": 1, "contentType": "text/html" })).await;
    assert_eq!(owner.send("GET /v1/me", "", "").await.header("content-type"), Some("text/html"));
    fault(&owner, json!({ "path": "/v1/me", "times": 1, "delayMs": 200 })).await;
    let start = Instant::now();
    assert_eq!(owner.status("GET /v1/me").await, 200);
    assert!(start.elapsed() >= Duration::from_millis(200));
    assert_eq!(owner.status("DELETE /__simulator/faults/cut").await, 204);
    assert_eq!(owner.status("DELETE /__simulator/faults/cut").await, 404);
    for bad in [json!({ "probability": 2 }), json!({ "status": 42 }), json!({ "statu": 500 })] {
        assert_eq!(owner.call("POST /__simulator/faults", bad).await.status, 400);
    }
}

#[tokio::test]
async fn probability_fault_fails_some_requests_with_429() {
    let (simulator, owner) = demo().await;
    let storm = Fault {
        status: Some(429),
        retry_after: Some(1),
        probability: Some(0.5),
        seed: Some(1),
        ..Fault::default()
    };
    simulator.add_fault(storm).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(owner.status("GET /v1/me").await);
    }
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    simulator.clear_faults();
    assert_eq!(owner.status("GET /v1/me").await, 200);
}

#[tokio::test]
async fn journal_records_filters_and_verifies_calls() {
    let (simulator, owner) = demo().await;
    owner.call(&format!("POST /v1/products/{SHOP}/tags"), json!({ "name": "t" })).await.with(201);
    owner.get("/v1/me").await;
    assert_eq!(owner.status("GET /v1/products/x?a=b").await, 400);
    let anonymous = Caller { basic: String::new(), ..owner.clone() };
    assert_eq!(anonymous.status("GET /v1/me").await, 401);
    let all = owner.get("/__simulator/journal").await;
    assert_eq!(all.as_array().unwrap().len(), 4, "the journal excludes admin calls");
    let tag = &all[0];
    assert_eq!(
        (
            &tag["operation"],
            &tag["requestBody"],
            &tag["status"],
            &tag["responseBody"]["name"],
            &tag["credential"]
        ),
        (&json!("tags.create"), &json!({ "name": "t" }), &json!(201), &json!("t"), &json!("simulator"),)
    );
    assert!(!all.to_string().to_lowercase().contains("authorization"), "the journal contains credentials");
    assert_eq!((&all[2]["query"], &all[3]["credential"]), (&json!("a=b"), &Value::Null));
    assert_eq!(owner.get("/__simulator/journal/count?operation=get-me").await["count"], 2);
    assert_eq!(owner.get("/__simulator/journal?status=401&limit=1").await[0]["id"], 4);
    assert_eq!(owner.status("GET /__simulator/journal?colour=red").await, 400);
    let verify = "POST /__simulator/journal/verify";
    owner.call(verify, json!({ "calls": { "operation": "tags.*" }, "times": 1 })).await.with(200);
    let wrong = owner.call(verify, json!({ "calls": { "path": "/v1/me" }, "atLeast": 3 })).await;
    assert!(wrong.with(409)["calls"][0].as_str().unwrap().contains("at least 3"), "{}", wrong.body);
    let expected = Expectation {
        calls: Query { status: Some(400), ..Query::default() },
        at_most: Some(1),
        ..Expectation::default()
    };
    assert_eq!(simulator.verify(&expected), Ok(1));
    assert_eq!(owner.status("DELETE /__simulator/journal").await, 204);
    assert!(simulator.journal(&Query::default()).is_empty());
}

#[tokio::test]
async fn snapshot_restores_the_whole_state() {
    let (simulator, owner) = demo().await;
    let request = json!({ "title": "t", "proposedChanges": [{ "proposedChange": { "settingId": CART, "defaultValue": { "intValue": 9 } } }] });
    owner
        .call(&format!("POST /v2/configs/{STOREFRONT}/environments/{TEST}/change-requests"), request)
        .await
        .with(201);
    let reads = [
        "/v1/products".to_owned(),
        format!("/v2/configs/{STOREFRONT}/environments/{STAGING}/values"),
        format!("/v1/products/{SHOP}/auditlogs"),
        format!("/v2/products/{SHOP}/change-requests"),
        format!("/v1/products/{SHOP}/permissions"),
    ];
    let mut before = Vec::new();
    for path in &reads {
        before.push(owner.get(path).await);
    }
    let document = owner.get("/__simulator/snapshot").await;
    assert_eq!(document["format"], 1);
    owner.call(&format!("DELETE /v1/products/{SHOP}"), Value::Null).await.with(204);
    assert_eq!(owner.call("PUT /__simulator/snapshot", document.clone()).await.status, 204);
    for (path, before) in reads.iter().zip(before) {
        assert_eq!(owner.get(path).await, before, "{path}");
    }
    // Restore it into another simulator, and take a snapshot there.
    let other = Simulator::builder().start().await.unwrap();
    other.restore(Snapshot::from_json(document.to_string().as_bytes()).unwrap()).await.unwrap();
    assert_eq!(serde_json::to_value(other.snapshot()).unwrap(), document);
    let mut broken = document;
    broken["tables"]["tags"][0]["name"] = json!(7);
    let rejected = owner.call("PUT /__simulator/snapshot", broken).await;
    assert!(rejected.status == 400 && rejected.body.contains("tables.tags[0].name"), "{}", rejected.body);
    assert_eq!(
        owner.get("/v1/products").await.as_array().unwrap().len(),
        2,
        "a rejected snapshot must change nothing"
    );
    simulator.reset().await.unwrap();
    assert_eq!(
        owner.get(&format!("/v2/products/{SHOP}/change-requests")).await["changeRequests"]["paging"]["totalCount"],
        0
    );
}

#[tokio::test]
async fn invalid_seed_is_rejected_with_the_path_of_the_error() {
    let (_simulator, owner) = demo().await;
    let product = |more: Value| {
        let mut product = json!({ "name": "P", "environments": [{ "name": "E" }] });
        product.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "organizations": [{ "name": "O", "products": [product] }] })
    };
    let flag = |values: Value| json!([{ "name": "C", "settings": [{ "key": "k", "name": "K", "settingType": "boolean", "values": values }] }]);
    for (seed, path) in [
        (
            product(json!({ "configs": flag(json!({ "E": 7 })) })),
            "organizations[0].products[0].configs[0].settings[0].values.E",
        ),
        (product(json!({ "configs": flag(json!({ "Elsewhere": true })) })), "values.Elsewhere"),
        (product(json!({ "members": { "nobody@x": "Administrators" } })), "members.nobody@x"),
        (
            product(
                json!({ "segments": [{ "name": "s", "comparisonAttribute": "a", "comparator": "numberLess", "comparisonValue": "x" }] }),
            ),
            "segments[0].comparisonValue",
        ),
        (product(json!({ "color": "red" })), "organizations[0].products[0].color"),
        (
            json!({ "credentials": [{ "username": "a:b", "password": "", "user": "simulator@example.com" }] }),
            "credentials[0].username",
        ),
    ] {
        let response = owner.call("POST /__simulator/seed", seed).await;
        assert!(
            response.status == 400 && response.body.contains(path),
            "{path}: {} {}",
            response.status,
            response.body
        );
    }
    assert_eq!(
        owner.get("/v1/organizations").await.as_array().unwrap().len(),
        1,
        "a rejected seed must change nothing"
    );
    owner
        .call("POST /__simulator/seed", product(json!({ "configs": flag(json!({ "E": true })) })))
        .await
        .with(204);
    assert_eq!(owner.get("/v1/organizations").await.as_array().unwrap().len(), 2);
    let error = Seed::from_yaml("organizations:\n  - name: [x]\n").unwrap_err().to_string();
    assert!(error.contains("organizations[0].name"), "{error}");
    let error = Seed::from_yaml("organizations:\n  - name: \"x\n").unwrap_err().to_string();
    assert!(error.contains("line"), "{error}");
}

#[tokio::test]
async fn default_seed_is_the_empty_seed() {
    let shipped = Seed::from_yaml(include_str!("../../seeds/empty.yaml")).unwrap();
    assert_eq!(shipped.organizations[0].name, Seed::empty().organizations[0].name);
    assert!(shipped.organizations[0].products.is_empty());
}

#[tokio::test]
async fn disabled_admin_path_responds_404() {
    let (_simulator, owner) = start(Simulator::builder().admin(false).journal(0)).await;
    for line in ["GET /__simulator/health", "POST /__simulator/reset", "GET /__simulator/snapshot"] {
        assert_eq!(owner.status(line).await, 404, "{line}");
    }
}

#[tokio::test]
async fn swagger_ui_and_openapi_document_are_served() {
    let (_simulator, owner) = demo().await;
    let anonymous = Caller { basic: String::new(), ..owner };
    assert_eq!(
        anonymous.call("GET /swagger/index.html", Value::Null).await.header("location"),
        Some("/swagger")
    );
    let page = anonymous.call("GET /swagger", Value::Null).await;
    assert!(page.status == 200 && page.body.contains("/swagger/v1/swagger.json"), "{}", page.body);
    assert!(
        !page.body.contains("//cdn") && !page.body.contains("https://"),
        "the page must not load anything from other hosts"
    );
    for file in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        assert!(
            anonymous.call(&format!("GET /swagger/{file}"), Value::Null).await.body.len() > 10_000,
            "{file}"
        );
    }
    let spec = anonymous.get("/swagger/v1/swagger.json").await;
    assert_eq!(spec["servers"], json!([{ "url": "http://localhost" }]));
    let operations: usize = spec["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|item| {
            ["get", "put", "post", "patch", "delete"].iter().filter(|m| item.get(**m).is_some()).count()
        })
        .sum();
    assert_eq!(operations, configcat_management::operations::ALL.len());
}

#[tokio::test]
async fn rate_limit_reset_has_the_configured_format() {
    let limit = RateLimit { limit: 5, window: Duration::from_secs(60) };
    let (_simulator, owner) =
        start(Simulator::builder().rate_limit(limit).rate_limit_reset(ResetFormat::SecondsFromNow)).await;
    assert_eq!(owner.call("GET /v1/me", Value::Null).await.header("x-rate-limit-reset"), Some("60"));
}

#[tokio::test]
async fn hal_is_returned_if_accepted() {
    let (_simulator, owner) = demo().await;
    let accept = "accept: application/hal+json\r\n";
    for path in [
        "/v1/organizations".to_owned(),
        "/v1/products".into(),
        format!("/v1/products/{SHOP}"),
        format!("/v1/products/{SHOP}/configs"),
        format!("/v1/products/{SHOP}/environments"),
        format!("/v1/products/{SHOP}/tags"),
        format!("/v1/products/{SHOP}/segments"),
        format!("/v1/products/{SHOP}/permissions"),
        format!("/v1/segments/{BETA}"),
        format!("/v1/configs/{STOREFRONT}/settings"),
        format!("/v1/settings/{CHECKOUT}"),
        format!("/v1/environments/{TEST}/settings/{DARK_MODE}/value"),
        format!("/v2/environments/{TEST}/settings/{CHECKOUT}/value"),
        format!("/v1/configs/{OLD_APP}/environments/{TEST}/values"),
        format!("/v2/configs/{STOREFRONT}/environments/{TEST}/values"),
    ] {
        let response = owner.send(&format!("GET {path}"), accept, "").await;
        assert!(response.header("content-type").unwrap().starts_with("application/hal+json"), "{path}");
        let value = response.with(200);
        let one = if value.is_array() { value[0].clone() } else { value };
        assert!(one["_links"].as_object().is_some_and(|links| !links.is_empty()), "{path}");
        assert!(
            one.get("product").is_none() && one.get("organization").is_none(),
            "{path}: parents are embedded"
        );
        if let Some(own) = one["_links"]["self"].as_str() {
            assert_eq!(owner.send(&format!("GET {own}"), accept, "").await.status, 200, "{own}");
        }
    }
    let setting = owner.send(&format!("GET /v1/settings/{CHECKOUT}"), accept, "").await.json();
    assert_eq!(
        setting["_embedded"]["tags"][0]["_embedded"]["product"]["_embedded"]["organization"]["name"],
        "Corner Shop"
    );
    let created = owner
        .send(
            &format!("POST /v1/products/{SHOP}/tags"),
            &format!("{accept}content-type: application/json\r\n"),
            "{\"name\":\"t\"}",
        )
        .await;
    assert_eq!(created.with(201)["_embedded"]["product"]["name"], "Web Shop");
    assert!(owner.get("/v1/products").await[0].get("_links").is_none(), "plain JSON without the header");
}
