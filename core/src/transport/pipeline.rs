//! Runs a call: acquires a permit, sends an attempt, judges its outcome, and repeats until the call succeeds or fails.

use super::attempt::{AttemptInfo, AttemptOutcome, Sender};
use super::auth::CredentialSource;
use super::extra_headers::ExtraHeaders;
use super::headers::Reported;
use super::in_flight::InFlight;
use super::limiter::{Permit, RateLimiter, Ticket, WaitTooLong};
use super::message::{PreparedRequest, RawResponse};
use super::monitor::Monitor;
use super::response::{CallResponse, History, Limits};
use super::retry::{self, Failure, Policy};
use super::secrets::Secrets;
use crate::error::{Error, ErrorKind, Result};
use crate::observer::WaitReason;
use crate::redaction::Redactor;
use crate::spec::Endpoint;
use crate::spec::memory::ValueForm;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

/// Expected wait for the rate limit from which on the log reports it at level INFO.
const LONG_WAIT: Duration = Duration::from_secs(2);

/// Limits of one call, and headers in addition to its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// Limits the whole call, including waits and retries. Default: that of the client.
    pub timeout: Option<Duration>,
    /// Maximum number of attempts, at least 1. Default: that of the client.
    pub max_attempts: Option<u32>,
    /// Extra headers, which replace those of the client with the same names.
    pub headers: ExtraHeaders,
}

/// State that all calls of a client share.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) limiter: Arc<RateLimiter>,
    pub(crate) sender: Sender,
    pub(crate) monitor: Monitor,
    pub(crate) credentials: CredentialSource,
    /// Masks the credentials of the proxy, and the values of extra headers.
    pub(crate) configured: Arc<Redactor>,
    pub(crate) policy: Policy,
    pub(crate) timeout: Duration,
    /// Memory for the decoded values of a response, in bytes.
    pub(crate) decoded_memory: usize,
    /// What the values of a response are decoded to.
    pub(crate) decoded_form: ValueForm,
}

/// The state of one call.
struct Progress {
    endpoint: Endpoint,
    started: Instant,
    deadline: Instant,
    attempts: u32,
    waited: Duration,
    maybe_applied: bool,
    secrets: Secrets,
}

/// What to do after an attempt.
enum Verdict {
    Done(Success),
    Fail(Error),
    Retry {
        delay: Duration,
        /// The response, if it was a 429.
        rejected: Option<RawResponse>,
    },
}

/// A response that completes a call.
struct Success {
    response: RawResponse,
    already_deleted: bool,
}

impl Pipeline {
    /// Sends a request until it succeeds, is refused, or times out.
    pub(crate) async fn run(&self, request: PreparedRequest, options: CallOptions) -> Result<CallResponse> {
        let span = tracing::debug_span!("configcat_management.call", operation = request.endpoint.id());
        self.call(request, options).instrument(span).await
    }

    async fn call(&self, mut request: PreparedRequest, options: CallOptions) -> Result<CallResponse> {
        let _in_flight = InFlight::new();
        let extra = add_headers(&mut request, &options.headers)?;
        let started = Instant::now();
        let timeout = options.timeout.unwrap_or(self.timeout);
        let deadline = started.checked_add(timeout).unwrap_or_else(|| started + Duration::from_secs(1 << 30));
        let mut progress = Progress {
            endpoint: request.endpoint.clone(),
            started,
            deadline,
            attempts: 0,
            waited: Duration::ZERO,
            maybe_applied: false,
            secrets: Secrets { credentials: None, configured: Arc::clone(&self.configured), extra },
        };
        let result = self.attempts(&request, &options, &mut progress).await;
        result.map_err(|error| {
            progress
                .secrets
                .redact(error)
                .with_operation(&request.endpoint)
                .with_target(&request.target)
                .with_attempts(progress.attempts)
                .with_maybe_applied(progress.maybe_applied)
        })
    }

    async fn attempts(
        &self,
        request: &PreparedRequest,
        options: &CallOptions,
        progress: &mut Progress,
    ) -> Result<CallResponse> {
        let max_attempts = options.max_attempts.unwrap_or(self.policy.max_attempts).max(1);
        let policy = Policy { max_attempts, ..self.policy };
        let credentials = timeout_at(progress.deadline, self.credentials.give())
            .await
            .map_err(|_| timed_out("waiting for credentials"))??;
        progress.secrets.credentials = Some(credentials.clone());
        let ticket = self.limiter.ticket();
        let mut rejected: Option<RawResponse> = None;
        loop {
            let permit = match self.permit(ticket, progress).await? {
                Ok(permit) => permit,
                Err(too_long) => return Err(rate_limited(too_long, rejected.as_ref())),
            };
            progress.attempts += 1;
            let info = AttemptInfo { number: progress.attempts, deadline: progress.deadline };
            let outcome = self.sender.attempt(request, &credentials, info, permit, &self.monitor).await;
            match progress.judge(outcome, policy) {
                Verdict::Done(success) => return Ok(self.response(success, request, progress)),
                Verdict::Fail(error) => return Err(error),
                Verdict::Retry { delay, rejected: response } => {
                    rejected = response;
                    if !delay.is_zero() {
                        self.monitor.wait(progress.endpoint.id(), WaitReason::Retry, delay);
                        sleep(delay).await;
                    }
                }
            }
        }
    }

    /// Waits for a permit to send.
    async fn permit(&self, ticket: Ticket, progress: &mut Progress) -> Result<Result<Permit, WaitTooLong>> {
        let before = Instant::now();
        let mut reported = false;
        let permit = self.limiter.acquire(ticket, Some(progress.deadline), |expected| {
            self.monitor.wait(progress.endpoint.id(), WaitReason::RateLimit, expected);
            if expected > LONG_WAIT && !std::mem::replace(&mut reported, true) {
                Monitor::long_wait(progress.endpoint.id(), expected);
            }
        });
        let permit = timeout_at(progress.deadline, permit).await;
        let permit = permit.map_err(|_| timed_out("waiting for the rate limit"))?;
        if permit.is_ok() {
            progress.waited += before.elapsed();
            self.monitor.waited(before.elapsed());
        }
        Ok(permit)
    }

    fn response(&self, success: Success, request: &PreparedRequest, progress: &Progress) -> CallResponse {
        let Success { mut response, already_deleted } = success;
        progress.secrets.redact_headers(&mut response.headers);
        CallResponse {
            endpoint: request.endpoint.clone(),
            target: request.target.clone(),
            status: response.status,
            headers: response.headers,
            body: if already_deleted { Bytes::new() } else { response.body },
            history: History {
                rate_limit: self.limiter.snapshot(),
                attempts: progress.attempts,
                elapsed: progress.started.elapsed(),
                waited: progress.waited,
                already_deleted,
            },
            limits: Limits {
                memory: self.decoded_memory,
                form: self.decoded_form,
                deadline: progress.deadline,
            },
            secrets: progress.secrets.clone(),
        }
    }
}

impl Progress {
    /// Decides what to do after an attempt, and records whether the service may have applied the request.
    fn judge(&mut self, outcome: AttemptOutcome, policy: Policy) -> Verdict {
        match outcome {
            AttemptOutcome::Success(response) => Verdict::Done(Success { response, already_deleted: false }),
            AttemptOutcome::Unusable { status, error } => {
                self.maybe_applied |= !Failure::Status(status).is_refusal();
                Verdict::Fail(error)
            }
            AttemptOutcome::Failed { failure, error } => match self.retry(failure, policy, None) {
                Some(delay) => Verdict::Retry { delay, rejected: None },
                None => Verdict::Fail(error),
            },
            AttemptOutcome::Refused(response)
                if retry::deleted_before(&self.endpoint, response.status, self.maybe_applied) =>
            {
                tracing::debug!("an earlier attempt had deleted it");
                Verdict::Done(Success { response, already_deleted: true })
            }
            AttemptOutcome::Refused(response) => {
                let retry_after = Reported::read(&response.headers).retry_after;
                match self.retry(Failure::Status(response.status), policy, retry_after) {
                    Some(delay) => {
                        Verdict::Retry { delay, rejected: Some(response).filter(|r| r.status == 429) }
                    }
                    None => Verdict::Fail(refused(&response, retry_after)),
                }
            }
        }
    }

    /// Returns the delay before the next attempt, or `None` if there is no next attempt.
    fn retry(&mut self, failure: Failure, policy: Policy, retry_after: Option<Duration>) -> Option<Duration> {
        self.maybe_applied |= failure.maybe_applied();
        let delay = retry::delay(failure, self.attempts, retry_after);
        let in_time = Instant::now() + delay < self.deadline;
        (policy.retries(&self.endpoint, failure, self.attempts) && in_time).then_some(delay)
    }
}

/// Adds extra headers to a request. Returns what masks their values.
fn add_headers(request: &mut PreparedRequest, extra: &ExtraHeaders) -> Result<Option<Arc<Redactor>>> {
    if extra.is_empty() {
        return Ok(None);
    }
    extra.add_to(&mut request.headers).map_err(|problem| {
        Error::bad_request(format!("not sent: {problem}")).with_operation(&request.endpoint)
    })?;
    let mut redactor = Redactor::default();
    extra.hide_from(&mut redactor);
    Ok(Some(Arc::new(redactor)))
}

/// Returns the error for a rate-limit wait that is too long: the last 429, or "not sent" if there was none.
fn rate_limited(too_long: WaitTooLong, rejected: Option<&RawResponse>) -> Error {
    let message = "not sent: the rate limit is used up and the wait would be too long";
    rejected
        .map_or_else(|| Error::new(ErrorKind::RateLimited, message), |response| refused(response, None))
        .with_retry_after(too_long.retry_after)
}

/// Returns the error for a response without a 2xx status.
fn refused(response: &RawResponse, retry_after: Option<Duration>) -> Error {
    Error::of_response(response.status, &response.body, retry_after).with_headers(&response.headers)
}

fn timed_out(what: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("timed out while {what}"))
}
