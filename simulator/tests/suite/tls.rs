//! HTTPS with a certificate that is made at start.

use crate::support::*;
use configcat_management::{Client, ErrorKind};
use configcat_simulator::testing::faults::{Fault, Reset};
use configcat_simulator::{Builder, ConnectionLimits, Simulator};
use serde_json::Value;
use std::io::ErrorKind::InvalidInput;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const SHORT: Duration = Duration::from_millis(300);

async fn start_tls(builder: Builder) -> Simulator {
    start(builder.tls(true)).await.0
}

/// Returns a client that trusts the simulator, and no other server.
fn trusting(simulator: &Simulator) -> reqwest::ClientBuilder {
    let pem = simulator.ca_certificate().unwrap().as_bytes();
    http_client().tls_certs_only([reqwest::Certificate::from_pem(pem).unwrap()])
}

async fn get(client: &reqwest::Client, url: &str) -> Result<u16, String> {
    let request = client.get(url).basic_auth("simulator", Some("simulator"));
    request.send().await.map(|response| response.status().as_u16()).map_err(|error| format!("{error:?}"))
}

#[tokio::test]
async fn client_with_the_ca_certificate_uses_https() {
    let simulator = start_tls(Simulator::builder()).await;
    assert!(simulator.url().starts_with("https://127.0.0.1:"), "{}", simulator.url());
    let builder = || Client::builder().credentials("simulator", "simulator").base_url(simulator.url());
    let client = builder().root_certificate(simulator.ca_certificate().unwrap()).build().unwrap();
    assert_eq!(client.me().get().await.unwrap().email, "simulator@example.com");
    let strange = builder().max_attempts(1).build().unwrap();
    assert_eq!(strange.me().get().await.unwrap_err().kind(), ErrorKind::Connection);
    let (plain, _) = demo().await;
    assert!(plain.ca_certificate().is_none() && plain.url().starts_with("http://"));
    let other = start_tls(Simulator::builder()).await;
    assert_ne!(simulator.ca_certificate(), other.ca_certificate());
}

#[tokio::test]
async fn certificate_is_for_this_machine_and_further_names() {
    let builder = Simulator::builder().tls_name("api.configcat.com").tls_name("*.sim.example");
    let simulator = start_tls(builder).await;
    let mut client = trusting(&simulator);
    for name in ["api.configcat.com", "a.sim.example", "other.example"] {
        client = client.resolve(name, simulator.address());
    }
    let client = client.build().unwrap();
    let port = simulator.address().port();
    for name in ["localhost", "127.0.0.1", "api.configcat.com", "a.sim.example"] {
        assert_eq!(get(&client, &format!("https://{name}:{port}/v1/me")).await, Ok(200), "{name}");
    }
    let refused = get(&client, &format!("https://other.example:{port}/v1/me")).await.unwrap_err();
    assert!(refused.contains("NotValidForName"), "{refused}");
    let host = IpAddr::V6(Ipv6Addr::LOCALHOST);
    if let Ok(simulator) = Simulator::builder().tls(true).host(host).start().await {
        assert!(simulator.url().starts_with("https://[::1]:"));
        let client = trusting(&simulator).build().unwrap();
        assert_eq!(get(&client, &format!("{}/v1/me", simulator.url())).await, Ok(200));
    }
    let error = Simulator::builder().tls(true).tls_name("a b").start().await.unwrap_err();
    assert_eq!(error.kind(), InvalidInput);
    assert!(error.to_string().contains("\"a b\""), "{error}");
}

/// Returns a number of connections, open at the same time, which send what `beginning` says.
async fn connect(simulator: &Simulator, beginning: &[u8], count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(simulator.address()).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        streams.push(stream);
    }
    streams
}

#[tokio::test]
async fn incomplete_handshakes_are_bounded_and_block_no_one() {
    let mut limits = ConnectionLimits::default();
    (limits.headers, limits.connections) = (SHORT * 6, 8);
    let simulator = start_tls(Simulator::builder().connection_limits(limits)).await;
    let client = trusting(&simulator).pool_max_idle_per_host(0).build().unwrap();
    let url = format!("{}/v1/me", simulator.url());
    // The header of a record with a message of 512 bytes, and the type of a `ClientHello`.
    let hello = [0x16, 3, 1, 2, 0, 1];
    let started = Instant::now();
    let mut streams = connect(&simulator, &[], 3).await;
    streams.extend(connect(&simulator, &hello, 3).await);
    assert_eq!(get(&client, &url).await, Ok(200));
    assert!(started.elapsed() < SHORT * 6, "served while the handshakes wait: {:?}", started.elapsed());
    // One byte at a time does not extend the deadline.
    let mut slow = connect(&simulator, &hello, 1).await.remove(0);
    let begun = Instant::now();
    while begun.elapsed() < SHORT * 30 && slow.write_all(&[0]).await.is_ok() {
        tokio::time::sleep(SHORT / 10).await;
    }
    assert!(begun.elapsed() < SHORT * 20, "{:?}", begun.elapsed());
    for stream in &mut streams {
        let closed = tokio::time::timeout(SHORT * 20, stream.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "a connection without a handshake stays open");
    }
    // They have released their places: more connections than there may be at a time.
    for _ in 0..3 {
        let streams = connect(&simulator, &hello, 7).await;
        assert_eq!(get(&client, &url).await, Ok(200));
        drop(streams);
    }
}

#[tokio::test]
async fn requests_without_tls_are_disconnected() {
    let simulator = start_tls(Simulator::builder()).await;
    let request = b"GET /v1/me HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut stream = connect(&simulator, request, 1).await.remove(0);
    let mut bytes = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes)).await;
    assert!(closed.is_ok() && !bytes.starts_with(b"HTTP"), "{bytes:?}");
    let client = trusting(&simulator).build().unwrap();
    assert_eq!(get(&client, &format!("{}/v1/me", simulator.url())).await, Ok(200));
}

#[tokio::test]
async fn client_that_reads_nothing_is_disconnected_with_tls() {
    let mut limits = ConnectionLimits::default();
    (limits.write, limits.connections) = (SHORT, 1);
    let simulator = start_tls(Simulator::builder().connection_limits(limits)).await;
    let client = trusting(&simulator).build().unwrap();
    // Larger than all buffers between them.
    let fault =
        Fault { path: Some("/large".into()), body: Some("x".repeat(64 << 20).into()), ..Fault::default() };
    simulator.add_fault(fault).unwrap();
    let response = client.get(format!("{}/large", simulator.url())).send().await.unwrap();
    let started = Instant::now();
    // It waits for the only place.
    let other = trusting(&simulator).build().unwrap();
    assert_eq!(get(&other, &format!("{}/v1/me", simulator.url())).await, Ok(200));
    assert!(started.elapsed() < SHORT * 20, "{:?}", started.elapsed());
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn faults_and_origins_work_with_tls() {
    let simulator = start_tls(Simulator::builder()).await;
    let client = trusting(&simulator).build().unwrap();
    let url = simulator.url();
    for reset in [Reset::Before, Reset::After] {
        let fault = Fault { reset: Some(reset), times: Some(1), ..Fault::default() };
        simulator.add_fault(fault).unwrap();
        assert!(get(&client, &format!("{url}/v1/me")).await.is_err(), "{reset:?}");
    }
    let post = |path: &str, origin: String| {
        let request = client.post(format!("{url}{path}")).header("origin", origin);
        let request = request.basic_auth("simulator", Some("simulator"));
        let request = request.header("content-type", "application/json").body(r#"{"name":"x"}"#);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let address = simulator.address();
    for (origin, status) in [
        (format!("https://{address}"), 200),
        (format!("http://{address}"), 403),
        ("https://evil.example".into(), 403),
    ] {
        assert_eq!(post("/__simulator/clock/resume", origin.clone()).await, status, "{origin}");
    }
    let tags = format!("/v1/products/{SHOP}/tags");
    assert_eq!(post(&tags, format!("https://{address}")).await, 201);
    assert_eq!(post(&tags, "https://evil.example".into()).await, 403);
    let spec = client.get(format!("{url}/swagger/v1/swagger.json")).send().await.unwrap();
    let spec: Value = serde_json::from_str(&spec.text().await.unwrap()).unwrap();
    assert_eq!(spec["servers"][0]["url"], url);
}
