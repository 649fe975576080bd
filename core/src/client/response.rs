//! The typed response of a call.

use crate::transport::limiter::RateLimit;
use crate::transport::response::CallResponse;
use bytes::Bytes;
use http::HeaderMap;
use std::fmt;
use std::time::Duration;

/// A decoded response with its status, headers and history.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The decoded body.
    pub value: T,
    /// HTTP status.
    pub status: u16,
    /// Headers of the response.
    pub headers: HeaderMap,
    /// The body as it was received.
    pub body: Bytes,
    /// What the client knew of the rate limit after the response.
    pub rate_limit: RateLimit,
    /// Number of attempts.
    pub attempts: u32,
    /// Duration of the whole call, including waits and retries.
    pub elapsed: Duration,
    /// How much of that was spent waiting for the rate limit.
    pub waited: Duration,
    /// Whether a deletion found nothing because an earlier attempt of the same call had already done it.
    pub already_deleted: bool,
}

impl<T> Response<T> {
    pub(super) fn new((response, value): (CallResponse, T)) -> Self {
        Self {
            value,
            status: response.status,
            headers: response.headers,
            body: response.body,
            rate_limit: response.history.rate_limit,
            attempts: response.history.attempts,
            elapsed: response.history.elapsed,
            waited: response.history.waited,
            already_deleted: response.history.already_deleted,
        }
    }
}

/// Shows the length of the body instead of the body, which may be large.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("length", &self.body.len())
            .field("rate_limit", &self.rate_limit)
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .field("waited", &self.waited)
            .field("already_deleted", &self.already_deleted)
            .finish()
    }
}
