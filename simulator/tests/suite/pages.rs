//! Requests as web pages make them: the admin path and the API are closed to pages of other origins.

use crate::support::*;
use configcat_simulator::Simulator;
use serde_json::json;

const JSON: &str = "content-type: application/json\r\n";
const OWNER: &str = "authorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\n";

/// Sends a request with exactly these headers, and returns the status.
async fn status(simulator: &Simulator, line: &str, headers: &str, body: &str) -> u16 {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let request = format!("{line} HTTP/1.1\r\nconnection: close\r\n{headers}{length}\r\n{body}");
    let response = exchange(simulator.address(), &request).await.unwrap();
    assert!(!response.head.contains("access-control"), "{}", response.head);
    response.status
}

/// Starts a simulator that other machines could reach through a proxy.
async fn start_with_token(token: &str) -> Simulator {
    Simulator::builder().allow_remote(true).admin_token(token).start().await.unwrap()
}

#[tokio::test]
async fn admin_path_is_served_to_loopback_names_only() {
    let (simulator, _) = demo().await;
    let port = simulator.address().port();
    for host in ["localhost", "LOCALHOST:1", "a.localhost.", "127.0.0.1", "127.8.8.8:80", "[::1]", "[::1]:9"]
    {
        let headers = format!("host: {host}\r\n");
        assert_eq!(status(&simulator, "GET /__simulator/snapshot", &headers, "").await, 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "192.0.2.1",
        "0.0.0.0",
        "[2001:db8::1]",
        "127.1",
        "x@localhost",
    ] {
        for line in [
            "GET /__simulator/snapshot",
            "GET /__simulator",
            "GET /__simulator/health",
            "POST /__simulator/reset",
        ] {
            let refused = status(&simulator, line, &format!("host: {host}:{port}\r\n"), "").await;
            // hyper rejects hosts that are malformed.
            assert!(refused == 403 || refused == 400, "{line} {host}: {refused}");
        }
    }
    let two = "host: localhost\r\nhost: evil.example\r\n";
    assert!(status(&simulator, "GET /__simulator", two, "").await >= 400);
    let absolute = "GET http://evil.example/__simulator";
    assert_eq!(status(&simulator, absolute, "host: localhost\r\n", "").await, 403);
    let message = exchange(simulator.address(), "GET /__simulator HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(message.status == 403 && message.body.contains("Host"), "{}", message.body);
}

#[tokio::test]
async fn admin_path_is_closed_to_pages_of_other_origins() {
    let (simulator, owner) = demo().await;
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let port = simulator.address().port();
    let host = format!("host: 127.0.0.1:{port}\r\n");
    let other = port ^ 1;
    for origin in [
        "origin: null".to_owned(),
        "origin:".into(),
        "origin: http://evil.example".into(),
        format!("origin: http://127.0.0.1:{other}"),
        format!("origin: http://localhost:{port}"),
        format!("origin: http://127.0.0.1:{port}\r\norigin: http://evil.example"),
        format!("origin: file://127.0.0.1:{port}"),
        "sec-fetch-site: cross-site".into(),
        "sec-fetch-site: same-site".into(),
        format!("origin: http://127.0.0.1:{port}\r\nsec-fetch-site: cross-site"),
    ] {
        for line in ["GET /__simulator/snapshot", "POST /__simulator/reset", "OPTIONS /__simulator/reset"] {
            let headers = format!("{host}{origin}\r\n");
            assert_eq!(status(&simulator, line, &headers, "").await, 403, "{line} {origin}");
        }
    }
    let line = value("GET", TEST, CHECKOUT);
    let (_, path) = line.split_once(' ').unwrap();
    assert_eq!(owner.get(path).await["defaultValue"]["boolValue"], false, "nothing was reset");
    for origin in [
        format!("origin: http://127.0.0.1:{port}"),
        "sec-fetch-site: none".into(),
        "sec-fetch-site: same-origin".into(),
    ] {
        let headers = format!("{host}{origin}\r\n");
        assert_eq!(status(&simulator, "POST /__simulator/reset", &headers, "").await, 204, "{origin}");
    }
}

#[tokio::test]
async fn admin_path_takes_bodies_of_type_json_only() {
    let (simulator, _) = demo().await;
    let fault = r#"{ "operation": "me.get", "status": 503 }"#;
    for (kind, expected) in [
        ("application/json", 201),
        ("Application/JSON; charset=utf-8", 201),
        ("text/plain", 415),
        ("text/plain; application/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
    ] {
        let headers = format!("host: localhost\r\ncontent-type: {kind}\r\n");
        assert_eq!(status(&simulator, "POST /__simulator/faults", &headers, fault).await, expected, "{kind}");
    }
    assert_eq!(status(&simulator, "POST /__simulator/faults", "host: localhost\r\n", fault).await, 415);
    assert_eq!(simulator.faults().len(), 2);
}

#[tokio::test]
async fn admin_token_replaces_the_check_of_the_host() {
    let simulator = start_with_token("s3cret").await;
    assert_eq!(simulator.admin_token(), Some("s3cret"));
    let reset = "POST /__simulator/reset";
    for header in
        ["authorization: Bearer s3cret", "authorization: bearer s3cret", "x-simulator-token: s3cret"]
    {
        for host in ["localhost", "simulator:8080"] {
            let headers = format!("host: {host}\r\n{header}\r\n");
            assert_eq!(status(&simulator, reset, &headers, "").await, 204, "{headers}");
        }
        let page = format!("host: localhost\r\norigin: http://evil.example\r\n{header}\r\n");
        assert_eq!(status(&simulator, reset, &page, "").await, 403);
    }
    for header in [
        "x: y",
        "authorization: Bearer s3cre",
        "authorization: Bearer s3cretx",
        "x-simulator-token:",
        OWNER.trim(),
    ] {
        let headers = format!("host: localhost\r\n{header}\r\n");
        assert_eq!(status(&simulator, reset, &headers, "").await, 401, "{header}");
        assert_eq!(status(&simulator, "GET /__simulator/health", &headers, "").await, 200, "{header}");
    }
    for token in ["", "two words", "ü"] {
        assert!(Simulator::builder().admin_token(token).start().await.is_err(), "{token}");
    }
}

#[tokio::test]
async fn remote_clients_may_use_any_ip_address_as_host() {
    let simulator = start_with_token("s3cret").await;
    for (host, expected) in [("192.0.2.1", 401), ("[2001:db8::1]:80", 401), ("evil.example", 403)] {
        let headers = format!("host: {host}\r\n");
        assert_eq!(status(&simulator, "GET /__simulator/snapshot", &headers, "").await, expected, "{host}");
    }
}

#[tokio::test]
async fn api_is_closed_to_pages_of_other_origins() {
    let (simulator, owner) = demo().await;
    let port = simulator.address().port();
    let line = format!("POST /v1/products/{SHOP}/tags");
    let tag = json!({ "name": "t" }).to_string();
    for (host, page, expected) in [
        ("localhost", "origin: http://evil.example".to_owned(), 403),
        ("localhost", "origin: null".into(), 403),
        ("localhost", "origin: http://localhost:3000\r\nsec-fetch-site: same-site".into(), 403),
        ("localhost", "sec-fetch-site: cross-site".into(), 403),
        // The page of a name that resolves to this machine.
        ("evil.example", format!("origin: http://evil.example:{port}"), 403),
        ("simulator", "x: y".into(), 201),
        ("localhost", "origin: http://localhost:3000\r\nsec-fetch-site: same-origin".into(), 201),
        ("localhost", format!("origin: http://localhost:{port}"), 201),
    ] {
        let headers = format!("host: {host}:{port}\r\n{OWNER}{JSON}{page}\r\n");
        assert_eq!(status(&simulator, &line, &headers, &tag).await, expected, "{host} {page}");
        if expected == 201 {
            simulator.reset().await.unwrap();
        }
    }
    // Links to the pages for browsers work, and SDKs in pages read config files.
    let link = "host: localhost\r\nsec-fetch-site: cross-site\r\n";
    for path in ["/", "/swagger", "/swagger/v1/swagger.json"] {
        assert!(status(&simulator, &format!("GET {path}"), link, "").await < 400, "{path}");
    }
    let key = owner.get(&format!("/v1/configs/{STOREFRONT}/environments/{TEST}")).await["primary"].clone();
    let file = format!("GET /configuration-files/{}/config_v6.json", key.as_str().unwrap());
    let page = owner.send(&file, "origin: http://localhost:3000\r\nsec-fetch-site: same-site\r\n", "").await;
    assert_eq!((page.status, page.header("access-control-allow-origin")), (200, Some("*")));
}
