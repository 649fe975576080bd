//! A receiver of webhook calls.

use configcat_management::webhook::{VerificationError, Verifier};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Starts a server that responds with 500 to the first `failures` requests, then with 200, and records the requests.
/// Returns its URL, with a path, and the requests.
pub async fn receiver(failures: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = String::new();
            let mut buffer = [0; 4096];
            loop {
                let n = stream.read(&mut buffer).await.unwrap_or(0);
                text.push_str(&String::from_utf8_lossy(&buffer[..n]));
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head
                    .to_lowercase()
                    .split_once("content-length: ")
                    .map_or(0, |(_, rest)| rest.split("\r\n").next().unwrap().parse().unwrap());
                if body.len() >= length || n == 0 {
                    break;
                }
            }
            let count = {
                let mut kept = kept.lock().unwrap();
                kept.push(text);
                kept.len()
            };
            let status = if count <= failures { "500 No" } else { "200 OK" };
            let response = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    (url, seen)
}

pub fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let found = request
        .split("\r\n")
        .filter_map(|line| line.split_once(": "))
        .find(|(n, _)| n.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value).unwrap_or_else(|| panic!("no {name} in {request}"))
}

pub async fn wait_for(count: usize, seen: &Mutex<Vec<String>>) -> Vec<String> {
    for _ in 0..100 {
        if seen.lock().unwrap().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    seen.lock().unwrap().clone()
}

/// Verifies the signature of a recorded call.
pub fn verify(request: &str, key: &str) -> Result<(), VerificationError> {
    Verifier::new([key]).verify(
        header(request, "X-ConfigCat-Webhook-ID"),
        header(request, "X-ConfigCat-Webhook-Timestamp"),
        header(request, "X-ConfigCat-Webhook-Signature-V1"),
        request.split("\r\n\r\n").nth(1).unwrap().as_bytes(),
    )
}
