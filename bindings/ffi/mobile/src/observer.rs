//! Observers of a client's attempts, waits and calls.

use configcat_management::observer::{Attempt, Finished, Observer, Outcome, Wait, WaitReason};
use configcat_management::{ErrorKind, ExtraHeaders};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Event before a request is sent.
#[derive(Debug, Clone, uniffi::Record)]
pub struct AttemptEvent {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: i64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: String,
    /// HTTP method, such as `POST`.
    pub method: String,
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    pub path_template: String,
    /// Number of the attempt, starting at 1.
    pub attempt: i32,
    /// Host of the base URL, such as `api.configcat.com`.
    pub server_address: String,
    /// Port of the base URL, such as 443.
    pub server_port: i32,
}

/// Event before a call waits.
#[derive(Debug, Clone, uniffi::Record)]
pub struct WaitEvent {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: i64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: String,
    /// HTTP method, such as `POST`.
    pub method: String,
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    pub path_template: String,
    /// Number of the attempt that the call waits for, starting at 1.
    pub attempt: i32,
    /// Reason for the wait.
    pub reason: WaitReason,
    /// Expected duration of the wait.
    pub expected: Duration,
}

/// Event after an attempt, with or without a response.
#[derive(Debug, Clone, uniffi::Record)]
pub struct OutcomeEvent {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: i64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: String,
    /// HTTP method, such as `POST`.
    pub method: String,
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    pub path_template: String,
    /// Number of the attempt, starting at 1.
    pub attempt: i32,
    /// HTTP status; absent if there was no response.
    pub status: Option<i32>,
    /// Kind of the failure, such as `not_found`; absent if the attempt completes the call.
    pub error: Option<String>,
    /// Whether another attempt follows, unless a wait for the rate limit is too long.
    pub will_retry: bool,
    /// Duration of the attempt.
    pub elapsed: Duration,
    /// Size of the request body in bytes.
    pub request_bytes: i64,
    /// Number of bytes read of the response body, after decompression. Of the body of an unsuccessful response, only the start is
    /// read. 0 if there was no response, or if it was too large.
    pub response_bytes: i64,
}

/// Event after a call: it has a response, it failed, or it was cancelled.
#[derive(Debug, Clone, uniffi::Record)]
pub struct FinishedEvent {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: i64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: String,
    /// HTTP method, such as `POST`.
    pub method: String,
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    pub path_template: String,
    /// Number of attempts; 0 if the request was never sent.
    pub attempts: i32,
    /// HTTP status of the last response; absent if there was none.
    pub status: Option<i32>,
    /// Kind of the error, such as `not_found`; absent if the call succeeded, `cancelled` if it was cancelled. Decoding the response
    /// comes later: a call that succeeded here may still fail with a decoding error.
    pub error: Option<String>,
    /// Duration of the call, including waits.
    pub elapsed: Duration,
    /// Part of the duration that the call spent waiting for the rate limit.
    pub waited: Duration,
    /// Part of the duration that the call spent waiting between failed attempts.
    pub backoff: Duration,
    /// Remaining budget of the rate limit, if known.
    pub remaining: Option<i64>,
}

/// Callbacks for a client's events. They run as part of its calls, which wait for them to return.
#[uniffi::export(with_foreign)]
pub trait NativeObserver: Send + Sync + std::fmt::Debug {
    /// Called before a request is sent. Returns headers that are added to it.
    fn headers(&self, event: AttemptEvent) -> HashMap<String, String>;
    /// Called before a request is sent.
    fn attempt(&self, event: AttemptEvent);
    /// Called before a call waits.
    fn wait(&self, event: WaitEvent);
    /// Called after an attempt.
    fn outcome(&self, event: OutcomeEvent);
    /// Called after a call.
    fn finished(&self, event: FinishedEvent);
}

/// Adapts the application's observer to the core's [`Observer`].
#[derive(Debug, Clone)]
pub(crate) struct Foreign(pub(crate) Arc<dyn NativeObserver>);

fn number(attempt: u32) -> i32 {
    i32::try_from(attempt).unwrap_or(i32::MAX)
}

fn long(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn name(error: Option<ErrorKind>) -> Option<String> {
    error.map(|kind| kind.as_str().to_owned())
}

impl From<&Attempt<'_>> for AttemptEvent {
    fn from(event: &Attempt<'_>) -> Self {
        Self {
            call: long(event.call),
            operation: event.operation.to_owned(),
            method: event.method.to_owned(),
            path_template: event.path_template.to_owned(),
            attempt: number(event.attempt),
            server_address: event.server_address.to_owned(),
            server_port: event.server_port.into(),
        }
    }
}

impl Foreign {
    /// Returns the headers of the application for an attempt.
    pub(crate) fn headers(&self, attempt: &Attempt<'_>) -> ExtraHeaders {
        self.0.headers(attempt.into()).into_iter().collect()
    }
}

impl Observer for Foreign {
    fn attempt(&self, event: &Attempt<'_>) {
        self.0.attempt(event.into());
    }

    fn wait(&self, event: &Wait<'_>) {
        self.0.wait(WaitEvent {
            call: long(event.call),
            operation: event.operation.to_owned(),
            method: event.method.to_owned(),
            path_template: event.path_template.to_owned(),
            attempt: number(event.attempt),
            reason: event.reason,
            expected: event.expected,
        });
    }

    fn outcome(&self, event: &Outcome<'_>) {
        self.0.outcome(OutcomeEvent {
            call: long(event.call),
            operation: event.operation.to_owned(),
            method: event.method.to_owned(),
            path_template: event.path_template.to_owned(),
            attempt: number(event.attempt),
            status: event.status.map(i32::from),
            error: name(event.error),
            will_retry: event.will_retry,
            elapsed: event.elapsed,
            request_bytes: long(event.request_bytes),
            response_bytes: long(event.response_bytes),
        });
    }

    fn finished(&self, event: &Finished<'_>) {
        self.0.finished(FinishedEvent {
            call: long(event.call),
            operation: event.operation.to_owned(),
            method: event.method.to_owned(),
            path_template: event.path_template.to_owned(),
            attempts: number(event.attempts),
            status: event.status.map(i32::from),
            error: name(event.error),
            elapsed: event.elapsed,
            waited: event.waited,
            backoff: event.backoff,
            remaining: event.remaining.map(long),
        });
    }
}
