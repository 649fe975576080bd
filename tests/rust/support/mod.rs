//! Loopback server that returns the response of a test vector and records the request, and a lock on the shared runtime.

use configcat_management::{Client, Result};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Held by tests that make blocking calls, so that no other test shuts down their runtime or keeps it busy meanwhile.
static SHARED: RwLock<()> = RwLock::new(());

/// For a test whose blocking calls must not be cancelled.
pub fn calls_that_stay() -> RwLockReadGuard<'static, ()> {
    SHARED.read().unwrap_or_else(PoisonError::into_inner)
}

/// For a test that shuts down the runtime of blocking calls, or keeps the thread that drives it busy.
pub fn calls_alone() -> RwLockWriteGuard<'static, ()> {
    SHARED.write().unwrap_or_else(PoisonError::into_inner)
}

/// A test vector and the server that plays it.
pub struct Vector {
    vector: Value,
    url: String,
    received: JoinHandle<Received>,
}

/// A request as received over the wire.
struct Received {
    head: String,
    body: Vec<u8>,
}

impl Vector {
    /// Starts a server for vector number `index` of a file.
    pub async fn start(file: &str, index: usize) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract").join(format!("{file}.json"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let vectors: Vec<Value> = serde_json::from_str(&text).unwrap();
        let vector = vectors[index].clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = tokio::spawn(serve(listener, vector["response"].clone()));
        Self { vector, url, received }
    }

    pub fn client(&self) -> Client {
        Client::builder()
            .credentials("user", "pass")
            .base_url(&*self.url)
            .no_proxy()
            .max_attempts(1)
            .build()
            .unwrap()
    }

    /// Compares the request and the decoded response with the vector.
    pub fn check<T: Serialize>(self, result: Result<T>) {
        let value = result.unwrap_or_else(|e| panic!("{}: {e}", self.vector["name"]));
        let received =
            futures_util::FutureExt::now_or_never(self.received).expect("a request was made").unwrap();
        let expected = &self.vector["request"];
        let mut lines = received.head.split("\r\n");
        let line = format!(
            "{} {} HTTP/1.1",
            expected["method"].as_str().unwrap(),
            expected["target"].as_str().unwrap()
        );
        assert_eq!(lines.next(), Some(line.as_str()));
        let headers: Vec<(String, &str)> =
            lines.filter_map(|l| l.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v)).collect();
        let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| *v);
        for (name, value) in expected["headers"].as_object().unwrap() {
            assert_eq!(header(name), value.as_str(), "header {name}");
        }
        assert_eq!(header("authorization"), Some("Basic dXNlcjpwYXNz"));
        if expected["body"].is_null() {
            assert!(received.body.is_empty(), "a body was sent: {}", String::from_utf8_lossy(&received.body));
        } else {
            assert_eq!(serde_json::from_slice::<Value>(&received.body).unwrap(), expected["body"]);
        }
        let expected = &self.vector["response"]["body"];
        let written = without_new_nulls(serde_json::to_value(&value).unwrap(), expected);
        assert_eq!(written, *expected);
    }
}

/// Removes null members that the expected value does not have: vectors written by hand do not contain the fields that the
/// service adds later.
fn without_new_nulls(written: Value, expected: &Value) -> Value {
    match (written, expected) {
        (Value::Object(members), Value::Object(known)) => members
            .into_iter()
            .filter(|(name, value)| !value.is_null() || known.contains_key(name))
            .map(|(name, value)| {
                let value = without_new_nulls(value, &known.get(&name).cloned().unwrap_or_default());
                (name, value)
            })
            .collect(),
        (Value::Array(items), Value::Array(known)) if items.len() == known.len() => {
            items.into_iter().zip(known).map(|(item, known)| without_new_nulls(item, known)).collect()
        }
        (written, _) => written,
    }
}

/// Reads one request and writes the response.
async fn serve(listener: TcpListener, response: Value) -> Received {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = Vec::new();
    let received = loop {
        let mut chunk = [0; 16 * 1024];
        let n = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..n]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let lower = head.to_lowercase();
        let length = lower
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse::<usize>().unwrap());
        if bytes.len() >= end + 4 + length {
            break Received { head, body: bytes[end + 4..end + 4 + length].to_vec() };
        }
    };
    let body = if response["body"].is_null() { String::new() } else { response["body"].to_string() };
    let head = format!(
        "HTTP/1.1 {} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        response["status"],
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    received
}
