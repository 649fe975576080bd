//! The simulator's HTTP behaviour, with raw requests and responses.

use crate::support::{Caller, Response, exchange};
use configcat_management::operations;
use configcat_management::spec::{Location, Type};
use configcat_simulator::seed::Seed;
use configcat_simulator::{RateLimit, Simulator};
use serde_json::{Value, json};
use std::time::Duration;

const BASIC: &str = "authorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\n";
pub const PRODUCT: &str = "08d5a03c-feb7-af1e-a1fa-40b3329f8be1";
pub const CONFIG: &str = "08d5a03c-feb7-af1e-a1fa-40b3329f8be2";
pub const OLD: &str = "08d5a03c-feb7-af1e-a1fa-40b3329f8be3";
pub const TEST: &str = "08d5a03c-feb7-af1e-a1fa-40b3329f8be4";

pub fn seed() -> Seed {
    let seed = json!({ "organizations": [{
        "name": "Acme",
        "products": [{
            "productId": PRODUCT, "name": "Shop",
            "environments": [{ "environmentId": TEST, "name": "Test" }],
            "configs": [
                { "configId": CONFIG, "name": "New", "evaluationVersion": "v2", "settings": [
                    { "settingId": 1, "key": "a", "name": "A", "settingType": "boolean" },
                    { "settingId": 2, "key": "b", "name": "B", "settingType": "boolean" },
                    { "settingId": 3, "key": "c", "name": "C", "settingType": "int" },
                ] },
                { "configId": OLD, "name": "Old", "evaluationVersion": "v1", "settings": [
                    { "settingId": 4, "key": "d", "name": "D", "settingType": "double" },
                ] },
            ],
        }],
    }] });
    Seed::from_json(&seed.to_string()).unwrap()
}

pub async fn start() -> Simulator {
    Simulator::builder().seed(seed()).start().await.unwrap()
}

pub async fn raw(simulator: &Simulator, text: &str) -> Response {
    exchange(simulator.address(), text).await.unwrap()
}

/// Sends a request without credentials, unless `headers` contains some.
pub async fn send(simulator: &Simulator, line: &str, headers: &str, body: &str) -> Response {
    Caller { address: simulator.address(), basic: String::new() }.send(line, headers, body).await
}

pub async fn call(simulator: &Simulator, line: &str, body: Value) -> Response {
    Caller { address: simulator.address(), basic: BASIC.into() }.call(line, body).await
}

/// Returns a request target of an operation, with ids in the right format that do not exist.
pub fn target(operation: &configcat_management::spec::Operation) -> String {
    operation.parameters.iter().filter(|p| p.location == Location::Path).fold(
        operation.path.to_owned(),
        |path, p| {
            let value = match p.ty {
                Type::Uuid => "08d5a03c-feb7-af1e-a1fa-40b3329f8bff",
                Type::Integer { .. } => "999",
                Type::Enum(_) => "jira",
                _ => "x",
            };
            path.replace(&format!("{{{}}}", p.wire), value)
        },
    )
}

#[tokio::test]
async fn every_operation_is_routed_and_requires_credentials() {
    let simulator = start().await;
    for operation in operations::ALL {
        let line = format!("{} {}", operation.http.as_str(), target(operation));
        let response = send(&simulator, &line, "", "").await;
        assert_eq!(response.status, 401, "{line}");
        assert!(response.header("www-authenticate").unwrap().starts_with("basic"));
        let response = call(&simulator, &line, Value::Null).await;
        assert!(
            ![401, 405].contains(&response.status) && response.status < 500,
            "{line}: {}",
            response.status
        );
    }
}

#[tokio::test]
async fn wrong_credentials_get_401() {
    let simulator = start().await;
    for header in ["Basic AAAA", "Basic !!!", "Bearer x", "Basic", "basic c2ltdWxhdG9yOndyb25n"] {
        let response = send(&simulator, "GET /v1/me", &format!("authorization: {header}\r\n"), "").await;
        assert_eq!(response.status, 401, "{header}");
    }
}

#[tokio::test]
async fn wrong_path_method_media_type_or_size_is_rejected() {
    let simulator = start().await;
    assert_eq!(call(&simulator, "GET /v1/nothing", Value::Null).await.status, 404);
    let response = call(&simulator, "PATCH /v1/products", Value::Null).await;
    assert_eq!((response.status, response.header("allow")), (405, Some("get")));
    let line = format!("POST /v1/products/{PRODUCT}/configs");
    let response = send(&simulator, &line, &format!("{BASIC}content-type: text/plain\r\n"), "{}").await;
    assert_eq!(response.status, 415);
    let headers = format!("{BASIC}content-type: application/vnd.x+json; charset=utf-8\r\n");
    assert_eq!(send(&simulator, &line, &headers, r#"{"name":"x"}"#).await.status, 201);
    let huge =
        format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{BASIC}content-length: 99999999\r\n\r\n");
    assert_eq!(raw(&simulator, &huge).await.status, 413);
}

#[tokio::test]
async fn invalid_body_is_rejected_with_all_violations() {
    let simulator = start().await;
    let line = format!("POST /v1/configs/{CONFIG}/settings");
    let response =
        call(&simulator, &line, json!({ "name": "", "settingType": "matrix", "order": "x" })).await;
    assert_eq!(response.status, 400);
    let fields = response.json();
    assert_eq!(
        fields.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["key", "name", "order", "settingType"]
    );
    assert_eq!(fields["key"], json!(["is required"]));
    for body in ["", "{", "[]", "null", "\"x\""] {
        let response =
            send(&simulator, &line, &format!("{BASIC}content-type: application/json\r\n"), body).await;
        assert_eq!(response.status, 400, "{body:?}");
    }
    let response = call(&simulator, "GET /v1/products/nope", Value::Null).await;
    assert_eq!((response.status, response.json()["productId"].is_array()), (400, true));
}

#[tokio::test]
async fn rate_limit_is_reported_and_enforced() {
    let limit = RateLimit { limit: 2, window: Duration::from_secs(60) };
    let simulator = Simulator::builder().rate_limit(limit).start().await.unwrap();
    let first = call(&simulator, "GET /v1/me", Value::Null).await;
    assert_eq!((first.status, first.header("x-rate-limit-remaining")), (200, Some("1")));
    let reset = first.header("x-rate-limit-reset").unwrap();
    assert!(reset.len() == "2026-11-23t09:24:55.1234567z".len() && reset.ends_with('z'), "{reset}");
    assert_eq!(call(&simulator, "GET /v1/products/nope", Value::Null).await.status, 400);
    let third = call(&simulator, "GET /v1/me", Value::Null).await;
    assert_eq!((third.status, third.header("retry-after")), (429, Some("60")));
    assert_eq!(third.header("x-rate-limit-remaining"), Some("0"));
    assert!(third.header("content-type").unwrap().starts_with("text/plain"));
    assert_eq!(
        send(&simulator, "GET /v1/me", "", "").await.status,
        401,
        "the rate limit does not apply to unauthenticated requests"
    );
}

#[tokio::test]
async fn create_responds_201_with_every_field() {
    let simulator = start().await;
    let response =
        call(&simulator, &format!("POST /v1/products/{PRODUCT}/tags"), json!({ "name": "t" })).await;
    assert_eq!(response.status, 201);
    let tag = response.json();
    assert_eq!(tag.as_object().unwrap().len(), configcat_management::schema::tags::TAG.fields.len());
    assert_eq!((&tag["color"], &tag["product"]["description"]), (&Value::Null, &Value::Null));
    let response = call(&simulator, &format!("DELETE /v1/tags/{}", tag["tagId"]), Value::Null).await;
    assert_eq!((response.status, response.body.as_str()), (204, ""));
}

#[tokio::test]
async fn lists_are_sorted_by_order_then_age() {
    let simulator = start().await;
    for (name, order) in [("last", json!(null)), ("first", json!(-5)), ("middle", json!(0))] {
        let body = json!({ "name": name, "order": order });
        call(&simulator, &format!("POST /v1/products/{PRODUCT}/environments"), body).await;
    }
    let response = call(&simulator, &format!("GET /v1/products/{PRODUCT}/environments"), Value::Null).await;
    let names: Vec<Value> = response.json().as_array().unwrap().iter().map(|e| e["name"].clone()).collect();
    assert_eq!(names, ["first", "Test", "middle", "last"]);
}

#[tokio::test]
async fn sdk_key_selects_config_and_environment() {
    let simulator = start().await;
    let keys =
        call(&simulator, &format!("GET /v1/configs/{CONFIG}/environments/{TEST}"), Value::Null).await.json();
    let key = keys["primary"].as_str().unwrap();
    let headers = format!("{BASIC}X-CONFIGCAT-SDKKEY: {key}\r\n");
    for name in ["a", "1"] {
        let response = send(&simulator, &format!("GET /v2/settings/{name}/value"), &headers, "").await;
        assert_eq!((response.status, &response.json()["setting"]["key"]), (200, &json!("a")));
    }
    assert_eq!(send(&simulator, "GET /v2/settings/zzz/value", &headers, "").await.status, 404);
    assert_eq!(
        call(&simulator, "GET /v2/settings/a/value", Value::Null).await.status,
        400,
        "the header is missing"
    );
    let wrong = format!("{BASIC}X-CONFIGCAT-SDKKEY: wrong\r\n");
    assert_eq!(send(&simulator, "GET /v2/settings/a/value", &wrong, "").await.status, 404);
}

#[tokio::test]
async fn deleted_flags_are_listed_as_deleted() {
    let simulator = start().await;
    assert_eq!(call(&simulator, "DELETE /v1/settings/3", Value::Null).await.status, 204);
    let response = call(&simulator, &format!("GET /v1/configs/{CONFIG}/deleted-settings"), Value::Null).await;
    assert_eq!(response.json(), json!([{ "key": "c", "name": "C", "hint": null, "settingType": "int" }]));
    assert_eq!(call(&simulator, "GET /v1/settings/3", Value::Null).await.status, 404);
}

#[tokio::test]
async fn simulator_listens_on_loopback_and_a_free_port_by_default() {
    let anywhere = "0.0.0.0".parse().unwrap();
    let error = Simulator::builder().host(anywhere).start().await.unwrap_err();
    assert!(error.to_string().contains("loopback"), "{error}");
    let (a, b) = (start().await, start().await);
    assert_ne!(a.address(), b.address());
}

#[tokio::test]
async fn malformed_requests_never_get_5xx() {
    let simulator = start().await;
    let mut rng = 0x9e37_79b9_u64;
    let mut next = move |n: usize| {
        rng = rng.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(rng >> 33).unwrap() % n
    };
    let scraps = [
        "",
        "null",
        "{}",
        "[]",
        "\"x\"",
        "-1",
        "1e999",
        "{\"name\":",
        "[{\"op\":\"add\",\"path\":\"\"}]",
        "\u{0}",
        "{\"defaultValue\":{\"boolValue\":true,\"intValue\":1}}",
        "{\"settingValues\":[{}]}",
        "{\"updateFormulas\":[{\"defaultValue\":{}}]}",
    ];
    for _ in 0..600 {
        let operation = operations::ALL[next(operations::ALL.len())];
        let ids = [PRODUCT, CONFIG, OLD, TEST, "1", "4", "%00", "%ff", "..", "99999999999999999999", "x"];
        let path: Vec<String> = operation
            .path
            .split('/')
            .map(|s| if s.starts_with('{') { ids[next(ids.len())].to_owned() } else { s.to_owned() })
            .collect();
        let query = ["", "?reason=%zz", "?pageSize=x", "?pageNumber=-1&pageSize=0", "?auditLogType=&x=y&=&&"]
            [next(5)];
        let line = format!("{} {}{query}", operation.http.as_str(), path.join("/"));
        let headers = format!("{BASIC}content-type: application/json\r\n");
        let body = scraps[next(scraps.len())];
        let response = send(&simulator, &line, &headers, body).await;
        assert!(response.status < 500, "{line} {body}: {}", response.status);
    }
}

#[tokio::test]
async fn spec_has_the_host_of_an_http2_request() {
    let simulator = start().await;
    let client = crate::support::http_client().http2_prior_knowledge().build().unwrap();
    let url = format!("{}/swagger/v1/swagger.json", simulator.url());
    let response = client.get(url).send().await.unwrap();
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    let spec: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(spec["servers"][0]["url"], simulator.url());
}
