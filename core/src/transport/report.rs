//! What one call reports: events to the observer, and spans and events to `tracing`.

use super::limiter::RateLimiter;
use super::monitor::Monitor;
use crate::error::{Error, ErrorKind};
use crate::observer::{Attempt, Finished, Outcome, Wait, WaitReason};
use crate::spec::Endpoint;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;

/// Id of the last call of this process.
static LAST_CALL: AtomicU64 = AtomicU64::new(0);

/// Reports the events of one call, and keeps their sums. When it is dropped before [`finish`](Self::finish), the call was
/// cancelled.
pub(super) struct CallReport<'a> {
    monitor: &'a Monitor,
    limiter: &'a RateLimiter,
    endpoint: &'a Endpoint,
    /// Id of the call.
    call: u64,
    pub(super) started: Instant,
    pub(super) attempts: u32,
    /// Time that the call spent waiting for the rate limit.
    pub(super) waited: Duration,
    /// Time that the call spent waiting between failed attempts.
    backoff: Duration,
    /// Whether a long wait has been logged.
    long_wait: bool,
    status: Option<u16>,
    finished: bool,
}

/// What is known of an attempt that has ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttemptReport {
    pub(super) status: Option<u16>,
    pub(super) elapsed: Duration,
    pub(super) request_bytes: usize,
    pub(super) response_bytes: usize,
}

// Numbers are recorded as `i64`, the only type of integers in OpenTelemetry.

/// Creates the span of a call.
pub(super) fn call_span(endpoint: &Endpoint) -> Span {
    tracing::debug_span!(
        "configcat_management.call",
        otel.name = endpoint.id(),
        operation = endpoint.id(),
        "error.type" = Empty,
        otel.status_code = Empty
    )
}

/// Records a failure in a span: the status of the response if there was one, or the kind of the error.
fn record_failure(span: &Span, status: Option<u16>, error: ErrorKind) {
    match status {
        Some(status) if !(200..300).contains(&status) => {
            span.record("error.type", tracing::field::display(status))
        }
        _ => span.record("error.type", error.as_str()),
    };
    span.record("otel.status_code", "ERROR");
}

fn next_call() -> u64 {
    LAST_CALL.fetch_add(1, Relaxed) + 1
}

/// Reports the end of a call that is refused before it begins.
pub(super) fn refused(monitor: &Monitor, limiter: &RateLimiter, operation: &str, error: &Error) {
    let Some(observer) = monitor.observer() else { return };
    observer.finished(&Finished {
        call: next_call(),
        operation,
        method: error.method().unwrap_or_default(),
        path_template: error.path_template().unwrap_or_default(),
        attempts: 0,
        status: None,
        error: Some(error.kind()),
        elapsed: Duration::ZERO,
        waited: Duration::ZERO,
        backoff: Duration::ZERO,
        remaining: limiter.snapshot().remaining,
    });
}

impl<'a> CallReport<'a> {
    pub(super) fn new(monitor: &'a Monitor, limiter: &'a RateLimiter, endpoint: &'a Endpoint) -> Self {
        Self {
            monitor,
            limiter,
            endpoint,
            call: next_call(),
            started: Instant::now(),
            attempts: 0,
            waited: Duration::ZERO,
            backoff: Duration::ZERO,
            long_wait: false,
            status: None,
            finished: false,
        }
    }

    /// Returns the event of the attempt that comes next.
    pub(super) fn next_attempt(&self) -> Attempt<'a> {
        Attempt {
            call: self.call,
            operation: self.endpoint.id(),
            method: self.endpoint.http().as_str(),
            path_template: self.endpoint.path(),
            attempt: self.attempts + 1,
            server_address: &self.monitor.server().address,
            server_port: self.monitor.server().port,
        }
    }

    /// Creates the span of the attempt that comes next, with the names of OpenTelemetry for HTTP clients.
    pub(super) fn attempt_span(&self) -> Span {
        let server = self.monitor.server();
        let span = tracing::debug_span!(
            "configcat_management.attempt",
            otel.name = %format_args!("{} {}", self.endpoint.http().as_str(), self.endpoint.path()),
            otel.kind = "client",
            http.request.method = self.endpoint.http().as_str(),
            url.template = self.endpoint.path(),
            server.address = server.address,
            server.port = i64::from(server.port),
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            "error.type" = Empty,
            otel.status_code = Empty
        );
        if self.attempts > 0 {
            span.record("http.request.resend_count", i64::from(self.attempts));
        }
        span
    }

    /// Reports that the next attempt is about to be sent.
    pub(super) fn attempt(&mut self) {
        if let Some(observer) = self.monitor.observer() {
            observer.attempt(&self.next_attempt());
        }
        self.monitor.sent();
        self.attempts += 1;
    }

    /// Reports the end of the last attempt, why it failed, and whether another one follows.
    pub(super) fn outcome(
        &mut self,
        span: &Span,
        report: AttemptReport,
        error: Option<ErrorKind>,
        will_retry: bool,
    ) {
        let AttemptReport { status, elapsed, request_bytes, response_bytes } = report;
        self.status = status;
        if let Some(status) = status {
            self.monitor.received(status);
            span.record("http.response.status_code", i64::from(status));
        }
        if let Some(error) = error {
            record_failure(span, status, error);
        }
        tracing::debug!(attempt = self.attempts, status, ?elapsed, "attempt");
        let Some(observer) = self.monitor.observer() else { return };
        observer.outcome(&Outcome {
            call: self.call,
            operation: self.endpoint.id(),
            method: self.endpoint.http().as_str(),
            path_template: self.endpoint.path(),
            attempt: self.attempts,
            status,
            error,
            will_retry,
            elapsed,
            request_bytes: request_bytes as u64,
            response_bytes: response_bytes as u64,
        });
    }

    /// Reports the start of a wait. The first long one is logged at level INFO.
    pub(super) fn wait(&mut self, reason: WaitReason, expected: Duration) {
        tracing::debug!(?reason, ?expected, "wait");
        let event = Wait {
            call: self.call,
            operation: self.endpoint.id(),
            method: self.endpoint.http().as_str(),
            path_template: self.endpoint.path(),
            attempt: self.attempts + 1,
            reason,
            expected,
        };
        if event.is_long() && !std::mem::replace(&mut self.long_wait, true) {
            let seconds = expected.as_secs_f64().ceil();
            tracing::info!(operation = self.endpoint.id(), seconds, "waiting for the rate limit");
        }
        if let Some(observer) = self.monitor.observer() {
            observer.wait(&event);
        }
    }

    /// Counts a completed wait.
    pub(super) fn waited(&mut self, reason: WaitReason, wait: Duration) {
        match reason {
            WaitReason::RateLimit => {
                self.waited += wait;
                self.monitor.waited(wait);
            }
            WaitReason::Retry => self.backoff += wait,
        }
    }

    /// Reports the end of the call, also in its span.
    pub(super) fn finish(&mut self, span: &Span, error: Option<&Error>) {
        if let Some(error) = error {
            record_failure(span, error.status(), error.kind());
        }
        self.finished(error.map(Error::kind));
    }

    fn finished(&mut self, error: Option<ErrorKind>) {
        self.finished = true;
        let Some(observer) = self.monitor.observer() else { return };
        observer.finished(&Finished {
            call: self.call,
            operation: self.endpoint.id(),
            method: self.endpoint.http().as_str(),
            path_template: self.endpoint.path(),
            attempts: self.attempts,
            status: self.status,
            error,
            elapsed: self.started.elapsed(),
            waited: self.waited,
            backoff: self.backoff,
            remaining: self.limiter.snapshot().remaining,
        });
    }
}

impl Drop for CallReport<'_> {
    fn drop(&mut self) {
        // An observer that panics is not called again, which would end the process.
        if !self.finished && !std::thread::panicking() {
            self.finished(Some(ErrorKind::Cancelled));
        }
    }
}
