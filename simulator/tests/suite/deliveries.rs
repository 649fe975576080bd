//! Webhooks that try to exhaust the simulator: their calls, the queue and the log are bounded.

use crate::support::*;
use configcat_simulator::Simulator;
use configcat_simulator::delivery::Delivery;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

async fn webhook(owner: &Caller, url: &str, content: &str) {
    let line = format!("POST /v1/configs/{STOREFRONT}/environments/{TEST}/webhooks");
    owner.call(&line, json!({ "url": url, "httpMethod": "post", "content": content })).await.with(201);
}

/// Changes a flag, so that its webhooks are called.
async fn change(owner: &Caller, number: usize, reason: &str) {
    let line = format!("{}?reason={reason}", value("PUT", TEST, CART));
    owner.call(&line, json!({ "defaultValue": { "intValue": number } })).await.with(200);
}

/// Waits until the log has a number of deliveries.
async fn deliveries(simulator: &Simulator, count: usize) -> Vec<Delivery> {
    for _ in 0..500 {
        if simulator.webhook_deliveries().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    simulator.webhook_deliveries()
}

#[tokio::test]
async fn placeholders_in_values_are_not_replaced() {
    let (simulator, owner) = demo().await;
    webhook(&owner, "http://127.0.0.1:1/%23%23URL%23%23?##ConfigName##", "##URL## ##ChangeNotes##").await;
    change(&owner, 1, "%23%23URL%23%23").await;
    let log = deliveries(&simulator, 1).await;
    assert_eq!(log[0].body, "http://127.0.0.1:1/%23%23URL%23%23?##ConfigName## ##URL##");
}

#[tokio::test]
async fn webhook_content_that_becomes_too_long_is_not_sent() {
    let (simulator, owner) = demo().await;
    let url = format!("http://127.0.0.1:1/{}", "x".repeat(981));
    webhook(&owner, &url, &"##URL##".repeat(1_049)).await;
    webhook(&owner, &url, &"##URL##".repeat(1_048)).await;
    change(&owner, 1, "").await;
    let log = deliveries(&simulator, 2).await;
    assert_eq!((log[0].attempts, log[0].body.len()), (0, 0));
    let error = log[0].error.as_deref().unwrap();
    assert_eq!(error, "not sent: the content with its placeholders replaced is longer than 1048576 bytes");
    assert_eq!((log[1].attempts, log[1].body.len()), (3, 1_048_000));
}

#[tokio::test]
async fn calls_beyond_the_queue_are_logged_as_not_sent() {
    let (simulator, owner) = demo().await;
    // Accepts no connection, so that the first call waits.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    for _ in 0..50 {
        webhook(&owner, &url, &"x".repeat(15_000)).await;
    }
    for number in 0..45 {
        change(&owner, number, "").await;
    }
    let log = simulator.webhook_deliveries();
    // 32 MiB of calls wait.
    assert!((50..150).contains(&log.len()), "{}", log.len());
    let waiting = 45 * 50 - log.len();
    assert_eq!(log[0].error, Some(format!("not sent: {waiting} calls are waiting already")));
}

#[tokio::test]
async fn delivery_log_is_bounded_in_bytes() {
    let (simulator, owner) = demo().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let url = format!("{url}{}", "x".repeat(1_000 - url.len()));
    webhook(&owner, &url, &"##URL##".repeat(1_048)).await;
    for number in 0..40 {
        change(&owner, number, "").await;
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut received, mut buffer) = (0, vec![0; 1 << 20]);
        while received < 1_048_000 {
            received += stream.read(&mut buffer).await.unwrap();
        }
        let response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(response).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let log = simulator.webhook_deliveries();
    assert_eq!((log.len(), log.last().unwrap().status), (31, Some(200)));
}

#[tokio::test]
async fn endless_response_to_a_webhook_is_not_read() {
    let (simulator, owner) = demo().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    webhook(&owner, &format!("http://{}/", listener.local_addr().unwrap()), "x").await;
    change(&owner, 1, "").await;
    let (mut stream, _) = listener.accept().await.unwrap();
    let started = Instant::now();
    let _ = stream.read(&mut [0; 4_096]).await;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n").await.unwrap();
    let chunk = [b'x'; 65_536];
    let mut sent = 0;
    while stream.write_all(&chunk).await.is_ok() {
        sent += chunk.len();
        assert!(sent < 64 << 20, "the response is read");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
    let log = deliveries(&simulator, 1).await;
    assert_eq!((log[0].attempts, log[0].status), (1, Some(200)));
}
