//! The console: its page, the stream of events, and what it reads from the admin path.

use crate::support::*;
use configcat_simulator::{ConnectionLimits, Fault, Query, RateLimit, Simulator};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

const PAGES: [&str; 6] = [
    "/",
    "/console/console.css",
    "/console/console.js",
    "/console/grid.js",
    "/console/journal.js",
    "/console/panels.js",
];

/// A stream of events that is being read.
struct Events {
    stream: TcpStream,
    text: String,
}

impl Events {
    async fn open(simulator: &Simulator, query: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16_384).unwrap();
        let mut stream = socket.connect(simulator.address()).await.unwrap();
        let request = format!("GET /__simulator/events{query} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut events = Self { stream, text: String::new() };
        events.until("event: hello").await;
        events
    }

    /// Reads until a text arrives, and returns everything up to then; `None` if the stream ends before.
    async fn try_until(&mut self, text: &str) -> Option<&str> {
        let mut buffer = [0; 65_536];
        while !self.text.contains(text) {
            let read = tokio::time::timeout(Duration::from_secs(20), self.stream.read(&mut buffer)).await;
            let read = read.unwrap_or_else(|_| panic!("no {text:?} in {}", self.text)).ok()?;
            if read == 0 {
                return None;
            }
            self.text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        Some(&self.text)
    }

    async fn until(&mut self, text: &str) -> &str {
        self.try_until(text).await.unwrap()
    }
}

async fn read(owner: &Caller, path: &str) -> Value {
    owner.get(&format!("/__simulator{path}")).await
}

#[tokio::test]
async fn console_is_small_and_loads_from_this_server_only() {
    let (_simulator, owner) = demo().await;
    let mut size = 0;
    for path in PAGES {
        let page = owner.call(&format!("GET {path}"), Value::Null).await;
        let policy = page.header("content-security-policy").unwrap().to_owned();
        assert!(page.status == 200 && policy.contains("default-src 'none'; script-src 'self'"), "{policy}");
        assert!(!page.body.contains("http://") && !page.body.contains("https://"), "{path}");
        assert!(!page.body.contains("<script>") && !page.body.contains(" style="), "{path}");
        size += page.body.len();
    }
    assert!(size < 100_000, "{size} bytes");
}

#[tokio::test]
async fn without_the_admin_path_there_is_no_console() {
    let simulator = Simulator::builder().admin(false).start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    assert_eq!(owner.call("GET /", Value::Null).await.header("location"), Some("/swagger"));
    assert_eq!(owner.status("GET /console/console.js").await, 404);
    assert_eq!(owner.status("GET /__simulator/events").await, 404);
}

#[tokio::test]
async fn swagger_ui_groups_operations_by_resource() {
    let (_simulator, owner) = demo().await;
    let page = owner.call("GET /swagger", Value::Null).await.body;
    assert!(page.contains("(simulator)</title>") && page.contains("filter: true"), "{page}");
    let spec = owner.get("/swagger/v1/swagger.json").await;
    assert!(spec["info"]["title"].as_str().unwrap().contains("simulator"));
    assert_eq!(spec["paths"]["/v1/products/{productId}/tags"]["post"]["tags"], json!(["Tags"]));
    let tags = spec["tags"].as_array().unwrap();
    assert!(tags.len() > 20 && tags.contains(&json!({ "name": "Flag values" })), "{tags:?}");
}

#[tokio::test]
async fn events_tell_of_requests_and_changed_flags() {
    let (simulator, owner) = demo().await;
    let mut events = Events::open(&simulator, "").await;
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let text = events.until("event: request").await.to_owned();
    assert!(text.contains("event: changed\ndata: {\"flags\":[3001],\"revision\":"), "{text}");
    let text = events.until("\"operation\":\"flag_values.replace\"").await.to_owned();
    assert!(!text.to_lowercase().contains("authorization") && !text.contains("defaultValue"), "{text}");
    owner.call(&format!("POST /v1/products/{SHOP}/environments"), json!({ "name": "Beta" })).await.with(201);
    events.until("\"flags\":null").await;
    owner.call("DELETE /__simulator/journal", Value::Null).await.with(204);
    events.until("event: cleared").await;
}

#[tokio::test]
async fn reader_that_continues_is_told_what_it_missed() {
    let simulator = Simulator::builder().journal(5).start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    for _ in 0..20 {
        owner.get("/v1/me").await;
    }
    let mut first = Events::open(&simulator, "").await;
    let text = first.until("\"id\":20").await;
    assert!(!text.contains("event: missed") && !text.contains("\"id\":15,"), "{text}");
    let mut behind = Events::open(&simulator, "?after=2&revision=0").await;
    let text = behind.until("\"id\":20").await;
    assert!(text.contains("event: missed\ndata: {\"count\":13}"), "{text}");
    let mut current = Events::open(&simulator, "?after=20&revision=0").await;
    owner.get("/v1/me").await;
    let text = current.until("\"id\":21").await;
    assert!(!text.contains("missed") && !text.contains("\"id\":20"), "{text}");
}

#[tokio::test]
async fn reader_that_stops_reading_slows_nobody_down() {
    let (simulator, owner) = demo().await;
    let mut stalled = Events::open(&simulator, "").await;
    let path = format!("/v1/{}", "x".repeat(900));
    // More than the buffers of a connection hold, and more than the journal keeps.
    const REQUESTS: u64 = 7_000;
    let mut stream = TcpStream::connect(simulator.address()).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let send = async {
        for _ in 0..REQUESTS {
            writing.write_all(request.as_bytes()).await.unwrap();
        }
    };
    let receive = async {
        let (last, mut buffer) = (Query { limit: Some(1), ..Query::default() }, [0; 65_536]);
        while simulator.journal(&last).first().is_none_or(|entry| entry.id < REQUESTS) {
            assert!(reading.read(&mut buffer).await.unwrap() > 0);
        }
    };
    tokio::join!(send, receive);
    owner.get("/v1/me").await;
    let text = stalled.until("\"operation\":\"me.get\"").await;
    assert!(text.contains("event: missed"), "the journal keeps 1,000 requests");
}

#[tokio::test]
async fn events_outlive_the_idle_time_of_connections() {
    let mut limits = ConnectionLimits::default();
    limits.idle = Duration::from_millis(150);
    limits.headers = Duration::from_millis(150);
    let simulator = Simulator::builder().connection_limits(limits).start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    let mut events = Events::open(&simulator, "").await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    owner.get("/v1/me").await;
    events.until("event: request").await;
}

#[tokio::test]
async fn events_end_when_the_simulator_stops() {
    let (simulator, _owner) = demo().await;
    let mut events = Events::open(&simulator, "").await;
    let started = std::time::Instant::now();
    simulator.stop().await;
    assert_eq!(events.try_until("never").await, None);
    assert!(started.elapsed() < Duration::from_millis(900), "a stream must not delay the stop");
}

#[tokio::test]
async fn protections_of_the_admin_path_apply_to_the_console() {
    let simulator = Simulator::builder().admin_token("s3cret").start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    for path in ["/events", "/console", "/console/code?language=curl", "/console/budgets"] {
        let line = format!("GET /__simulator{path}");
        assert_eq!(owner.status(&line).await, 401, "{path}");
        let page =
            owner.send(&line, "origin: http://evil.example\r\nx-simulator-token: s3cret\r\n", "").await;
        assert_eq!(page.status, 403, "{path}");
    }
    assert_eq!(owner.status("GET /").await, 200, "the page asks for the token");
}

#[tokio::test]
async fn grid_shows_values_rules_and_who_changed_them() {
    let (_simulator, owner) = demo().await;
    owner.call(&value("PUT", TEST, CHECKOUT), off()).await.with(200);
    let grid = read(&owner, &format!("/console/grid/{STOREFRONT}")).await;
    let names: Vec<&Value> =
        grid["environments"].as_array().unwrap().iter().map(|environment| &environment["name"]).collect();
    assert_eq!(names, ["Test", "Staging", "Production"]);
    let flag = &grid["flags"][0];
    assert_eq!((&flag["key"], &flag["type"]), (&json!("newCheckout"), &json!("boolean")));
    assert_eq!(flag["cells"][0]["value"], false);
    assert_eq!(flag["cells"][0]["by"], "Simulator User");
    assert!(flag["cells"][0]["at"].is_string());
    assert_eq!(flag["cells"][1]["rules"], 2);
    assert_eq!(flag["cells"][1]["percentages"], true);
    let some = read(&owner, &format!("/console/grid/{STOREFRONT}?flags=3003,99,{DARK_MODE}")).await;
    let keys: Vec<&Value> = some["flags"].as_array().unwrap().iter().map(|flag| &flag["key"]).collect();
    assert_eq!(keys, ["bannerText"], "only flags of the config");
    let old = read(&owner, &format!("/console/grid/{OLD_APP}")).await;
    assert_eq!(old["flags"][0]["cells"][2]["percentages"], true);
    let detail = read(&owner, &format!("/console/flags/{DELIVERY}")).await;
    assert_eq!(detail["flags"], json!({ "3001": "newCheckout" }));
    let detail = read(&owner, &format!("/console/flags/{CHECKOUT}")).await;
    assert_eq!(detail["segments"][BETA], "Beta customers");
    assert_eq!(detail["history"][0]["by"], "Simulator User");
}

#[tokio::test]
async fn overview_shows_the_default_password_only() {
    let (_simulator, owner) = demo().await;
    let overview = read(&owner, "/console").await;
    assert_eq!((&overview["username"], &overview["password"]), (&json!("simulator"), &json!("simulator")));
    assert_eq!(overview["products"][0]["configs"][0]["flags"], 5);
    let simulator = Simulator::builder().credentials("ada", "s3cret").start().await.unwrap();
    let overview = read(&Caller::new(&simulator, "ada", "s3cret"), "/console").await;
    assert_eq!((&overview["username"], &overview["password"]), (&json!("ada"), &Value::Null));
    assert!(!overview.to_string().contains("s3cret"));
}

#[tokio::test]
async fn budgets_show_what_is_left_per_credential() {
    let limit = RateLimit { limit: 10, window: Duration::from_secs(3_600) };
    let simulator = Simulator::builder().rate_limit(limit).start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    for _ in 0..3 {
        owner.get("/v1/me").await;
    }
    let budget = read(&owner, "/console/budgets").await[0].clone();
    assert_eq!((&budget["username"], &budget["budget"]["remaining"]), (&json!("simulator"), &json!(7)));
    assert!(budget["budget"]["endsInMs"].as_u64().unwrap() <= 3_600_000);
}

#[tokio::test]
async fn journal_entry_has_bodies_and_marks() {
    let (simulator, owner) = demo().await;
    let fault = Fault { status: Some(503), times: Some(1), ..Fault::of("tags.create") };
    simulator.add_fault(fault).unwrap();
    let mut events = Events::open(&simulator, "").await;
    let line = format!("POST /v1/products/{SHOP}/tags");
    assert_eq!(owner.call(&line, json!({ "name": "x" })).await.status, 503);
    owner.call(&line, json!({ "name": "x" })).await.with(201);
    let text = events.until("\"attempt\":2").await;
    assert!(text.contains("\"fault\":\"fault-1\""), "{text}");
    let entry = read(&owner, "/journal/2").await;
    assert_eq!((&entry["requestBody"], &entry["status"]), (&json!({ "name": "x" }), &json!(201)));
    assert_eq!(owner.status("GET /__simulator/journal/99").await, 404);
}

#[tokio::test]
async fn change_requests_and_webhooks_are_listed() {
    let (_simulator, owner) = demo().await;
    let body = json!({
        "url": "http://127.0.0.1:9/hook", "httpMethod": "post",
        "webHookHeaders": [{ "key": "X-Secret", "value": "hidden", "isSecure": true }],
    });
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    owner.call(&line, body).await.with(201);
    let webhooks = read(&owner, "/console/webhooks").await;
    assert_eq!(webhooks["webhooks"][0]["environment"], "Test");
    assert!(!webhooks.to_string().contains("hidden"), "{webhooks}");
    assert_eq!(read(&owner, "/console/change-requests").await, json!([]));
    let change = json!({ "settingId": CHECKOUT, "defaultValue": { "boolValue": true } });
    let request =
        json!({ "title": "Launch", "reason": "Friday", "proposedChanges": [{ "proposedChange": change }] });
    let line = format!("POST /v2/configs/{STOREFRONT}/environments/{PRODUCTION}/change-requests");
    owner.call(&line, request).await.with(201);
    let request = read(&owner, "/console/change-requests").await[0].clone();
    assert_eq!((&request["title"], &request["status"]), (&json!("Launch"), &json!("open")));
    assert_eq!(request["proposals"][0]["flag"], "newCheckout");
    assert_eq!(request["proposals"][0]["to"], json!({ "value": true, "rules": 0 }));
}
