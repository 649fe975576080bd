//! Decides whether and when to retry. Pure functions; the pipeline carries out their decisions.

use crate::error::{Error, ErrorKind};
use crate::spec::{Endpoint, Http};
use std::time::Duration;

/// First backoff; doubled after each attempt.
const FIRST: Duration = Duration::from_millis(500);
/// Longest backoff.
const LONGEST: Duration = Duration::from_secs(8);

/// Why an attempt did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A response with this status.
    Status(u16),
    /// Nothing was sent, or the service reports that it did not process the request.
    Unprocessed,
    /// The connection was lost, or the timeout expired, after the request may have arrived.
    Lost,
    /// The request cannot be sent at all.
    Impossible,
}

/// When to retry a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) max_attempts: u32,
    /// Whether requests that are not idempotent may be sent twice.
    pub(crate) repeat_all: bool,
}

impl Failure {
    /// Whether the service may have applied the request. By status:
    ///
    /// | status | applied | reason |
    /// |---|---|---|
    /// | 1xx | maybe | 101 ends HTTP without telling the result |
    /// | 2xx | maybe | the response was not usable, but the service reports success |
    /// | 3xx | maybe | a redirect often follows a change |
    /// | 408, 499 | maybe | the server stopped waiting, at any time |
    /// | other 4xx | no | the service refused the request |
    /// | 5xx and others | maybe | the service failed, at any time |
    pub(crate) const fn maybe_applied(self) -> bool {
        match self {
            Self::Lost => true,
            Self::Status(status) => !matches!(status, 400..=499) || matches!(status, 408 | 499),
            Self::Unprocessed | Self::Impossible => false,
        }
    }

    /// Whether the same request may succeed later, because nothing is wrong with it.
    pub(crate) const fn is_transient(self) -> bool {
        match self {
            Self::Unprocessed | Self::Lost => true,
            Self::Impossible => false,
            // Not supported by the service, so a retry would fail, too.
            Self::Status(501 | 505) => false,
            Self::Status(status) => matches!(status, 408 | 429) || status >= 500,
        }
    }

    /// Whether the service did not process the request, whatever its method.
    const fn is_unprocessed(self) -> bool {
        matches!(self, Self::Unprocessed | Self::Status(429))
    }

    /// Whether the service reports that it did not apply the request.
    pub(crate) const fn is_refusal(self) -> bool {
        matches!(self, Self::Status(_)) && !self.maybe_applied()
    }
}

impl Policy {
    /// Whether to retry after attempt number `attempt`, counted from 1.
    pub(crate) fn retries(self, endpoint: &Endpoint, failure: Failure, attempt: u32) -> bool {
        let safe = failure.is_unprocessed() || self.repeat_all || endpoint.is_repeatable();
        attempt < self.max_attempts && failure.is_transient() && safe
    }
}

impl Error {
    /// Whether the same call may succeed later, because nothing is wrong with it: the rate limit was used up, the service or
    /// the connection failed, or the timeout expired. It does not tell whether the failed call was applied; see
    /// [`maybe_applied`](Self::maybe_applied).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.status() {
            Some(status) => Failure::Status(status).is_transient(),
            None => {
                matches!(self.kind(), ErrorKind::RateLimited | ErrorKind::Timeout | ErrorKind::Connection)
            }
        }
    }
}

/// Returns the delay after attempt number `attempt`: the Retry-After of the service, or exponential backoff with full
/// jitter. Zero after a 429, because the rate limiter waits instead.
pub(crate) fn delay(failure: Failure, attempt: u32, retry_after: Option<Duration>) -> Duration {
    if failure == Failure::Status(429) {
        return Duration::ZERO;
    }
    retry_after.unwrap_or_else(|| ceiling(attempt).mul_f64(fastrand::f64()))
}

fn ceiling(attempt: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(LONGEST)
}

/// Whether a 404 for a deletion counts as success, because an earlier attempt may have deleted the resource. Not for an
/// operation with a response body, because that body is lost. The caller of a raw request sees the status.
pub(crate) fn deleted_before(endpoint: &Endpoint, status: u16, earlier_may_have_arrived: bool) -> bool {
    endpoint.http() == Http::Delete
        && endpoint.operation().is_none_or(|operation| operation.response.is_none())
        && status == 404
        && earlier_may_have_arrived
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{configs, flag_values, integration_links};

    const CREATE: Endpoint = Endpoint::Operation(&configs::CREATE);
    const DELETE: Endpoint = Endpoint::Operation(&configs::DELETE);
    const LIST: Endpoint = Endpoint::Operation(&configs::LIST);
    const PATCH: Endpoint = Endpoint::Operation(&flag_values::PATCH);

    const POLICY: Policy = Policy { max_attempts: 3, repeat_all: false };

    #[test]
    fn unprocessed_request_is_retried_for_every_method() {
        for operation in [&CREATE, &PATCH, &LIST, &DELETE] {
            assert!(POLICY.retries(operation, Failure::Unprocessed, 1));
            assert!(POLICY.retries(operation, Failure::Status(429), 1));
        }
    }

    #[test]
    fn possibly_applied_request_is_retried_only_if_safe() {
        for failure in [Failure::Lost, Failure::Status(408), Failure::Status(500), Failure::Status(503)] {
            assert!(POLICY.retries(&LIST, failure, 1));
            assert!(POLICY.retries(&DELETE, failure, 1));
            assert!(!POLICY.retries(&CREATE, failure, 1));
            assert!(!POLICY.retries(&PATCH, failure, 1));
            assert!(Policy { repeat_all: true, ..POLICY }.retries(&CREATE, failure, 1));
        }
    }

    #[test]
    fn only_refused_requests_are_certainly_not_applied() {
        let refused = |status: &u16| !Failure::Status(*status).maybe_applied();
        let statuses: Vec<u16> = (100..=999).filter(refused).collect();
        let expected = (400..=499).filter(|status| ![408, 499].contains(status));
        assert_eq!(statuses, expected.collect::<Vec<u16>>());
    }

    #[test]
    fn refusal_is_not_retried() {
        for status in [400, 401, 403, 404, 409, 501] {
            assert!(!POLICY.retries(&LIST, Failure::Status(status), 1), "{status}");
        }
    }

    #[test]
    fn delete_404_is_success_only_after_a_possible_deletion() {
        assert!(deleted_before(&DELETE, 404, true));
        assert!(!deleted_before(&DELETE, 404, false) && !deleted_before(&DELETE, 403, true));
        assert!(!deleted_before(&LIST, 404, true));
        assert!(deleted_before(&Endpoint::raw(Http::Delete, "/v1/x"), 404, true));
        assert!(!deleted_before(&(&integration_links::DELETE).into(), 404, true));
    }

    #[test]
    fn is_retryable_agrees_with_the_retry_policy() {
        for status in 300..=599 {
            let error = Error::of_response(status, b"", None);
            let retried = POLICY.retries(&LIST, Failure::Status(status), 1);
            assert_eq!(error.is_retryable(), retried, "{status}");
        }
        let retryable = ErrorKind::ALL.into_iter().filter(|kind| Error::new(*kind, "").is_retryable());
        let expected = [ErrorKind::RateLimited, ErrorKind::Timeout, ErrorKind::Connection];
        assert_eq!(retryable.collect::<Vec<_>>(), expected);
        assert!(!Error::decode(String::new(), "", 200, b"").is_retryable());
    }

    #[test]
    fn retries_stop_at_max_attempts() {
        assert!(POLICY.retries(&LIST, Failure::Lost, 2));
        assert!(!POLICY.retries(&LIST, Failure::Lost, 3));
    }

    #[test]
    fn backoff_is_capped_and_retry_after_takes_precedence() {
        let ceilings: Vec<u64> = (1..7).map(|n| u64::try_from(ceiling(n).as_millis()).unwrap()).collect();
        assert_eq!(ceilings, [500, 1000, 2000, 4000, 8000, 8000]);
        assert!(delay(Failure::Lost, 1, None) <= Duration::from_millis(500));
        assert_eq!(delay(Failure::Status(503), 1, Some(Duration::from_secs(20))), Duration::from_secs(20));
    }
}
