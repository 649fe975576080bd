//! Runs a call: acquires a permit, sends an attempt, judges its outcome, and repeats until the call succeeds or fails.

use super::attempt::{AttemptOutcome, Sender};
use super::attempt_headers::{self, AttemptHeaders, Made};
use super::auth::{CredentialSource, Credentials};
use super::deadline::Deadline;
use super::extra_headers::ExtraHeaders;
use super::headers::Reported;
use super::in_flight::InFlight;
use super::limiter::{Permit, RateLimiter, Ticket, WaitTooLong};
use super::message::{PreparedRequest, RawResponse};
use super::monitor::Monitor;
use super::report::{self, CallReport, call_span};
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
use tracing::{Instrument as _, Span};

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
    pub(crate) attempt_headers: Option<AttemptHeaders>,
    /// Masks the credentials of the proxy, and the values of extra headers.
    pub(crate) configured: Arc<Redactor>,
    pub(crate) policy: Policy,
    pub(crate) timeout: Duration,
    /// Memory for the decoded values of a response, in bytes.
    pub(crate) decoded_memory: usize,
    /// What the values of a response are decoded to.
    pub(crate) decoded_form: ValueForm,
    /// Whether errors name fields as JSON does, instead of in `snake_case`.
    pub(crate) wire_names: bool,
}

/// The state of one call.
struct Progress<'a> {
    endpoint: &'a Endpoint,
    report: CallReport<'a>,
    deadline: Deadline,
    maybe_applied: bool,
    secrets: Secrets,
}

/// What to do after an attempt.
enum Verdict {
    Done(Success),
    Fail(Error),
    Retry {
        delay: Duration,
        /// Why the attempt failed.
        error: ErrorKind,
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
        let span = call_span(&request.endpoint);
        // To be instrumented, a future is copied.
        if span.is_disabled() {
            return self.call(request, options, &span).await;
        }
        self.call(request, options, &span).instrument(span.clone()).await
    }

    /// Reports that a call is refused before it begins.
    pub(crate) fn refused(&self, operation: &str, error: &Error) {
        report::refused(&self.monitor, &self.limiter, operation, error);
    }

    async fn call(
        &self,
        mut request: PreparedRequest,
        options: CallOptions,
        span: &Span,
    ) -> Result<CallResponse> {
        let _in_flight = InFlight::new();
        let extra = add_headers(&mut request, &options.headers)
            .inspect_err(|error| self.refused(request.endpoint.id(), error))?;
        let report = CallReport::new(&self.monitor, &self.limiter, &request.endpoint);
        let timeout = options.timeout.unwrap_or(self.timeout);
        let deadline = Deadline::new(report.started, timeout);
        let mut progress = Progress {
            endpoint: &request.endpoint,
            report,
            deadline,
            maybe_applied: false,
            secrets: Secrets { credentials: None, configured: Arc::clone(&self.configured), extra },
        };
        let result = self.attempts(&request, &options, &mut progress).await;
        progress.report.finish(span, result.as_ref().err());
        result.map_err(|error| {
            progress
                .secrets
                .redact(error)
                .with_operation(&request.endpoint)
                .with_target(&request.target)
                .with_attempts(progress.report.attempts)
                .with_maybe_applied(progress.maybe_applied)
        })
    }

    async fn attempts(
        &self,
        request: &PreparedRequest,
        options: &CallOptions,
        progress: &mut Progress<'_>,
    ) -> Result<CallResponse> {
        let max_attempts = options.max_attempts.unwrap_or(self.policy.max_attempts);
        if max_attempts == 0 {
            return Err(Error::bad_request("not sent: max_attempts is 0; it must be greater than 0"));
        }
        let policy = Policy { max_attempts, ..self.policy };
        let credentials = timeout_at(progress.deadline.at, self.credentials.give())
            .await
            .map_err(|_| progress.deadline.exceeded("waiting for credentials"))??;
        progress.secrets.credentials = Some(credentials.clone());
        let ticket = self.limiter.ticket();
        let mut rejected: Option<RawResponse> = None;
        loop {
            let permit = match self.permit(ticket, progress).await? {
                Ok(permit) => permit,
                Err(too_long) => return Err(rate_limited(too_long, rejected.as_ref())),
            };
            match self.attempt(request, &credentials, permit, policy, progress).await? {
                Verdict::Done(success) => return Ok(self.response(success, request, progress)),
                Verdict::Fail(error) => return Err(error),
                Verdict::Retry { delay, rejected: response, .. } => {
                    rejected = response;
                    if !delay.is_zero() {
                        progress.report.wait(WaitReason::Retry, delay);
                        sleep(delay).await;
                        progress.report.waited(WaitReason::Retry, delay);
                    }
                }
            }
        }
    }

    /// Sends a request once, and decides what to do next.
    async fn attempt(
        &self,
        request: &PreparedRequest,
        credentials: &Credentials,
        permit: Permit,
        policy: Policy,
        progress: &mut Progress<'_>,
    ) -> Result<Verdict> {
        let span = progress.report.attempt_span();
        let with_headers = self.with_attempt_headers(&span, request, progress).await?;
        let request = with_headers.as_ref().unwrap_or(request);
        progress.report.attempt();
        let send = || self.sender.attempt(request, credentials, progress.deadline, permit);
        let (outcome, report) =
            if span.is_disabled() { send().await } else { send().instrument(span.clone()).await };
        let verdict = progress.judge(outcome, policy);
        progress.report.outcome(&span, report, verdict.error(), matches!(verdict, Verdict::Retry { .. }));
        Ok(verdict)
    }

    /// Returns the request with the headers that the application makes for the next attempt, if there are any.
    async fn with_attempt_headers(
        &self,
        span: &Span,
        request: &PreparedRequest,
        progress: &mut Progress<'_>,
    ) -> Result<Option<PreparedRequest>> {
        let Some(headers) = &self.attempt_headers else { return Ok(None) };
        let extra = match span.in_scope(|| headers.make(&progress.report.next_attempt())) {
            Made::Now(extra) => extra,
            Made::Later(extra) => timeout_at(progress.deadline.at, extra)
                .await
                .map_err(|_| progress.deadline.exceeded("waiting for the headers of the attempt"))?,
        };
        if extra.is_empty() {
            return Ok(None);
        }
        let mut hidden = Redactor::default();
        // Until the call ends, only this refers to the redactor.
        let known = Arc::get_mut(progress.secrets.extra.get_or_insert_default()).unwrap_or(&mut hidden);
        let with_headers = attempt_headers::add_to(request, &extra, known)
            .map_err(|problem| Error::bad_request(format!("not sent: {problem}")))?;
        Ok(Some(with_headers))
    }

    /// Waits for a permit to send.
    async fn permit(
        &self,
        ticket: Ticket,
        progress: &mut Progress<'_>,
    ) -> Result<Result<Permit, WaitTooLong>> {
        let before = Instant::now();
        let report = &mut progress.report;
        let permit = self.limiter.acquire(ticket, Some(progress.deadline.at), |expected| {
            report.wait(WaitReason::RateLimit, expected);
        });
        let permit = timeout_at(progress.deadline.at, permit).await;
        progress.report.waited(WaitReason::RateLimit, before.elapsed());
        permit.map_err(|_| progress.deadline.exceeded("waiting for the rate limit"))
    }

    fn response(&self, success: Success, request: &PreparedRequest, progress: &Progress<'_>) -> CallResponse {
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
                attempts: progress.report.attempts,
                elapsed: progress.report.started.elapsed(),
                waited: progress.report.waited,
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

impl Verdict {
    /// Returns the kind of the failure of an attempt that does not complete its call.
    fn error(&self) -> Option<ErrorKind> {
        match self {
            Self::Done(_) => None,
            Self::Fail(error) => Some(error.kind()),
            Self::Retry { error, .. } => Some(*error),
        }
    }
}

impl Progress<'_> {
    /// Decides what to do after an attempt, and records whether the service may have applied the request.
    fn judge(&mut self, outcome: AttemptOutcome, policy: Policy) -> Verdict {
        match outcome {
            AttemptOutcome::Success(response) => Verdict::Done(Success { response, already_deleted: false }),
            AttemptOutcome::Unusable { status, error } => {
                self.maybe_applied |= !Failure::Status(status).is_refusal();
                Verdict::Fail(error)
            }
            AttemptOutcome::Failed { failure, error } => match self.retry(failure, policy, None) {
                Some(delay) => Verdict::Retry { delay, error: error.kind(), rejected: None },
                None => Verdict::Fail(error),
            },
            AttemptOutcome::Refused(response)
                if retry::deleted_before(self.endpoint, response.status, self.maybe_applied) =>
            {
                tracing::debug!("an earlier attempt had deleted it");
                Verdict::Done(Success { response, already_deleted: true })
            }
            AttemptOutcome::Refused(response) => {
                let retry_after = Reported::read(&response.headers).retry_after;
                match self.retry(Failure::Status(response.status), policy, retry_after) {
                    Some(delay) => {
                        let error = ErrorKind::of_status(response.status);
                        Verdict::Retry { delay, error, rejected: Some(response).filter(|r| r.status == 429) }
                    }
                    None => Verdict::Fail(refused(&response, retry_after)),
                }
            }
        }
    }

    /// Returns the delay before the next attempt, or `None` if there is no next attempt.
    fn retry(&mut self, failure: Failure, policy: Policy, retry_after: Option<Duration>) -> Option<Duration> {
        self.maybe_applied |= failure.maybe_applied();
        let delay = retry::delay(failure, self.report.attempts, retry_after);
        let in_time = Instant::now() + delay < self.deadline.at;
        (policy.retries(self.endpoint, failure, self.report.attempts) && in_time).then_some(delay)
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
