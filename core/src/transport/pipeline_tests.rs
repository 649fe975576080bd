//! Calls under a paused clock: attempts, deadlines, credentials, and what an error says of them.

use super::message::{RawResponse, SendError};
use super::monitor::Monitor;
use super::pipeline::CallOptions;
use super::testing::*;
use crate::ErrorKind;
use crate::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use crate::operations::configs::{CREATE, DELETE, LIST};
use crate::transport::auth::{CredentialProvider, Credentials, Giving, Source};
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn a_burst_of_server_errors_is_ridden_out() {
    let script = Scripted::new(|n| answer(if n < 2 { 503 } else { 200 }, &[]));
    let done = pipeline(script.clone()).go(&LIST).await.unwrap();
    assert_eq!((done.attempts(), script.attempts()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn attempts_end_with_the_last_answer() {
    let script = Scripted::new(|_| answer(503, &[]));
    let error = pipeline(script.clone()).go(&LIST).await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Server, Some(503), 3));
    assert!(error.maybe_applied());
    assert_eq!(error.operation(), Some("configs.list"));
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_a_server_error_is_kept_to() {
    let script =
        Scripted::new(|n| if n == 0 { answer(503, &[("retry-after", "7")]) } else { answer(200, &[]) });
    pipeline(script.clone()).go(&LIST).await.unwrap();
    assert!((7010..7100).contains(&script.times()[1]), "{:?}", script.times());
}

#[tokio::test(start_paused = true)]
async fn a_post_after_a_lost_connection_is_not_sent_again_unless_asked() {
    let script = Scripted::new(|n| if n == 0 { lost() } else { answer(201, &[]) });
    let error = pipeline(script.clone()).go(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connection, 1, true));

    let script = Scripted::new(|n| if n == 0 { lost() } else { answer(201, &[]) });
    let mut asked = pipeline(script.clone());
    asked.policy.repeat_all = true;
    assert_eq!(asked.go(&CREATE).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_post_that_never_left_is_sent_again() {
    let script = Scripted::new(|n| if n < 2 { refused() } else { answer(201, &[]) });
    assert_eq!(pipeline(script).go(&CREATE).await.unwrap().attempts(), 3);
    let error = pipeline(Scripted::new(|_| refused())).go(&CREATE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connection, 3, false));
}

#[tokio::test(start_paused = true)]
async fn a_404_on_the_second_delete_is_success_and_says_so() {
    let done = pipeline(Scripted::new(|n| if n == 0 { lost() } else { answer(404, &[]) }))
        .go(&DELETE)
        .await
        .unwrap();
    assert!(done.already_deleted());
    let error = pipeline(Scripted::new(|_| answer(404, &[]))).go(&DELETE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    // A refused connection cannot have deleted anything.
    let error =
        pipeline(Scripted::new(|n| if n == 0 { refused() } else { answer(404, &[]) })).go(&DELETE).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_stalled_attempt_is_given_up_and_repeated() {
    let script = Scripted::new(|n| {
        let (_, result) = answer(200, &[]);
        (Duration::from_secs(if n == 0 { 3600 } else { 0 }), result)
    });
    let done = pipeline(script).go(&LIST).await.unwrap();
    assert_eq!(done.attempts(), 2);
    assert!(done.elapsed() >= Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_bounds_the_whole_call() {
    let start = Instant::now();
    let stalled = Scripted::new(|_| (Duration::from_secs(3600), Ok(raw(200, &[]))));
    let error = pipeline(stalled).go_with(&LIST, limits(45, 9)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(start.elapsed().as_secs(), 45);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_outlast_the_deadline_fails_at_once() {
    let script = Scripted::new(|_| answer(429, &[("retry-after", "40")]));
    let start = Instant::now();
    let error = pipeline(script).go_with(&LIST, limits(30, 3)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.retry_after().unwrap() > Duration::from_secs(39));
    assert!(start.elapsed() < Duration::from_secs(1));
    // The answer takes 10 ms: there is no time left, and just none.
    for seconds in ["40", "29.99"] {
        let script = Scripted::new(|_| answer(503, &[("retry-after", seconds)]));
        let error = pipeline(script).go_with(&LIST, limits(30, 3)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1), "{seconds}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_of_the_network_ends_attempts_at_once_and_what_is_safe_is_repeated() {
    for (operation, attempts) in [(&LIST, 2), (&CREATE, 1)] {
        let script = Scripted::new(|n| if n == 0 { stalled() } else { answer(200, &[]) });
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

/// Gives what it has, or nothing.
struct Keychain(Option<&'static str>);

impl CredentialProvider for Keychain {
    fn credentials(&self) -> Giving<'_> {
        Box::pin(async {
            match self.0 {
                Some(password) => Credentials::new("me", password),
                None => Err(crate::Error::configuration("the key store is locked")),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_is_asked_for_each_call_and_without_credentials_nothing_is_sent() {
    let script = Scripted::new(|_| answer(200, &[]));
    let mut asking = pipeline(script.clone());
    asking.credentials = Source::Asked(Arc::new(Keychain(Some("secret"))));
    asking.go(&LIST).await.unwrap();
    assert_eq!(script.attempts(), 1);

    asking.credentials = Source::Asked(Arc::new(Keychain(None)));
    let error = asking.go(&LIST).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), script.attempts()), (ErrorKind::Authentication, 0, 1));
    assert!(error.message().contains("locked"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_call_may_have_bounds_of_its_own_and_no_end() {
    let script = Scripted::new(|_| answer(503, &[]));
    let once = CallOptions { max_attempts: Some(1), timeout: None };
    assert_eq!(pipeline(script).go_with(&LIST, once).await.unwrap_err().attempts(), 1);
    let script = Scripted::new(|_| (Duration::from_secs(29), Ok(raw(200, &[]))));
    let endless = CallOptions { max_attempts: None, timeout: Some(Duration::MAX) };
    assert_eq!(pipeline(script).go_with(&LIST, endless).await.unwrap().elapsed(), Duration::from_secs(29));
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_that_is_too_large_means_for_the_change_is_in_its_status() {
    let too_large = |status| (Duration::ZERO, Err(SendError::TooLarge { status, limit: 10 }));
    for (status, maybe_applied) in [(200, true), (302, false), (404, false), (408, true), (500, true)] {
        let error = pipeline(Scripted::new(move |_| too_large(status))).go(&CREATE).await.unwrap_err();
        let found = (error.kind(), error.status(), error.attempts(), error.maybe_applied());
        assert_eq!(found, (ErrorKind::Decode, Some(status), 1, maybe_applied));
    }
    // What an earlier attempt may have done stays so.
    let script = Scripted::new(move |n| if n == 0 { lost() } else { too_large(404) });
    let error = pipeline(script).go(&DELETE).await.unwrap_err();
    assert_eq!((error.attempts(), error.maybe_applied()), (2, true));
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_read_by_what_the_operation_answers() {
    let body = |operation, body: &'static str| async move {
        let script =
            Scripted::new(move |_| (Duration::ZERO, Ok(RawResponse { body: body.into(), ..raw(200, &[]) })));
        pipeline(script).go(operation).await.unwrap()
    };
    // Whatever stands where nothing is to stand.
    body(&DELETE, "<p>Deleted</p>").await.decode::<()>().unwrap();
    let error = body(&LIST, "").await.decode::<Vec<serde_json::Value>>().unwrap_err();
    assert!(error.kind() == ErrorKind::Decode && error.message().contains("it is empty"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_is_shown_without_the_credentials() {
    let script = Scripted::new(|_| {
        let body = Bytes::from_static(b"you sent open:sesame, and this is no JSON");
        (Duration::ZERO, Ok(RawResponse { body, ..raw(200, &[]) }))
    });
    let mut pipeline = pipeline(script);
    pipeline.credentials = Source::Fixed(Credentials::new("me", "open:sesame").unwrap());
    let error = pipeline.go(&LIST).await.unwrap().decode::<serde_json::Value>().unwrap_err();
    assert_eq!(error.body(), b"you sent ***, and this is no JSON");
}

/// Writes down what it sees.
#[derive(Debug, Default)]
struct Diary(Mutex<Vec<String>>);

impl Observer for Diary {
    fn attempt(&self, event: &Attempt) {
        self.0.lock().unwrap().push(format!("attempt {}", event.attempt));
    }

    fn wait(&self, event: &Wait) {
        // The jitter of a retry is not written down.
        let seconds = if event.reason == WaitReason::RateLimit { event.expected.as_secs() } else { 0 };
        self.0.lock().unwrap().push(format!("{:?} {seconds}", event.reason));
    }

    fn outcome(&self, event: &Outcome) {
        self.0.lock().unwrap().push(format!("outcome {:?}", event.status));
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_every_attempt_wait_and_outcome_once() {
    let script = Scripted::new(|n| match n {
        0 | 1 => answer(429, &[("retry-after", "5")]),
        2 => answer(503, &[]),
        3 => lost(),
        _ => (Duration::ZERO, Err(SendError::TooLarge { status: 206, limit: 10 })),
    });
    let diary = Arc::new(Diary::default());
    let mut pipeline = pipeline(script);
    pipeline.monitor = Monitor::new(Some(Arc::clone(&diary) as Arc<dyn Observer>));
    pipeline.go_with(&LIST, limits(300, 9)).await.unwrap_err();
    let usage = pipeline.monitor.usage();
    assert_eq!((usage.requests, usage.rate_limited, usage.waited.as_secs()), (5, 2, 10));
    let seen = diary.0.lock().unwrap().join(", ");
    assert_eq!(
        seen,
        "attempt 1, outcome Some(429), RateLimit 5, attempt 2, outcome Some(429), RateLimit 5, \
         attempt 3, outcome Some(503), Retry 0, attempt 4, outcome None, Retry 0, attempt 5, outcome Some(206)"
    );
}
