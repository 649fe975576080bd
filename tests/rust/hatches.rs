//! Escape hatches: extra headers, requests by method and path, what errors tell of a response, HTTP clients of the application.

use crate::faults::{Act, Server, http, ok};
use crate::support::calls_that_stay;
use configcat_management::{Client, Error, ErrorKind, blocking};
use configcat_simulator::Simulator;
use configcat_simulator::testing::journal::Query;
use serde_json::json;
use std::time::Duration;

/// A secret in a header, with characters that are escaped in JSON and URLs.
const TOKEN: &str = "s3cr3t/t0ken+\"quoted\"";
const ME: &str = r#"{"email":"a@example.com","fullName":"A"}"#;

async fn simulator() -> (Simulator, Client) {
    let simulator = Simulator::builder().start().await.unwrap();
    let client = Client::builder()
        .credentials("simulator", "simulator")
        .base_url(simulator.url())
        .header("X-Team", "client")
        .header("X-Other", "kept")
        .build()
        .unwrap();
    (simulator, client)
}

/// Returns the values of a header in the latest request.
fn received(simulator: &Simulator, name: &str) -> Vec<String> {
    let entry = simulator.journal(&Query::default()).pop().unwrap();
    entry.request_headers.into_iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect()
}

#[tokio::test]
async fn header_of_a_call_replaces_that_of_the_client() {
    let (simulator, client) = simulator().await;
    client.me().get().await.unwrap();
    assert_eq!(received(&simulator, "x-team"), ["client"]);
    client.me().get().header("x-team", "first").header("x-TEAM", "call").await.unwrap();
    assert_eq!(
        (received(&simulator, "x-team"), received(&simulator, "x-other")),
        (vec!["call".into()], vec!["kept".into()])
    );
    client.request("GET", "/v1/me").header("x-team", "raw").await.unwrap();
    assert_eq!(received(&simulator, "x-team"), ["raw"]);
    client.me().get().await.unwrap();
    assert_eq!(received(&simulator, "x-team"), ["client"]);
}

#[tokio::test]
async fn header_that_the_client_sets_is_refused_before_sending() {
    let (simulator, client) = simulator().await;
    for name in ["Authorization", "proxy-authorization", "HOST", "Content-Length", "Accept", "User-Agent"] {
        let error = client.me().get().header(name, TOKEN).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.operation()),
            (ErrorKind::BadRequest, 0, Some("me.get"))
        );
        assert!(error.message().contains(&format!("header {name:?} is set by the client")), "{error}");
        assert!(!format!("{error} {error:?}").contains(TOKEN), "{error:?}");
        let error = Client::builder().credentials("a", "b").header(name, TOKEN).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
    for value in ["line\r\nbreak: 1", "control\u{7}"] {
        let error = client.request("GET", "/v1/me").header("X-Note", value).await.unwrap_err();
        assert!(error.message().contains(r#""X-Note" has a value with a line break"#), "{error}");
    }
    assert!(simulator.journal(&Query::default()).is_empty());
}

#[tokio::test]
async fn raw_request_reads_and_writes() {
    let (simulator, client) = simulator().await;
    let organizations = client.request("get", "/v1/organizations").await.unwrap();
    let id = organizations.value[0]["organizationId"].as_str().unwrap().to_owned();
    assert_eq!((organizations.status, organizations.attempts), (200, 1));
    let body: serde_json::Value = serde_json::from_slice(&organizations.body).unwrap();
    assert_eq!(body, organizations.value);
    let path = format!("/v1/organizations/{id}/products");
    let created = client.request("POST", path).body(json!({ "name": "Shop" })).await.unwrap();
    assert_eq!((created.status, &created.value["name"]), (201, &json!("Shop")));
    let product = format!("/v1/products/{}", created.value["productId"].as_str().unwrap());
    let logs = client.request("GET", format!("{product}/auditlogs").replace("/v1/", "/v2/"));
    let logs = logs.query("pageSize", 1).query("pageNumber", 1).await.unwrap();
    assert_eq!(logs.value["data"].as_array().unwrap().len(), 1);
    assert_eq!(simulator.journal(&Query::default()).pop().unwrap().query, "pageSize=1&pageNumber=1");
    let deleted = client.request("DELETE", product.as_str()).await.unwrap();
    assert_eq!((deleted.status, deleted.value.is_null(), deleted.body.len()), (204, true, 0));
    let error = client.request("GET", product.as_str()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::NotFound, Some(404)));
    assert_eq!(error.operation().unwrap(), format!("GET {product}"));
}

#[tokio::test]
async fn raw_request_with_an_invalid_path_is_not_sent() {
    let (simulator, client) = simulator().await;
    for path in ["v1/me", "https://example.com/v1/me", "//example.com", "/v1/../me", "/v1/me?a=b", "/v1/me\n"]
    {
        let error = client.request("GET", path).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::BadRequest, 0));
        assert!(error.message().starts_with("not sent: invalid path"), "{error}");
    }
    assert!(simulator.journal(&Query::default()).is_empty());
}

#[tokio::test]
async fn raw_get_waits_for_the_rate_limit_and_is_retried() {
    let limited = http("429 Too Many Requests", "retry-after: 1\r\n", "");
    for method in ["GET", "POST"] {
        let server = Server::start([limited.clone(), ok(ME)]).await;
        let response = server.client().request(method, "/v1/me").await.unwrap();
        assert_eq!((response.attempts, &response.value["fullName"]), (2, &json!("A")));
        assert!(response.waited >= Duration::from_millis(900), "{:?}", response.waited);
    }
}

#[tokio::test]
async fn only_repeatable_raw_requests_are_sent_again() {
    for (method, repeated) in
        [("GET", true), ("PUT", true), ("DELETE", true), ("POST", false), ("PATCH", false)]
    {
        let server = Server::start([Act::Hang, ok(ME)]).await;
        match server.client().request(method, "/v1/x").body(json!({})).await {
            Ok(response) => assert!(repeated && response.attempts == 2, "{method}"),
            Err(error) => {
                assert!(!repeated, "{error}");
                let found = (error.kind(), error.attempts(), error.maybe_applied(), server.count());
                assert_eq!(found, (ErrorKind::Connection, 1, true, 1));
            }
        }
    }
}

#[tokio::test]
async fn raw_response_that_is_not_json_has_its_body() {
    let csv = http("200 OK", "content-type: text/csv\r\n", "a,b\n1,2\n");
    let response = Server::start([csv]).await.client().request("GET", "/v1/export").await.unwrap();
    assert_eq!((response.value.is_null(), &*response.body), (true, b"a,b\n1,2\n".as_slice()));
    let broken = Server::start([ok("{")]).await.client().request("GET", "/v1/x").await.unwrap_err();
    assert_eq!((broken.kind(), broken.operation()), (ErrorKind::Decode, Some("GET /v1/x")));
}

#[tokio::test]
async fn error_has_headers_method_and_path_template() {
    let headers = "x-request-id: 17\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n";
    let server = Server::start([http("404 Not Found", headers, "")]).await;
    let error = server.client().configs().get("08d5a03c-feb7-af1e-a1fa-40b3329f8bed").await.unwrap_err();
    assert_eq!((error.method(), error.path_template()), (Some("GET"), Some("/v1/configs/{configId}")));
    assert_eq!(error.headers()["x-request-id"], "17");
    assert_eq!(error.headers().get_all("set-cookie").iter().count(), 2);
    let large = format!("x-request-id: 17\r\nx-large: {}\r\n", "x".repeat(100_000));
    let error =
        Server::start([http("404 Not Found", &large, "")]).await.client().me().get().await.unwrap_err();
    let kept: usize = error.headers().values().map(|value| value.len()).sum();
    assert!(kept < 16 << 10, "{kept}");
    let unreadable = Server::start([http("200 OK", "x-request-id: 18\r\n", "{")]).await;
    let error = unreadable.client().me().get().await.unwrap_err();
    assert_eq!((error.kind(), &error.headers()["x-request-id"]), (ErrorKind::Decode, &"18".parse().unwrap()));
}

/// Everything that can be printed of an error.
fn printed(error: &Error) -> String {
    format!(
        "{error} {error:?} {:?} {} {:?}",
        error.field_errors(),
        String::from_utf8_lossy(error.body()),
        error.headers()
    )
}

#[tokio::test]
async fn echoed_value_of_a_header_is_masked() {
    let value = format!("Bearer {TOKEN}");
    let body = json!({ "message": format!("unknown token {TOKEN}"), "errors": { "token": [TOKEN, value] } });
    let echo = http("400 Bad Request", &format!("x-echo: {TOKEN}\r\n"), &body.to_string());
    let server = Server::start([echo]).await;
    let of_client = server.builder().header("X-Gateway", &value).build().unwrap();
    let of_call = server.client();
    for error in [
        of_client.me().get().await.unwrap_err(),
        of_call.me().get().header("X-Gateway", &value).await.unwrap_err(),
        of_call.request("GET", "/v1/me").header("X-Gateway", &value).await.unwrap_err(),
    ] {
        let shown = printed(&error);
        assert!(shown.contains("unknown token ***") && !shown.contains("s3cr3t"), "{shown}");
        assert_eq!(error.headers()["x-echo"], "***");
    }
    let server = Server::start([http("200 OK", &format!("x-echo: {TOKEN}\r\n"), ME)]).await;
    let response = server.client().me().get().header("X-Gateway", &value).with_response().await.unwrap();
    assert_eq!((&response.headers["x-echo"], &*response.body), (&"***".parse().unwrap(), ME.as_bytes()));
}

#[test]
fn blocking_client_has_the_same_hatches() {
    let _calls = calls_that_stay();
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (simulator, client) = servers.block_on(simulator());
    let client = blocking::Client::from(client);
    client.me().get().header("x-team", "call").send().unwrap();
    assert_eq!(received(&simulator, "x-team"), ["call"]);
    let response = client.request("GET", "/v1/me").send().unwrap();
    assert_eq!(response.value["email"], "simulator@example.com");
    let error = client.request("GET", "/v1/nothing").send().unwrap_err();
    assert_eq!((error.status(), error.method()), (Some(404), Some("GET")));
}
