//! Clients that try to exhaust the simulator: slow ones, many connections, and bodies that need much memory.

use crate::support::*;
use configcat_simulator::{ConnectionLimits, Simulator};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const OWNER: &str = "authorization: Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==\r\n";
const SHORT: Duration = Duration::from_millis(300);

fn limits() -> ConnectionLimits {
    let mut limits = ConnectionLimits::default();
    (limits.headers, limits.body, limits.write) = (SHORT, SHORT, SHORT);
    limits
}

async fn start_with(limits: ConnectionLimits) -> (Simulator, Caller) {
    start(Simulator::builder().connection_limits(limits)).await
}

async fn connect(simulator: &Simulator) -> TcpStream {
    TcpStream::connect(simulator.address()).await.unwrap()
}

/// Reads until the connection is closed or reset, and returns what arrived and how long it took.
async fn until_closed(stream: &mut TcpStream) -> (String, Duration) {
    let (started, mut bytes) = (Instant::now(), Vec::new());
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes));
    assert!(read.await.is_ok(), "the connection stays open");
    (String::from_utf8_lossy(&bytes).into_owned(), started.elapsed())
}

#[tokio::test]
async fn slow_request_headers_end_the_connection() {
    let (simulator, owner) = start_with(limits()).await;
    for beginning in ["", "GET /v1/me HTTP/1.1\r\nhost: localhost\r\n", "PRI * HTTP/2.0\r\n\r\n"] {
        let mut stream = connect(&simulator).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let (text, took) = until_closed(&mut stream).await;
        assert!(text.is_empty() && took > SHORT / 2 && took < SHORT * 20, "{beginning}: {text} {took:?}");
    }
    // One byte at a time, on a connection that has had a request.
    let mut stream = connect(&simulator).await;
    let request = format!("GET /v1/me HTTP/1.1\r\nhost: localhost\r\n{OWNER}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(stream.read(&mut [0; 4_096]).await.unwrap() > 0);
    let started = Instant::now();
    for byte in request.as_bytes().iter().cycle().take(200) {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(SHORT / 20).await;
    }
    until_closed(&mut stream).await;
    assert!(started.elapsed() < SHORT * 20, "{:?}", started.elapsed());
    assert_eq!(owner.status("GET /v1/me").await, 200);
}

#[tokio::test]
async fn idle_connection_stays_open_longer_than_headers_may_take() {
    let mut limits = limits();
    limits.idle = SHORT * 10;
    let (simulator, _owner) = start_with(limits).await;
    let mut stream = connect(&simulator).await;
    let request = format!("GET /v1/me HTTP/1.1\r\nhost: localhost\r\n{OWNER}\r\n");
    for _ in 0..2 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let read = stream.read(&mut [0; 4_096]).await.unwrap();
        assert!(read > 0);
        tokio::time::sleep(SHORT * 2).await;
    }
    let (text, took) = until_closed(&mut stream).await;
    assert!(text.is_empty() && took < SHORT * 25, "{text} {took:?}");
}

#[tokio::test]
async fn slow_body_gets_408_and_delayed_response_does_not() {
    let (simulator, owner) = start_with(limits()).await;
    for target in [format!("/v1/products/{SHOP}/tags"), "/__simulator/seed".into()] {
        let mut stream = connect(&simulator).await;
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: localhost\r\n{OWNER}content-type: application/json\r\n\
             content-length: 1000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut reading, mut writing) = stream.split();
        let mut response = [0; 12];
        let write = async {
            while writing.write_all(b" ").await.is_ok() {
                tokio::time::sleep(SHORT / 10).await;
            }
        };
        let started = Instant::now();
        tokio::select! {
            () = write => panic!("the connection was closed without a response"),
            read = reading.read_exact(&mut response) => drop(read.unwrap()),
        }
        assert_eq!(std::str::from_utf8(&response).unwrap(), "HTTP/1.1 408");
        assert!(started.elapsed() < SHORT * 20);
    }
    // The time that the simulator itself takes does not count.
    let fault = json!({ "operation": "me.get", "delayMs": 1_000 });
    owner.call("POST /__simulator/faults", fault).await.with(201);
    assert_eq!(owner.status("GET /v1/me").await, 200);
}

#[tokio::test]
async fn client_that_reads_no_response_is_disconnected() {
    let mut limits = limits();
    limits.connections = 1;
    let (simulator, owner) = start_with(limits).await;
    let mut stream = connect(&simulator).await;
    // Responses of 100 KB each fill the buffers of the connection.
    let request = "GET /swagger/v1/swagger.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(200);
    stream.write_all(request.as_bytes()).await.unwrap();
    let other = tokio::time::timeout(Duration::from_secs(10), owner.status("GET /v1/me"));
    assert_eq!(other.await, Ok(200), "its place is free");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
    let mut limits = ConnectionLimits::default();
    limits.connections = 2;
    let (simulator, owner) = start_with(limits).await;
    let (first, _second) = (connect(&simulator).await, connect(&simulator).await);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let waiting = tokio::spawn(async move { owner.status("GET /v1/me").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    drop(first);
    assert_eq!(waiting.await.unwrap(), 200);
    simulator.stop().await;
}

/// Other systems limit the backlog to 128 and reset the connections beyond.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn burst_of_connections_is_accepted_completely() {
    let mut limits = ConnectionLimits::default();
    (limits.connections, limits.headers) = (1, Duration::from_millis(5));
    let (simulator, _owner) = start_with(limits).await;
    let address = simulator.address();
    let clients: Vec<_> = (0..400)
        .map(|_| {
            tokio::spawn(async move { until_closed(&mut TcpStream::connect(address).await.unwrap()).await })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
}

#[tokio::test]
async fn body_with_too_many_values_is_rejected() {
    let (_simulator, owner) = demo().await;
    let line = format!("POST /v1/products/{SHOP}/tags");
    for (value, count) in [("0,", 1_100_000), ("[],", 550_000), ("{},", 240_000), (r#"{"":0},"#, 240_000)] {
        let body = format!("[{}0]", value.repeat(count));
        let headers = "content-type: application/json\r\n";
        let response = owner.send(&line, headers, &body).await;
        assert_eq!(
            (response.status, response.body.contains("256 MiB")),
            (413, true),
            "{value}: {}",
            response.body
        );
    }
}

#[tokio::test]
async fn response_lists_the_first_of_very_many_violations() {
    let (_simulator, owner) = demo().await;
    let body = json!({ "defaultValue": { "boolValue": true }, "targetingRules": vec![0; 5_000] });
    let response = owner.call(&value("PUT", TEST, CHECKOUT), body).await;
    let fields = response.with(400);
    assert_eq!(fields.as_object().unwrap().len(), 1_001);
    assert_eq!(fields[""], json!(["There are 4000 more violations."]));
}
