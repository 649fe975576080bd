//! The successful response of a call, not decoded yet.

use super::deadline::Deadline;
use super::limiter::RateLimit;
use super::secrets::Secrets;
use crate::error::{Error, ErrorKind, Result};
use crate::spec::memory::{Fit, ValueForm};
use crate::spec::{Endpoint, Operation, Type, locate, memory, unknown};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::Duration;
use tokio::time::timeout_at;

/// Maximum length of a value in a message, in bytes.
const SHOWN: usize = 64;
/// From this fraction of the memory on, a string is too long to be decoded without a check.
const REPEATED: usize = 32;
/// Bodies from this size on, in bytes, are decoded on a thread of their own, so that no other call has to wait.
const LARGE: usize = 256 << 10;
/// Bodies up to this size, in bytes, are decoded by a thread that waits for the call, and for no other: in about 10 ms, by which
/// the deadline may be exceeded. With a thread of its own, a list of 1,000 flags took 2.6 ms instead of 1.7.
const WAITED_FOR: usize = 4 << 20;

/// The successful response of a call with the call's history, not decoded yet.
#[derive(Clone)]
pub struct CallResponse {
    pub(crate) endpoint: Endpoint,
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) history: History,
    pub(crate) limits: Limits,
    /// Redacted in errors.
    pub(crate) secrets: Secrets,
}

/// Omits the body, which may be large, and may echo the request.
impl fmt::Debug for CallResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallResponse")
            .field("operation", &self.endpoint.id())
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Limits of decoding a response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Memory for the decoded values, in bytes.
    pub(crate) memory: usize,
    /// What the values are decoded to.
    pub(crate) form: ValueForm,
    /// The deadline of the call.
    pub(crate) deadline: Deadline,
}

/// History of a call: its attempts and waits, and the rate limit after it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct History {
    pub(crate) rate_limit: RateLimit,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) waited: Duration,
    pub(crate) already_deleted: bool,
}

impl CallResponse {
    /// HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it was received.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body, shared instead of copied.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.body.clone()
    }

    /// The operation that was called; `None` for a raw request.
    #[must_use]
    pub const fn operation(&self) -> Option<&'static Operation> {
        self.endpoint.operation()
    }

    /// Type of the value in the body; `None` if there is none: by the spec or, for a raw request, because the body is empty or is
    /// not JSON. For bindings.
    #[doc(hidden)]
    #[must_use]
    pub fn value_type(&self) -> Option<&'static Type> {
        let raw_value = || !self.body.is_empty() && is_json(&self.headers);
        self.endpoint.response().filter(|_| self.operation().is_some() || raw_value())
    }

    /// What the client knew of the rate limit after the response.
    #[must_use]
    pub const fn rate_limit(&self) -> RateLimit {
        self.history.rate_limit
    }

    /// Number of attempts.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.history.attempts
    }

    /// Duration of the call, with waits and retries.
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.history.elapsed
    }

    /// How much of that was spent waiting for the rate limit.
    #[must_use]
    pub const fn waited(&self) -> Duration {
        self.history.waited
    }

    /// Whether a deletion found nothing because an earlier attempt of the same call had already done it.
    #[must_use]
    pub const fn already_deleted(&self) -> bool {
        self.history.already_deleted
    }

    /// Decodes the body.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`], with the JSON path of what could not be decoded, or if the values would need more than three
    /// times the memory of the largest response that the client accepts.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        let body: &[u8] =
            if self.value_type().is_none() || self.body.is_empty() { b"null" } else { &self.body };
        // Checking UTF-8 once for the whole body avoids a check for each string.
        let text = std::str::from_utf8(body).map_err(|e| self.refuse(String::new(), &e.to_string()))?;
        let fit = self.fit();
        if fit == Fit::Known
            && let Some(decoded) = unknown::refused(|| serde_json::from_str(text))
        {
            return decoded.map_err(|error| self.locate(text, &error));
        }
        if fit != Fit::Surely {
            self.count_memory()?;
        }
        serde_json::from_str(text).map_err(|error| self.locate(text, &error))
    }

    /// What is certain about the memory for the values of the body.
    fn fit(&self) -> Fit {
        let Some(ty) = self.value_type() else { return Fit::Surely };
        let Limits { memory, form, .. } = self.limits;
        // The decoder of models repeats a value of the wrong type in its error, which takes several times the memory of the
        // value. The reader of trees does not.
        if form == ValueForm::Models && memory::has_long_string(&self.body, memory / REPEATED) {
            return Fit::Perhaps;
        }
        memory::fit(&self.body, ty, form, memory)
    }

    /// Runs a decoder, inside the deadline of the call. A large body is decoded on a thread of its own. For bindings that decode
    /// it themselves.
    #[doc(hidden)]
    pub async fn decoded<T, E>(
        self,
        decode: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<(Self, T), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if !self.is_large() {
            let value = decode(&self)?;
            return Ok((self, value));
        }
        let explained = |error: Error| self.explain(error.with_status(self.status));
        let deadline = self.limits.deadline;
        let late = explained(deadline.exceeded("decoding the response"));
        let broken = explained(Error::new(ErrorKind::Decode, "internal error while decoding the response"));
        let work = tokio::task::spawn_blocking(move || decode(&self).map(|value| (self, value)));
        match timeout_at(deadline.at, work).await {
            Ok(Ok(result)) => result,
            Ok(Err(stopped)) if stopped.is_panic() => Err(broken.into()),
            Ok(Err(_)) => Err(Error::cancelled("the runtime was shut down").into()),
            Err(_) => Err(late.into()),
        }
    }

    /// Whether the body is decoded on a thread of its own.
    #[doc(hidden)]
    #[must_use]
    pub fn is_large(&self) -> bool {
        self.body.len() >= LARGE
    }

    /// Whether a thread that waits for the call decodes the body itself, because no other call has to wait for that.
    #[doc(hidden)]
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        self.body.len() <= WAITED_FOR
    }

    /// Refuses a body whose values would need too much memory. For bindings that decode it themselves.
    #[doc(hidden)]
    pub fn check_memory(&self) -> Result<()> {
        if self.fit() == Fit::Surely { Ok(()) } else { self.count_memory() }
    }

    /// Reads the body to count the memory that its values need.
    fn count_memory(&self) -> Result<()> {
        let Some(ty) = self.value_type() else { return Ok(()) };
        let Limits { memory, form, .. } = self.limits;
        // What is not a string is not JSON: the decoder reports that.
        let text = std::str::from_utf8(&self.body).unwrap_or_default();
        match locate::locate(text, ty, form, memory) {
            Some(problem) => Err(self.describe(problem)),
            None => Ok(()),
        }
    }

    /// Returns an error with the position at which the body differs from the spec. For bindings that decode it themselves.
    #[doc(hidden)]
    #[must_use]
    pub fn refuse(&self, path: String, problem: &str) -> Error {
        self.explain(Error::decode(path, problem, self.status, &self.body))
    }

    /// Parses the body again, more slowly, to find out where decoding failed.
    fn locate(&self, text: &str, error: &serde_json::Error) -> Error {
        if self.body.is_empty() {
            return self.refuse(String::new(), "it is empty");
        }
        match self.value_type().and_then(|ty| locate::locate(text, ty, self.limits.form, self.limits.memory))
        {
            Some(problem) => self.describe(problem),
            None => self.refuse(String::new(), &error.to_string()),
        }
    }

    fn describe(&self, problem: locate::Problem) -> Error {
        let found = problem.found.map(|found| self.secrets.text(&found, SHOWN)).unwrap_or_default();
        self.refuse(problem.path, &format!("{}{found}", problem.message))
    }

    fn explain(&self, error: Error) -> Error {
        // The service reported success; only its response cannot be decoded.
        self.fail(error).with_maybe_applied(true)
    }

    /// Adds the call to an error, and masks what came from the network.
    pub(crate) fn fail(&self, error: Error) -> Error {
        let error = self.secrets.redact(error).with_operation(&self.endpoint);
        error.with_target(&self.target).with_attempts(self.history.attempts).with_headers(&self.headers)
    }
}

/// Whether a body is JSON by its `Content-Type`. Some servers send none.
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_none_or(|value| value.as_bytes().to_ascii_lowercase().windows(4).any(|part| part == b"json"))
}
