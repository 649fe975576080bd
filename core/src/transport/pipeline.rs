//! Composes the parts: a turn at the gate, an attempt, a verdict; again until there is an answer.

use super::auth::{Credentials, Source};
use super::headers::Reported;
use super::http::{RawAnswer, SendError, Transport};
use super::rate_limit::{Gate, RateLimit, Settled, TooLong};
use super::retry::{self, Failure, Policy};
use super::usage::Counters;
use crate::describe::Operation;
use crate::error::{Error, ErrorKind, Result};
use crate::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

/// A request that is complete and checked.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) operation: &'static Operation,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

/// Bounds of one call; what is not set is the client's.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) timeout: Option<Duration>,
    pub(crate) max_attempts: Option<u32>,
}

/// A successful answer and how it came about.
#[derive(Debug, Clone)]
pub(crate) struct Completed {
    pub(crate) operation: &'static Operation,
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) rate_limit: RateLimit,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) waited: Duration,
    pub(crate) already_deleted: bool,
    /// What an error must not show.
    pub(crate) credentials: Credentials,
}

impl Completed {
    /// Reads the body.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        let body: &[u8] =
            if self.operation.answer.is_none() || self.body.is_empty() { b"null" } else { &self.body };
        // Checked as a whole, the texts in it need no check of their own.
        let text = std::str::from_utf8(body).map_err(|e| self.refuse(String::new(), &e.to_string()))?;
        serde_json::from_str(text).map_err(|error| self.explain(self.locate(text, &error)))
    }

    /// Reads it again, slowly, to find out where it went wrong.
    fn locate(&self, text: &str, error: &serde_json::Error) -> Error {
        let answer = |path: String, what: &dyn std::fmt::Display| {
            Error::decode(path, what, self.status, &self.shown())
        };
        if self.body.is_empty() {
            return answer(String::new(), &"it is empty");
        }
        let json = serde_json::from_str(text);
        match json.ok().and_then(|json| crate::locate::locate(&json, self.operation.answer.as_ref()?)) {
            Some((path, problem)) => answer(path, &problem),
            None => answer(String::new(), error),
        }
    }

    pub(crate) fn refuse(&self, path: String, problem: &str) -> Error {
        self.explain(Error::decode(path, problem, self.status, &self.shown()))
    }

    /// The body, as an error may keep it.
    fn shown(&self) -> Cow<'_, [u8]> {
        self.credentials.hidden_in(&self.body)
    }

    fn explain(&self, error: Error) -> Error {
        // The service said that it did it; it is its answer that cannot be read.
        let error = error.with_maybe_applied(true);
        error.with_operation(self.operation).with_target(&self.target).with_attempts(self.attempts)
    }
}

/// What all calls of a client share.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) gate: Arc<Gate>,
    pub(crate) sender: Box<dyn Transport>,
    pub(crate) credentials: Source,
    pub(crate) policy: Policy,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) counters: Counters,
    /// Tells attempts that the network has changed under them.
    pub(crate) network: watch::Sender<()>,
}

/// What one call went through so far.
struct Progress {
    operation: &'static Operation,
    started: Instant,
    deadline: Instant,
    attempts: u32,
    waited: Duration,
    maybe_applied: bool,
}

impl Pipeline {
    /// Gives up every connection; attempts that are under way fail at once, as if theirs had broken.
    pub(crate) fn network_changed(&self) {
        self.sender.reset();
        self.network.send_replace(());
    }

    /// Sends a request until it succeeds, is refused, or time runs out.
    pub(crate) async fn run(&self, request: Prepared, limits: Limits) -> Result<Completed> {
        let span = tracing::debug_span!("configcat_management.call", operation = request.operation.id);
        self.call(request, limits).instrument(span).await
    }

    async fn call(&self, request: Prepared, limits: Limits) -> Result<Completed> {
        let started = Instant::now();
        let timeout = limits.timeout.unwrap_or(self.timeout);
        let deadline = started.checked_add(timeout).unwrap_or_else(|| started + Duration::from_secs(1 << 30));
        let mut progress = Progress {
            operation: request.operation,
            started,
            deadline,
            attempts: 0,
            waited: Duration::ZERO,
            maybe_applied: false,
        };
        let result = self.attempts(&request, limits, &mut progress).await;
        result.map_err(|error| {
            error
                .with_operation(request.operation)
                .with_target(&request.target)
                .with_attempts(progress.attempts)
                .with_maybe_applied(progress.maybe_applied)
        })
    }

    async fn attempts(
        &self,
        request: &Prepared,
        limits: Limits,
        progress: &mut Progress,
    ) -> Result<Completed> {
        let policy =
            Policy { max_attempts: limits.max_attempts.unwrap_or(self.policy.max_attempts), ..self.policy };
        let credentials = timeout_at(progress.deadline, self.credentials.give())
            .await
            .map_err(|_| timed_out("waiting for credentials"))??;
        let ticket = self.gate.ticket();
        let mut turned_away: Option<RawAnswer> = None;
        loop {
            let before = Instant::now();
            let turn = self.gate.acquire(ticket, Some(progress.deadline), |expected| {
                self.announce(progress.operation, WaitReason::RateLimit, expected);
            });
            let permit = match timeout_at(progress.deadline, turn).await {
                Ok(Ok(permit)) => permit,
                Ok(Err(too_long)) => return Err(rate_limited(too_long, turned_away.as_ref(), &credentials)),
                Err(_) => return Err(timed_out("waiting for the rate limit")),
            };
            progress.waited += before.elapsed();
            self.counters.waited(before.elapsed());
            progress.attempts += 1;
            let (answer, failure) = self.attempt(request, &credentials, progress, permit).await;
            let Some(failure) = failure else {
                let unread = answer.as_ref().err().and_then(Error::status);
                progress.maybe_applied |= unread.is_some_and(|status| !Failure::Status(status).is_refusal());
                return answer.map(|answer| self.completed(answer, request, progress, credentials, false));
            };
            if let (Ok(answer), Failure::Status(status)) = (&answer, failure)
                && retry::deleted_before(progress.operation, status, progress.maybe_applied)
            {
                tracing::debug!("an earlier attempt had deleted it");
                return Ok(self.completed(answer.clone(), request, progress, credentials, true));
            }
            progress.maybe_applied |= failure.maybe_applied();
            let retry_after = answer.as_ref().ok().and_then(|a| Reported::read(&a.headers).retry_after);
            let delay = retry::delay(failure, progress.attempts, retry_after);
            let in_time = Instant::now() + delay < progress.deadline;
            if !policy.retries(progress.operation, failure, progress.attempts) || !in_time {
                return Err(answer.map_or_else(|e| e, |a| refused(&a, &credentials, retry_after)));
            }
            turned_away = answer.ok().filter(|a| a.status == 429);
            if !delay.is_zero() {
                self.announce(progress.operation, WaitReason::Retry, delay);
                sleep(delay).await;
            }
        }
    }

    /// One attempt: its answer, and how it failed if it did.
    async fn attempt(
        &self,
        request: &Prepared,
        credentials: &Credentials,
        progress: &Progress,
        permit: super::rate_limit::Permit,
    ) -> (Result<RawAnswer>, Option<Failure>) {
        let (operation, attempt) = (progress.operation.id, progress.attempts);
        if let Some(observer) = &self.observer {
            observer.attempt(&Attempt { operation, attempt });
        }
        self.counters.sent();
        let sent = Instant::now();
        let until = progress.deadline.min(sent + self.attempt_timeout);
        let mut network = self.network.subscribe();
        let result = timeout_at(until, async {
            tokio::select! {
                biased;
                answer = self.sender.send(request, credentials.header()) => answer,
                Ok(()) = network.changed() => Err(SendError::Lost("the network has changed".into())),
            }
        })
        .await;
        let status = match &result {
            Ok(Ok(answer)) => Some(answer.status),
            Ok(Err(SendError::TooLarge { status, .. })) => Some(*status),
            _ => None,
        };
        tracing::debug!(attempt, status, elapsed = ?sent.elapsed(), "attempt");
        if let Some(observer) = &self.observer {
            observer.outcome(&Outcome { operation, attempt, status, elapsed: sent.elapsed() });
        }
        match result {
            Ok(Ok(answer)) => {
                let reported = Reported::read(&answer.headers);
                self.counters.answered(answer.status);
                permit.answered(Settled { status: answer.status, reported, sent });
                let failure =
                    (!(200..300).contains(&answer.status)).then_some(Failure::Status(answer.status));
                (Ok(answer), failure)
            }
            Ok(Err(error)) => {
                drop(permit);
                let (kind, failure) = match &error {
                    SendError::NotConnected(_) | SendError::Unprocessed(_) => {
                        (ErrorKind::Connection, Failure::Unprocessed)
                    }
                    SendError::Lost(_) => (ErrorKind::Connection, Failure::Lost),
                    SendError::TooLarge { status, .. } => {
                        let status = *status;
                        // It was done, and asking again would bring the same again.
                        return (Err(Error::decode(String::new(), error, status, b"")), None);
                    }
                };
                let message = error.to_string();
                let (SendError::NotConnected(cause) | SendError::Unprocessed(cause) | SendError::Lost(cause)) =
                    error
                else {
                    return (Err(Error::new(kind, message)), Some(failure));
                };
                (Err(Error::new(kind, message).with_source(cause)), Some(failure))
            }
            Err(_) => {
                drop(permit);
                (Err(timed_out("waiting for the answer")), Some(Failure::Lost))
            }
        }
    }

    fn completed(
        &self,
        answer: RawAnswer,
        request: &Prepared,
        progress: &Progress,
        credentials: Credentials,
        already_deleted: bool,
    ) -> Completed {
        Completed {
            operation: request.operation,
            target: request.target.clone(),
            status: answer.status,
            headers: answer.headers,
            body: if already_deleted { Bytes::new() } else { answer.body },
            rate_limit: self.gate.snapshot(),
            attempts: progress.attempts,
            elapsed: progress.started.elapsed(),
            waited: progress.waited,
            already_deleted,
            credentials,
        }
    }

    fn announce(&self, operation: &'static Operation, reason: WaitReason, expected: Duration) {
        tracing::debug!(?reason, ?expected, "wait");
        if let Some(observer) = &self.observer {
            observer.wait(&Wait { operation: operation.id, reason, expected });
        }
    }
}

/// The wait for the rate limit is too long: after a 429 that is the error, otherwise nothing was sent.
fn rate_limited(too_long: TooLong, turned_away: Option<&RawAnswer>, credentials: &Credentials) -> Error {
    let message = "not sent: the rate limit is used up and the wait would be too long";
    turned_away
        .map_or_else(|| Error::new(ErrorKind::RateLimited, message), |a| refused(a, credentials, None))
        .with_retry_after(too_long.retry_after)
}

/// The error that an answer stands for.
fn refused(answer: &RawAnswer, credentials: &Credentials, retry_after: Option<Duration>) -> Error {
    Error::of_answer(answer.status, &credentials.hidden_in(&answer.body), retry_after)
}

fn timed_out(what: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("time ran out while {what}"))
}
