//! Shared test support: a minimal HTTP client, and the ids of the demo seed's data.
#![allow(dead_code, reason = "every test file uses a part of it")]

pub mod bodies;
pub mod proxies;
pub mod random;
pub mod receiver;
pub mod scene;
pub mod shaken;

use configcat_simulator::seed::Seed;
use configcat_simulator::{Builder, Simulator};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use base64::Engine as _;

pub const ORGANIZATION: &str = "10000000-0000-4000-8000-000000000001";
pub const BAKERY: &str = "10000000-0000-4000-8000-000000000002";
pub const SHOP: &str = "20000000-0000-4000-8000-000000000001";
pub const OFFICE: &str = "20000000-0000-4000-8000-000000000002";
pub const TEST: &str = "30000000-0000-4000-8000-000000000001";
pub const STAGING: &str = "30000000-0000-4000-8000-000000000002";
pub const PRODUCTION: &str = "30000000-0000-4000-8000-000000000003";
pub const INTERNAL: &str = "30000000-0000-4000-8000-000000000011";
pub const BETA: &str = "40000000-0000-4000-8000-000000000001";
pub const BIG_ORDERS: &str = "40000000-0000-4000-8000-000000000002";
pub const STOREFRONT: &str = "50000000-0000-4000-8000-000000000001";
pub const OLD_APP: &str = "50000000-0000-4000-8000-000000000002";
/// Flags of the storefront.
pub const CHECKOUT: i64 = 3001;
pub const DELIVERY: i64 = 3002;
pub const BANNER: i64 = 3003;
pub const CART: i64 = 3004;
/// The flag of the old app.
pub const DARK_MODE: i64 = 3101;
/// Permission groups of the shop.
pub const DEVELOPERS: i64 = 1001;
pub const MANAGERS: i64 = 1002;

pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.split("\r\n").filter_map(|l| l.split_once(": ")).find(|(n, _)| *n == name).map(|(_, v)| v)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {} {:?}", self.status, self.body))
    }

    /// Returns the JSON of the response. Panics if its status differs.
    pub fn with(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        if self.body.is_empty() { Value::Null } else { self.json() }
    }
}

/// A client with fixed credentials.
#[derive(Clone)]
pub struct Caller {
    pub address: SocketAddr,
    pub basic: String,
}

impl Caller {
    pub fn new(simulator: &Simulator, username: &str, password: &str) -> Self {
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{username}:{password}"));
        Self { address: simulator.address(), basic: format!("authorization: Basic {text}\r\n") }
    }

    /// Sends a request with these headers in addition to the credentials; `None` if the connection breaks.
    pub async fn try_send(&self, line: &str, headers: &str, body: &str) -> Option<Response> {
        let basic = &self.basic;
        let length = body.len();
        let request = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{basic}{headers}content-length: {length}\r\n\r\n{body}"
        );
        exchange(self.address, &request).await
    }

    pub async fn send(&self, line: &str, headers: &str, body: &str) -> Response {
        self.try_send(line, headers, body).await.unwrap_or_else(|| panic!("no response to {line}"))
    }

    /// Sends JSON; null for no body.
    pub async fn call(&self, line: &str, body: Value) -> Response {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(line, "content-type: application/json\r\n", &body).await
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call(&format!("GET {path}"), Value::Null).await.with(200)
    }

    pub async fn status(&self, line: &str) -> u16 {
        self.call(line, Value::Null).await.status
    }
}

/// Returns a builder of HTTP clients that connect directly.
pub fn http_client() -> reqwest::ClientBuilder {
    // reqwest uses the process-wide crypto provider; one that is already installed stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}

/// Sends a raw request, and reads the response until the connection is closed.
pub async fn exchange(address: SocketAddr, request: &str) -> Option<Response> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { dechunk(body) } else { body.into() };
    Some(Response { status, head: head.to_lowercase(), body })
}

fn dechunk(mut text: &str) -> String {
    let mut out = String::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        out.push_str(rest.get(..size).unwrap_or_default());
        text = rest.get(size + 2..).unwrap_or_default();
    }
    out
}

/// Starts a simulator with the demo seed, and returns it with a client of its owner.
pub async fn demo() -> (Simulator, Caller) {
    start(Simulator::builder()).await
}

/// As [`demo`], with options.
pub async fn start(builder: Builder) -> (Simulator, Caller) {
    let simulator = builder.seed(Seed::demo().unwrap()).start().await.unwrap();
    let owner = Caller::new(&simulator, "simulator", "simulator");
    (simulator, owner)
}

pub fn patch(operation: &str, path: &str, value: Value) -> Value {
    json!([{ "op": operation, "path": path, "value": value }])
}

/// Returns the request line for the value of a V2 flag.
pub fn value(method: &str, environment: &str, setting: i64) -> String {
    format!("{method} /v2/environments/{environment}/settings/{setting}/value")
}

pub fn on() -> Value {
    json!({ "defaultValue": { "boolValue": true } })
}

pub fn off() -> Value {
    json!({ "defaultValue": { "boolValue": false } })
}

pub fn names(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
