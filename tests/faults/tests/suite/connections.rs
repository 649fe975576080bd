//! Connection reuse, proxies, and trust stores.

use configcat_management::models::{CreateProduct, OrganizationId, ProductId};
use configcat_management::{Builder, Client, ErrorKind, blocking};
use fault_server::{Site, all, start};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A host name that cannot be resolved: a request that succeeds used the proxy.
const NOWHERE: &str = "http://api.invalid";
/// Environment variable that is set if a test runs in a child process; its value is the test's input.
const CHILD: &str = "CONFIGCAT_TEST_CHILD";

fn builder(url: &str) -> Builder {
    Client::builder().credentials("user", "hunter2").base_url(url).allow_http(true).max_attempts(1)
}

async fn get(builder: Builder) -> Result<(), configcat_management::Error> {
    let id = ProductId::from("08d5a03c-feb7-af1e-a1fa-40b3329f8bed");
    builder.build().unwrap().products().get(id).await.map(drop)
}

/// Starts the servers of these harmless faults, and returns them with their certificate authority.
async fn sites(names: &[&str]) -> (Vec<Site>, String) {
    let faults: Vec<_> = all().into_iter().filter(|fault| names.contains(&fault.name)).collect();
    assert_eq!(faults.len(), names.len());
    start(faults).await.unwrap()
}

/// Reads the head of the next request, if there is one.
async fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8(head).unwrap())
}

/// Responds to the next request with 404, and returns its head.
async fn not_found(stream: &mut TcpStream) -> String {
    let head = head(stream).await.unwrap();
    stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    head
}

/// Runs a test again in a child process, with these additional environment variables.
async fn run_in_child(test: &'static str, variables: Vec<(&'static str, String)>) {
    let child = tokio::task::spawn_blocking(move || {
        let program = std::env::current_exe().unwrap();
        Command::new(program)
            .args(["--exact", &format!("connections::{test}")])
            .envs(variables)
            .output()
            .unwrap()
    });
    let output = child.await.unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
}

#[tokio::test]
async fn connection_is_reused_until_the_network_changes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = builder(&format!("http://{}", listener.local_addr().unwrap())).no_proxy().build().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let accepted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            accepted.fetch_add(1, SeqCst);
            tokio::spawn(async move {
                while head(&mut stream).await.is_ok() {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]").await.unwrap();
                }
            });
        }
    });
    for (change, expected) in [(false, 1), (false, 1), (true, 2), (false, 2)] {
        if change {
            client.network_changed();
        }
        assert!(client.products().list().await.unwrap().is_empty());
        assert_eq!(connections.load(SeqCst), expected);
    }
}

#[tokio::test]
async fn proxy_request_has_the_absolute_url() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let proxied = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        not_found(&mut stream).await
    });
    let error = get(builder(NOWHERE).proxy(proxy)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let head = proxied.await.unwrap();
    assert!(head.starts_with("GET http://api.invalid/v1/products/"), "{head}");
    // Without the proxy, the host cannot be resolved.
    let error = get(builder(NOWHERE).no_proxy()).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Connection, false));
}

#[tokio::test]
async fn environment_proxy_is_used_by_default() {
    const TEST: &str = "environment_proxy_is_used_by_default";
    if std::env::var_os(CHILD).is_some() {
        get(builder(NOWHERE)).await.unwrap();
        get(builder(NOWHERE).no_proxy()).await.unwrap_err();
        return;
    }
    let (servers, _) = sites(&["http-1-0"]).await;
    let url = servers[0].url.as_str();
    // In both spellings, because the machine may have a proxy of its own.
    let variables =
        [("HTTP_PROXY", url), ("http_proxy", url), ("NO_PROXY", ""), ("no_proxy", ""), (CHILD, "")];
    run_in_child(TEST, variables.map(|(name, value)| (name, value.to_owned())).to_vec()).await;
}

#[tokio::test]
async fn socks_proxy_receives_the_host_name() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("socks5h://{}", listener.local_addr().unwrap());
    let proxied = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // RFC 1928: the authentication methods, of which "none" is selected; then the destination.
        let (_version, methods) = (stream.read_u8().await.unwrap(), stream.read_u8().await.unwrap());
        stream.read_exact(&mut vec![0; usize::from(methods)]).await.unwrap();
        stream.write_all(&[5, 0]).await.unwrap();
        let mut request = [0; 5];
        stream.read_exact(&mut request).await.unwrap();
        let mut name = vec![0; usize::from(request[4])];
        stream.read_exact(&mut name).await.unwrap();
        let port = stream.read_u16().await.unwrap();
        stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).await.unwrap();
        let head = not_found(&mut stream).await;
        (request[..4].to_vec(), String::from_utf8(name).unwrap(), port, head)
    });
    let error = get(builder(NOWHERE).proxy(proxy)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let (request, name, port, head) = proxied.await.unwrap();
    // Version 5, CONNECT, reserved, address type domain name.
    assert_eq!((request, name.as_str(), port), (vec![5, 1, 0, 3], "api.invalid", 80));
    assert!(head.starts_with("GET /v1/products/"), "{head}");
}

/// Linux only: on other platforms the trust store is not a file that a test can replace.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn platform_trust_store_applies_to_service_and_proxies() {
    const TEST: &str = "platform_trust_store_applies_to_service_and_proxies";
    if let Ok(servers) = std::env::var(CHILD) {
        let (service, authority) = servers.split_once(' ').unwrap();
        get(builder(service).no_proxy()).await.unwrap();
        // The certificate of a proxy is verified too, even for a destination without TLS.
        get(builder(NOWHERE).proxy(service)).await.unwrap();
        get(builder("http://127.0.0.1:9").proxy(service)).await.unwrap();
        // The caller's root certificates are added to those of the platform.
        let other = std::fs::read(authority).unwrap();
        get(builder(service).no_proxy().root_certificate(other)).await.unwrap();
        return;
    }
    let (servers, authority) = sites(&["tls"]).await;
    // An authority that signed none of these certificates.
    let (_, other) = sites(&[]).await;
    let url = servers[0].url.clone();
    let error = get(builder(&url).no_proxy()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.maybe_applied()),
        (ErrorKind::Connection, false),
        "not trusted by this process"
    );

    let folder = std::env::temp_dir().join(format!("configcat-authorities-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (trusted, another) = (folder.join("trusted.pem"), folder.join("another.pem"));
    std::fs::write(&trusted, authority).unwrap();
    std::fs::write(&another, other).unwrap();
    let trusted = ("SSL_CERT_FILE", trusted.display().to_string());
    run_in_child(TEST, vec![trusted, (CHILD, format!("{url} {}", another.display()))]).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn connections_that_ended_while_idle_are_not_used() {
    const TEST: &str = "connections_that_ended_while_idle_are_not_used";
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    if std::env::var_os(CHILD).is_none() {
        // Alone in a process: no other thread drives the connections while these are idle.
        servers.block_on(run_in_child(TEST, vec![(CHILD, String::new())]));
        return;
    }
    for post in [false, true] {
        let faults: Vec<_> = all().into_iter().filter(|fault| fault.name.ends_with("-while-idle")).collect();
        assert_eq!(faults.len(), 5);
        let (sites, authority) = servers.block_on(start(faults)).unwrap();
        for site in sites {
            let builder = builder(&site.url).no_proxy().root_certificate(&*authority);
            let client = blocking::Client::from(builder.build().unwrap());
            let id = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed";
            client.products().get(ProductId::from(id)).send().unwrap();
            std::thread::sleep(Duration::from_millis(200));
            let products = client.products();
            let second = match post {
                true => products.create(OrganizationId::from(id), CreateProduct::new("Shop")).send(),
                false => products.get(ProductId::from(id)).send(),
            };
            assert_eq!(second.unwrap().name, "Shop", "{}", site.fault.name);
        }
    }
}
