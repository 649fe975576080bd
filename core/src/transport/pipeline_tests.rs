//! Calls under a paused clock: attempts, deadlines, credentials, and the errors that report them.

use super::message::{RawResponse, SendError};
use super::monitor::{Monitor, Server};
use super::pipeline::CallOptions;
use super::testing::*;
use crate::ErrorKind;
use crate::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use crate::operations::configs::{CREATE, DELETE, LIST};
use crate::transport::auth::{CredentialFuture, CredentialProvider, CredentialSource, Credentials};
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn server_errors_are_retried_until_success() {
    let script = Scripted::new(|n| response(if n < 2 { 503 } else { 200 }, &[]));
    let done = pipeline(script.clone()).go(&LIST).await.unwrap();
    assert_eq!((done.attempts(), script.attempts()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn exhausted_attempts_return_the_last_error() {
    let script = Scripted::new(|_| response(503, &[]));
    let error = pipeline(script.clone()).go(&LIST).await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Server, Some(503), 3));
    assert!(error.maybe_applied());
    assert_eq!(error.operation(), Some("configs.list"));
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_a_server_error_is_honored() {
    let script =
        Scripted::new(|n| if n == 0 { response(503, &[("retry-after", "7")]) } else { response(200, &[]) });
    pipeline(script.clone()).go(&LIST).await.unwrap();
    assert!((7010..7100).contains(&script.times()[1]), "{:?}", script.times());
}

#[tokio::test(start_paused = true)]
async fn lost_post_is_retried_only_with_repeat_all() {
    let script = Scripted::new(|n| if n == 0 { lost() } else { response(201, &[]) });
    let error = pipeline(script.clone()).go(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connection, 1, true));

    let script = Scripted::new(|n| if n == 0 { lost() } else { response(201, &[]) });
    let mut repeating = pipeline(script.clone());
    repeating.policy.repeat_all = true;
    assert_eq!(repeating.go(&CREATE).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn unsent_post_is_retried() {
    let script = Scripted::new(|n| if n < 2 { refused() } else { response(201, &[]) });
    assert_eq!(pipeline(script).go(&CREATE).await.unwrap().attempts(), 3);
    let error = pipeline(Scripted::new(|_| refused())).go(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connection, 3, false));
}

#[tokio::test(start_paused = true)]
async fn delete_404_after_a_lost_attempt_is_already_deleted() {
    let done = pipeline(Scripted::new(|n| if n == 0 { lost() } else { response(404, &[]) }))
        .go(&DELETE)
        .await
        .unwrap();
    assert!(done.already_deleted());
    let error = pipeline(Scripted::new(|_| response(404, &[]))).go(&DELETE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    // A refused connection cannot have deleted anything.
    let error =
        pipeline(Scripted::new(|n| if n == 0 { refused() } else { response(404, &[]) })).go(&DELETE).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn stalled_attempt_times_out_and_is_retried() {
    let script = Scripted::new(|n| {
        let (_, result) = response(200, &[]);
        (Duration::from_secs(if n == 0 { 3600 } else { 0 }), result)
    });
    let done = pipeline(script).go(&LIST).await.unwrap();
    assert_eq!(done.attempts(), 2);
    assert!(done.elapsed() >= Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn timeout_limits_the_whole_call() {
    let start = Instant::now();
    let stalled = Scripted::new(|_| (Duration::from_secs(3600), Ok(raw(200, &[]))));
    let error = pipeline(stalled).go_with(&LIST, limits(45, 9)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(start.elapsed().as_secs(), 45);
}

#[tokio::test(start_paused = true)]
async fn wait_beyond_the_deadline_fails_immediately() {
    let script = Scripted::new(|_| response(429, &[("retry-after", "40")]));
    let start = Instant::now();
    let error = pipeline(script).go_with(&LIST, limits(30, 3)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.retry_after().unwrap() > Duration::from_secs(39));
    assert!(start.elapsed() < Duration::from_secs(1));
    // The response takes 10 ms, so 40 s is well past the deadline and 29.99 s exactly reaches it.
    for seconds in ["40", "29.99"] {
        let script = Scripted::new(|_| response(503, &[("retry-after", seconds)]));
        let error = pipeline(script).go_with(&LIST, limits(30, 3)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1), "{seconds}");
    }
}

#[tokio::test(start_paused = true)]
async fn network_change_fails_attempts_and_retries_if_safe() {
    for (operation, attempts) in [(&LIST, 2), (&CREATE, 1)] {
        let script = Scripted::new(|n| if n == 0 { stalled() } else { response(200, &[]) });
        let pipeline = Arc::new(pipeline(script.clone()));
        let calling = spawn(&pipeline, operation);
        sleep(Duration::from_secs(1)).await;
        let changed = Instant::now();
        pipeline.sender.network_changed();
        let outcome = calling.await.unwrap();
        assert!(changed.elapsed() < Duration::from_secs(9), "{:?}", changed.elapsed());
        assert_eq!(script.attempts(), attempts);
        match outcome {
            Ok(done) => assert_eq!((operation.id, done.attempts()), ("configs.list", 2)),
            Err(error) => {
                assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Connection, true));
                assert!(error.message().contains("network"), "{error}");
            }
        }
    }
}

/// Keeps the events of level INFO.
#[derive(Debug, Clone, Default)]
struct Informed(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Informed {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::Id {
        tracing::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::Id, _: &tracing::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = String::new();
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            line += &format!("{field}={value:?} ");
        });
        self.0.lock().unwrap().push(line);
    }

    fn enter(&self, _: &tracing::Id) {}

    fn exit(&self, _: &tracing::Id) {}
}

#[tokio::test(start_paused = true)]
async fn long_wait_for_the_rate_limit_is_logged_once() {
    for (wait, logged) in [("1", false), ("5", true)] {
        let informed = Informed::default();
        let _guard = tracing::subscriber::set_default(informed.clone());
        let script = Scripted::new(move |n| match n {
            0 => response(429, &[("retry-after", wait)]),
            _ => response(200, &[]),
        });
        pipeline(script).go(&LIST).await.unwrap();
        let lines = informed.0.lock().unwrap().clone();
        assert_eq!(lines.len(), usize::from(logged), "{wait} s: {lines:?}");
        let expected = |line: &String| {
            // The wait ends a little later than the window.
            line.contains("configs.list") && (line.contains("seconds=5") || line.contains("seconds=6"))
        };
        assert!(lines.iter().all(expected), "{lines:?}");
    }
}

/// Returns credentials with this password, or an error if there is none.
struct Keychain(Option<&'static str>);

impl CredentialProvider for Keychain {
    fn credentials(&self) -> CredentialFuture<'_> {
        Box::pin(async {
            match self.0 {
                Some(password) => Credentials::new("me", password),
                None => Err(crate::Error::configuration("the key store is locked")),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn credential_provider_error_prevents_sending() {
    let script = Scripted::new(|_| response(200, &[]));
    let mut pipeline = pipeline(script.clone());
    pipeline.credentials = CredentialSource::Asked(Arc::new(Keychain(Some("secret"))));
    pipeline.go(&LIST).await.unwrap();
    assert_eq!(script.attempts(), 1);

    pipeline.credentials = CredentialSource::Asked(Arc::new(Keychain(None)));
    let error = pipeline.go(&LIST).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), script.attempts()), (ErrorKind::Authentication, 0, 1));
    assert!(error.message().contains("locked"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn call_options_override_the_client_limits() {
    let script = Scripted::new(|_| response(503, &[]));
    let once = CallOptions { max_attempts: Some(1), ..CallOptions::default() };
    assert_eq!(pipeline(script).go_with(&LIST, once).await.unwrap_err().attempts(), 1);
    let script = Scripted::new(|_| (Duration::from_secs(29), Ok(raw(200, &[]))));
    let endless = CallOptions { timeout: Some(Duration::MAX), ..CallOptions::default() };
    assert_eq!(pipeline(script).go_with(&LIST, endless).await.unwrap().elapsed(), Duration::from_secs(29));
}

#[tokio::test(start_paused = true)]
async fn status_of_oversized_response_decides_maybe_applied() {
    let too_large =
        |status| (Duration::ZERO, Err(SendError::TooLarge { status, headers: Box::default(), limit: 10 }));
    for (status, maybe_applied) in [(200, true), (302, true), (404, false), (408, true), (500, true)] {
        let error = pipeline(Scripted::new(move |_| too_large(status))).go(&CREATE).await.unwrap_err();
        let found = (error.kind(), error.status(), error.attempts(), error.maybe_applied());
        assert_eq!(found, (ErrorKind::Decode, Some(status), 1, maybe_applied));
    }
    // `maybe_applied` of an earlier attempt is kept.
    let script = Scripted::new(move |n| if n == 0 { lost() } else { too_large(404) });
    let error = pipeline(script).go(&DELETE).await.unwrap_err();
    assert_eq!((error.attempts(), error.maybe_applied()), (2, true));
}

#[tokio::test(start_paused = true)]
async fn response_is_decoded_by_the_type_of_the_operation() {
    let body = |operation, body: &'static str| async move {
        let script =
            Scripted::new(move |_| (Duration::ZERO, Ok(RawResponse { body: body.into(), ..raw(200, &[]) })));
        pipeline(script).go(operation).await.unwrap()
    };
    // A body is ignored if the operation has no response type.
    body(&DELETE, "<p>Deleted</p>").await.decode::<()>().unwrap();
    let error = body(&LIST, "").await.decode::<Vec<serde_json::Value>>().unwrap_err();
    assert!(error.kind() == ErrorKind::Decode && error.message().contains("it is empty"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn decode_error_body_has_redacted_credentials() {
    let script = Scripted::new(|_| {
        let body = Bytes::from_static(b"you sent open:sesame, and this is no JSON");
        (Duration::ZERO, Ok(RawResponse { body, ..raw(200, &[]) }))
    });
    let mut pipeline = pipeline(script);
    pipeline.credentials = CredentialSource::Fixed(Credentials::new("me", "open:sesame").unwrap());
    let error = pipeline.go(&LIST).await.unwrap().decode::<serde_json::Value>().unwrap_err();
    assert_eq!(error.body(), b"you sent ***, and this is no JSON");
}

/// Records every event.
#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<String>>);

impl Observer for Recorder {
    fn attempt(&self, event: &Attempt<'_>) {
        self.0.lock().unwrap().push(format!("attempt {}", event.attempt));
    }

    fn wait(&self, event: &Wait<'_>) {
        // The delay of a retry is random, so it is recorded as 0.
        let seconds = if event.reason == WaitReason::RateLimit { event.expected.as_secs() } else { 0 };
        self.0.lock().unwrap().push(format!("{:?} {seconds}", event.reason));
    }

    fn outcome(&self, event: &Outcome<'_>) {
        self.0.lock().unwrap().push(format!("outcome {:?}", event.status));
    }
}

#[tokio::test(start_paused = true)]
async fn observer_sees_every_attempt_wait_and_outcome_once() {
    let script = Scripted::new(|n| match n {
        0 | 1 => response(429, &[("retry-after", "5")]),
        2 => response(503, &[]),
        3 => lost(),
        _ => (Duration::ZERO, Err(SendError::TooLarge { status: 206, headers: Box::default(), limit: 10 })),
    });
    let recorder = Arc::new(Recorder::default());
    let mut pipeline = pipeline(script);
    pipeline.monitor = Monitor::new(Some(Arc::clone(&recorder) as Arc<dyn Observer>), Server::default());
    pipeline.go_with(&LIST, limits(300, 9)).await.unwrap_err();
    let usage = pipeline.monitor.usage();
    assert_eq!((usage.requests, usage.rate_limited, usage.waited.as_secs()), (5, 2, 10));
    let seen = recorder.0.lock().unwrap().join(", ");
    assert_eq!(
        seen,
        "attempt 1, outcome Some(429), RateLimit 5, attempt 2, outcome Some(429), RateLimit 5, \
         attempt 3, outcome Some(503), Retry 0, attempt 4, outcome None, Retry 0, attempt 5, outcome Some(206)"
    );
}
