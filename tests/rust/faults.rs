//! The client over real connections with faults.

use configcat_management::models::{CreateProduct, OrganizationId};
use configcat_management::observer::{Attempt, Observer, Outcome, Wait};
use configcat_management::{Builder, Client, CredentialFuture, CredentialProvider, Credentials, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const ORGANIZATION: &str = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed";
const ME: &str = r#"{"email":"a@example.com","fullName":"A"}"#;

/// Behaviour of the server on one connection.
#[derive(Clone)]
pub enum Act {
    /// Writes these bytes and closes.
    Respond(Vec<u8>),
    /// Closes the connection after the request, without a response.
    Hang,
    /// Sends nothing for this time, then closes.
    Stall(Duration),
}

pub fn http(status: &str, headers: &str, body: &str) -> Act {
    Act::Respond(
        format!(
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}connection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

pub fn ok(body: &str) -> Act {
    http("200 OK", "content-type: application/json\r\n", body)
}

/// A server that plays its acts, one per connection, and repeats the last one. Records the requests.
pub struct Server {
    url: String,
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let acts: Vec<Act> = acts.into_iter().collect();
        let kept = Arc::clone(&requests);
        tokio::spawn(async move {
            for n in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let act = acts[n.min(acts.len() - 1)].clone();
                tokio::spawn(play(stream, act, Arc::clone(&kept)));
            }
        });
        Self { url, requests }
    }

    pub fn builder(&self) -> Builder {
        Client::builder().credentials("user", "hunter2").base_url(&*self.url).no_proxy()
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

async fn play(mut stream: TcpStream, act: Act, kept: Arc<Mutex<Vec<String>>>) {
    let mut bytes = vec![0; 16 * 1024];
    let n = stream.read(&mut bytes).await.unwrap_or(0);
    kept.lock().unwrap().push(String::from_utf8_lossy(&bytes[..n]).into_owned());
    match act {
        Act::Respond(response) => {
            let _ = stream.write_all(&response).await;
            let _ = stream.shutdown().await;
        }
        Act::Hang => {}
        Act::Stall(time) => tokio::time::sleep(time).await,
    }
}

fn create(
    client: &Client,
) -> configcat_management::Request<configcat_management::resources::products::Create> {
    client.products().create(OrganizationId::from(ORGANIZATION), CreateProduct::new("x"))
}

#[tokio::test]
async fn refused_connection_is_retried_then_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client =
        Client::builder().credentials("u", "p").base_url(url).no_proxy().max_attempts(2).build().unwrap();
    let error = create(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connection, 2, false));
}

#[tokio::test]
async fn closed_connection_is_retried_only_for_idempotent_calls() {
    let server = Server::start([Act::Hang, ok(ME)]).await;
    assert_eq!(server.client().me().get().await.unwrap().full_name, "A");
    let server = Server::start([Act::Hang, ok("{}")]).await;
    let error = create(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connection, 1, true));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn truncated_body_is_a_connection_error() {
    let cut = Act::Respond(b"HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n{\"email\":".to_vec());
    let server = Server::start([cut]).await;
    let error = server.client().me().get().max_attempts(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
}

#[tokio::test]
async fn silent_server_causes_a_timeout() {
    let server = Server::start([Act::Stall(Duration::from_secs(60))]).await;
    let client =
        server.builder().attempt_timeout(Duration::from_millis(200)).max_attempts(2).build().unwrap();
    let start = Instant::now();
    let error = client.me().get().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    let error = server.client().me().get().timeout(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn response_over_the_size_limit_is_rejected() {
    // A body that arrives in one piece, and one that arrives in many.
    for letters in [100, 100_000] {
        let body = format!(r#"{{"email":"{}","fullName":"A"}}"#, "x".repeat(letters));
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close";
        let chunked = format!("{head}\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
        for act in [ok(&body), Act::Respond(chunked.into_bytes())] {
            let server = Server::start([act]).await;
            assert!(server.client().me().get().await.is_ok());
            let with_cap = |cap| server.builder().max_response_size(cap).build().unwrap();
            assert!(with_cap(length).me().get().await.is_ok(), "exactly at the limit");
            for cap in [length - 1, length / 2] {
                let error = with_cap(cap).me().get().await.unwrap_err();
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
                assert!(error.message().contains(&format!("larger than {cap} bytes")), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn decode_error_names_the_path() {
    let organization = r#"{"organizationId":"1","name":"o"}"#;
    let product =
        |rest: &str| format!(r#"[{{"organization":{organization},"productId":"2","name":"p",{rest}}}]"#);
    for (body, path) in [
        ("not json".to_owned(), ""),
        (String::new(), ""),
        ("{}".to_owned(), ""),
        (product(r#""order":"1","reasonRequired":true,"approveRequired":true"#), "[0].order"),
        (product(r#""order":1,"reasonRequired":true"#), "[0].approveRequired"),
        (r#"[{"organization":{"organizationId":"1"}}]"#.to_owned(), "[0].organization.name"),
    ] {
        let server = Server::start([ok(&body)]).await;
        let error = server.client().products().list().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.path()),
            (ErrorKind::Decode, Some(200), Some(path)),
            "{body}"
        );
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let target = Server::start([ok(ME)]).await;
    let server = Server::start([http("302 Found", &format!("location: {}/v1/me\r\n", target.url), "")]).await;
    let error = server.client().me().get().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Server, Some(302)));
    assert_eq!(target.count(), 0);
}

#[tokio::test]
async fn compressed_response_is_decoded() {
    // `{"email":"a@example.com","fullName":"A"}`, stored in a gzip member without compression.
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    let length = u16::try_from(ME.len()).unwrap();
    gzip.extend_from_slice(&length.to_le_bytes());
    gzip.extend_from_slice(&(!length).to_le_bytes());
    gzip.extend_from_slice(ME.as_bytes());
    gzip.extend_from_slice(&crc32(ME.as_bytes()).to_le_bytes());
    gzip.extend_from_slice(&u32::from(length).to_le_bytes());
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        gzip.len()
    );
    let server = Server::start([Act::Respond([head.into_bytes(), gzip].concat())]).await;
    assert_eq!(server.client().me().get().await.unwrap().email, "a@example.com");
    assert!(server.requests.lock().unwrap()[0].to_lowercase().contains("accept-encoding: "));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[tokio::test]
async fn status_429_is_retried_for_every_method() {
    let rejection =
        http("429 Too Many Requests", "retry-after: 1\r\ncontent-type: text/plain\r\n", "Slow down");
    let server = Server::start([rejection, http("201 Created", "", "null")]).await;
    let start = Instant::now();
    let error = create(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.count()), (ErrorKind::Decode, 2, 2));
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn status_determines_the_error_kind() {
    for (status, kind) in [
        ("400 X", ErrorKind::BadRequest),
        ("401 X", ErrorKind::Authentication),
        ("403 X", ErrorKind::Permission),
        ("404 X", ErrorKind::NotFound),
        ("409 X", ErrorKind::Conflict),
        ("418 X", ErrorKind::BadRequest),
        ("500 X", ErrorKind::Server),
    ] {
        let server = Server::start([http(status, "", "")]).await;
        let error = server.client().me().get().max_attempts(1).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, status[..3].parse().ok()), "{status}");
    }
}

#[derive(Debug, Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Observer for Notes {
    fn attempt(&self, event: &Attempt<'_>) {
        self.0.lock().unwrap().push(format!("attempt {} of {}", event.attempt, event.operation));
    }

    fn wait(&self, event: &Wait<'_>) {
        self.0.lock().unwrap().push(format!("wait for {:?}", event.reason));
    }

    fn outcome(&self, event: &Outcome<'_>) {
        self.0.lock().unwrap().push(format!("outcome {:?}", event.status));
    }
}

#[tokio::test]
async fn an_observer_sees_attempts_waits_and_outcomes() {
    let notes = Notes::default();
    let server = Server::start([http("503 X", "", ""), ok(ME)]).await;
    server.builder().observer(notes.clone()).build().unwrap().me().get().await.unwrap();
    assert_eq!(
        *notes.0.lock().unwrap(),
        [
            "attempt 1 of me.get",
            "outcome Some(503)",
            "wait for Retry",
            "attempt 2 of me.get",
            "outcome Some(200)"
        ]
    );
}

#[tokio::test]
async fn requests_carry_caller_id_and_user_agent() {
    let server = Server::start([ok(ME)]).await;
    let client = server.builder().caller_id("tool/1").user_agent_product("mine/2").build().unwrap();
    client.me().get().await.unwrap();
    let request = server.requests.lock().unwrap()[0].to_lowercase();
    let agent = format!("user-agent: mine/2 configcat-management/{} (rust)", env!("CARGO_PKG_VERSION"));
    assert!(request.contains("x-caller-id: tool/1\r\n") && request.contains(&agent), "{request}");
}

#[tokio::test]
async fn dropping_a_call_closes_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder().credentials("u", "p").base_url(url).no_proxy().build().unwrap();
    let call = tokio::spawn(async move { client.me().get().await });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = [0; 4096];
    assert!(stream.read(&mut bytes).await.unwrap() > 0);
    call.abort();
    let end = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut bytes)).await;
    assert_eq!(end.unwrap().unwrap_or(0), 0);
}

#[tokio::test]
async fn network_change_retries_stalled_attempt_on_new_connection() {
    let server = Server::start([Act::Stall(Duration::from_secs(30)), ok(ME)]).await;
    let client = server.client();
    let begun = Instant::now();
    let calling = tokio::spawn({
        let client = client.clone();
        async move { client.me().get().await }
    });
    while server.requests.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    client.network_changed();
    assert_eq!(calling.await.unwrap().unwrap().email, "a@example.com");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(server.requests.lock().unwrap().len(), 2);
}

/// Provider of a new password for each call.
#[derive(Default)]
struct Rotating(std::sync::atomic::AtomicUsize);

impl CredentialProvider for Rotating {
    fn credentials(&self) -> CredentialFuture<'_> {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Box::pin(async move { Credentials::new("me", format!("secret-{n}")) })
    }
}

#[tokio::test]
async fn provider_supplies_credentials_for_each_call() {
    let server = Server::start([ok(ME)]).await;
    let client = Client::builder()
        .credential_provider(Rotating::default())
        .base_url(&*server.url)
        .no_proxy()
        .build()
        .unwrap();
    client.me().get().await.unwrap();
    client.me().get().await.unwrap();
    let requests = server.requests.lock().unwrap();
    // `me:secret-0` and `me:secret-1`
    for (request, credentials) in requests.iter().zip(["bWU6c2VjcmV0LTA=", "bWU6c2VjcmV0LTE="]) {
        assert!(request.contains(credentials), "{request}");
    }
    assert_eq!(requests.len(), 2);
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn errors_tell_whether_a_retry_may_help() {
    let limited = http("429 Too Many Requests", "retry-after: 7\r\n", "{}");
    for (act, kind, retryable) in [
        (limited, ErrorKind::RateLimited, true),
        (http("503 Service Unavailable", "", ""), ErrorKind::Server, true),
        (http("501 Not Implemented", "", ""), ErrorKind::Server, false),
        (http("400 Bad Request", "", "{}"), ErrorKind::BadRequest, false),
    ] {
        let server = Server::start([act]).await;
        let error = server.client().me().get().max_attempts(1).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable(), error.attempts()), (kind, retryable, 1), "{error}");
        let wait = (kind == ErrorKind::RateLimited).then_some(Duration::from_secs(7));
        assert_eq!(error.retry_after(), wait, "{error}");
    }
}
