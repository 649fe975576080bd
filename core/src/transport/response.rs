//! The successful response of a call, not decoded yet.

use super::auth::Credentials;
use super::limiter::RateLimit;
use crate::error::{Error, Result};
use crate::spec::{Operation, locate};
use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::time::Duration;

/// The successful response of a call with the call's history, not decoded yet.
#[derive(Debug, Clone)]
pub struct CallResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) history: History,
    /// Redacted in errors.
    pub(crate) credentials: Credentials,
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

    /// The operation that was called.
    #[must_use]
    pub const fn operation(&self) -> &'static Operation {
        self.operation
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
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), with the JSON path of what could not be decoded.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        let body: &[u8] =
            if self.operation.response.is_none() || self.body.is_empty() { b"null" } else { &self.body };
        // Checking UTF-8 once for the whole body avoids a check for each string.
        let text = std::str::from_utf8(body).map_err(|e| self.refuse(String::new(), &e.to_string()))?;
        serde_json::from_str(text).map_err(|error| self.explain(self.locate(text, &error)))
    }

    /// Returns an error with the position at which the body differs from the spec. For bindings that decode it themselves.
    #[doc(hidden)]
    #[must_use]
    pub fn refuse(&self, path: String, problem: &str) -> Error {
        self.explain(Error::decode(path, problem, self.status, &self.shown()))
    }

    /// Parses the body again, more slowly, to find out where decoding failed.
    fn locate(&self, text: &str, error: &serde_json::Error) -> Error {
        let failed = |path: String, what: &dyn std::fmt::Display| {
            Error::decode(path, what, self.status, &self.shown())
        };
        if self.body.is_empty() {
            return failed(String::new(), &"it is empty");
        }
        let json = serde_json::from_str(text);
        match json.ok().and_then(|json| locate::locate(&json, self.operation.response.as_ref()?)) {
            Some((path, problem)) => failed(path, &problem),
            None => failed(String::new(), error),
        }
    }

    /// The body with redacted credentials, as an error keeps it.
    fn shown(&self) -> Cow<'_, [u8]> {
        self.credentials.hidden_in(&self.body)
    }

    fn explain(&self, error: Error) -> Error {
        // The service reported success; only its response cannot be decoded.
        let error = error.with_maybe_applied(true);
        error.with_operation(self.operation).with_target(&self.target).with_attempts(self.history.attempts)
    }
}
