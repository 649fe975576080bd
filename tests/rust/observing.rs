//! Observers, headers of attempts, and changes of the network.

use crate::faults::{Act, Server, http, ok};
use configcat_management::observer::{Attempt, Finished, Observer, Outcome, Wait, WaitReason};
use configcat_management::{Client, Error, ErrorKind, ExtraHeaders, blocking};
use configcat_simulator::{RateLimit, Simulator};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const ME: &str = r#"{"email":"a@example.com","fullName":"A"}"#;
const MISSING: &str = "20000000-0000-4000-8000-00000000ffff";

/// An event without references.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    event: &'static str,
    call: u64,
    request: String,
    attempt: u32,
    status: Option<u16>,
    error: Option<ErrorKind>,
    will_retry: bool,
    bytes: (u64, u64),
    waited: Duration,
    remaining: Option<u64>,
}

impl Seen {
    fn of(event: &'static str, call: u64, request: [&str; 3], attempt: u32) -> Self {
        Self {
            event,
            call,
            request: request.join(" "),
            attempt,
            status: None,
            error: None,
            will_retry: false,
            bytes: (0, 0),
            waited: Duration::ZERO,
            remaining: None,
        }
    }
}

/// Keeps every event.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<Vec<Seen>>>);

impl Kept {
    fn push(&self, seen: Seen) {
        self.0.lock().unwrap().push(seen);
    }

    fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn names(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().iter().map(|seen| seen.event).collect()
    }
}

impl Observer for Kept {
    fn attempt(&self, e: &Attempt<'_>) {
        self.push(Seen::of("attempt", e.call, [e.operation, e.method, e.path_template], e.attempt));
    }

    fn wait(&self, e: &Wait<'_>) {
        let event = if e.reason == WaitReason::Retry { "backoff" } else { "wait" };
        let seen = Seen::of(event, e.call, [e.operation, e.method, e.path_template], e.attempt);
        self.push(Seen { waited: e.expected, ..seen });
    }

    fn outcome(&self, e: &Outcome<'_>) {
        self.push(Seen {
            status: e.status,
            error: e.error,
            will_retry: e.will_retry,
            bytes: (e.request_bytes, e.response_bytes),
            ..Seen::of("outcome", e.call, [e.operation, e.method, e.path_template], e.attempt)
        });
    }

    fn finished(&self, e: &Finished<'_>) {
        assert!(e.elapsed >= e.waited + e.backoff);
        self.push(Seen {
            status: e.status,
            error: e.error,
            waited: if e.waited.is_zero() { e.backoff } else { e.waited },
            remaining: e.remaining,
            ..Seen::of("finished", e.call, [e.operation, e.method, e.path_template], e.attempts)
        });
    }
}

fn observed(server: &Server) -> (Kept, Client) {
    let kept = Kept::default();
    let client = server.builder().observer(kept.clone()).build().unwrap();
    (kept, client)
}

#[tokio::test]
async fn events_of_a_call_have_its_id_method_and_template() {
    let server = Server::start([Act::Hang, http("503 X", "", "sorry"), ok("[]")]).await;
    let (kept, client) = observed(&server);
    client.configs().list(MISSING).await.unwrap();
    let seen = kept.take();
    let names: Vec<_> = seen.iter().map(|seen| (seen.event, seen.attempt)).collect();
    assert_eq!(
        names,
        [
            ("attempt", 1),
            ("outcome", 1),
            ("backoff", 2),
            ("attempt", 2),
            ("outcome", 2),
            ("backoff", 3),
            ("attempt", 3),
            ("outcome", 3),
            ("finished", 3)
        ]
    );
    for event in &seen {
        assert_eq!(event.request, "configs.list GET /v1/products/{productId}/configs");
        assert_eq!(event.call, seen[0].call);
    }
    let outcomes: Vec<_> = seen.iter().filter(|seen| seen.event == "outcome").collect();
    let facts: Vec<_> = outcomes.iter().map(|o| (o.status, o.error, o.will_retry, o.bytes)).collect();
    assert_eq!(
        facts,
        [
            (None, Some(ErrorKind::Connection), true, (0, 0)),
            (Some(503), Some(ErrorKind::Server), true, (0, 5)),
            (Some(200), None, false, (0, 2))
        ]
    );
    let end = seen.last().unwrap();
    assert_eq!((end.status, end.error), (Some(200), None));
    assert!(end.waited > Duration::ZERO, "the delays before the retries");
    client.configs().list(MISSING).await.unwrap();
    assert!(kept.take()[0].call > end.call);
}

#[tokio::test]
async fn bytes_of_a_request_are_those_of_its_body() {
    let server = Server::start([ok(r#"{"a":"ü"}"#)]).await;
    let (kept, client) = observed(&server);
    client.request("POST", "/v1/things/7").query("secret", "q").body([1, 2, 3]).await.unwrap();
    let seen = kept.take();
    assert_eq!(seen[1].bytes, (7, 10));
    for event in seen {
        assert_eq!(event.request, "POST /v1/things/7 POST /v1/things/7");
    }
}

#[tokio::test]
async fn wait_for_the_rate_limit_is_in_the_end_of_its_call() {
    let simulator = Simulator::builder()
        .rate_limit(RateLimit { limit: 1, window: Duration::from_secs(1) })
        .start()
        .await
        .unwrap();
    let kept = Kept::default();
    let client = Client::builder()
        .credentials("simulator", "simulator")
        .base_url(simulator.url())
        .observer(kept.clone())
        .build()
        .unwrap();
    client.me().get().await.unwrap();
    assert_eq!(kept.take().last().unwrap().remaining, Some(0));
    client.me().get().await.unwrap();
    let seen = kept.take();
    assert_eq!((seen[0].event, seen[0].attempt), ("wait", 1));
    let end = seen.last().unwrap();
    assert!(end.waited > Duration::from_millis(100), "{end:?}");
}

#[tokio::test]
async fn failed_call_ends_with_the_kind_of_its_error() {
    let server = Server::start([http("404 X", "", "{}")]).await;
    let (kept, client) = observed(&server);
    let error = client.me().get().await.unwrap_err();
    let seen = kept.take();
    assert_eq!((seen[1].error, seen[1].will_retry), (Some(error.kind()), false));
    assert_eq!(
        (seen[2].event, seen[2].status, seen[2].error),
        ("finished", Some(404), Some(ErrorKind::NotFound))
    );
}

#[tokio::test]
async fn dropped_call_ends_as_cancelled() {
    let server = Server::start([Act::Stall(Duration::from_secs(30))]).await;
    let (kept, client) = observed(&server);
    let call = tokio::time::timeout(Duration::from_millis(200), client.me().get().into_future());
    call.await.unwrap_err();
    assert_eq!(kept.names(), ["attempt", "finished"]);
    assert_eq!(kept.take()[1].error, Some(ErrorKind::Cancelled));
}

#[tokio::test]
async fn call_without_credentials_has_no_attempt() {
    #[derive(Debug)]
    struct Empty;
    impl configcat_management::CredentialProvider for Empty {
        fn credentials(&self) -> configcat_management::CredentialFuture<'_> {
            Box::pin(async { Err(Error::configuration("the vault is sealed")) })
        }
    }
    let kept = Kept::default();
    let server = Server::start([ok(ME)]).await;
    let client = server.builder().credential_provider(Empty).observer(kept.clone()).build().unwrap();
    client.me().get().await.unwrap_err();
    let seen = kept.take();
    assert_eq!((seen.len(), seen[0].event, seen[0].attempt), (1, "finished", 0));
    assert_eq!(seen[0].error, Some(ErrorKind::Authentication));
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn headers_of_an_attempt_are_made_for_each_one() {
    let echo = http("503 X", "", r#"{"message":"token-of-attempt-1 is wrong"}"#);
    let server = Server::start([echo.clone(), echo]).await;
    let client = server
        .builder()
        .max_attempts(2)
        .attempt_headers(|attempt| {
            ExtraHeaders::from_iter([
                ("x-token", format!("token-of-attempt-{}", attempt.attempt)),
                ("x-team", attempt.operation.to_owned()),
            ])
        })
        .build()
        .unwrap();
    let error = client.me().get().header("X-Team", "mine").await.unwrap_err();
    let requests = server.requests.lock().unwrap().join("").to_lowercase();
    for line in ["x-token: token-of-attempt-1\r\n", "x-token: token-of-attempt-2\r\n"] {
        assert_eq!(requests.matches(line).count(), 1, "{requests}");
    }
    assert_eq!((requests.matches("x-team: mine\r\n").count(), requests.matches("x-team").count()), (2, 2));
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("*** is wrong") && !shown.contains("token-of"), "{shown}");
}

#[tokio::test]
async fn refused_header_of_an_attempt_fails_the_call() {
    let server = Server::start([ok(ME)]).await;
    let headers = |_: &Attempt<'_>| ExtraHeaders::from_iter([("Authorization", "mine")]);
    let client = server.builder().attempt_headers(headers).build().unwrap();
    let error = client.me().get().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.count()), (ErrorKind::BadRequest, 0, 0));
    assert!(error.message().contains(r#"header "Authorization" is set by the client"#), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn network_change_ends_the_attempt_of_a_waiting_thread() {
    let server = Server::start([Act::Stall(Duration::from_secs(30)), ok(ME)]).await;
    let client = blocking::Client::from(server.client());
    let begun = Instant::now();
    let waiting = std::thread::spawn({
        let client = client.clone();
        move || client.me().get().send()
    });
    while server.count() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    client.network_changed();
    assert_eq!(waiting.join().unwrap().unwrap().email, "a@example.com");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn refused_call_has_only_an_end() {
    let server = Server::start([ok(ME)]).await;
    let (kept, client) = observed(&server);
    client
        .tags()
        .create(MISSING, configcat_management::models::CreateTag::new("x".repeat(300)))
        .await
        .unwrap_err();
    client.me().get().header("Host", "elsewhere").await.unwrap_err();
    client.request("HEAD", "/v1/me").await.unwrap_err();
    let seen = kept.take();
    let requests: Vec<_> = seen.iter().map(|seen| (seen.event, seen.request.trim())).collect();
    assert_eq!(
        requests,
        [
            ("finished", "tags.create POST /v1/products/{productId}/tags"),
            ("finished", "me.get GET /v1/me"),
            ("finished", "HEAD /v1/me")
        ]
    );
    for end in seen {
        assert_eq!((end.error, end.attempt, end.status), (Some(ErrorKind::BadRequest), 0, None));
    }
}
