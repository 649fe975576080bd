//! What a plan costs: requests, and time under the rate limit.

use super::requests::PlannedRequest;
use crate::transport::limiter::RateLimit;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a plan costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Price {
    /// Requests that applying sends, without retries.
    pub requests: u32,
    /// Requests that making the plan has sent, without retries.
    pub reads: u32,
}

impl Price {
    pub(super) fn of(requests: &[PlannedRequest], reads: u32) -> Self {
        Self { requests: requests.iter().map(|request| request.count).sum(), reads }
    }

    /// Returns the least time that the requests wait for the rate limit, if the service has reported one: nothing if they fit
    /// into the rest of the window, or else the time until its end.
    #[must_use]
    pub fn least_wait(&self, limit: &RateLimit) -> Option<Duration> {
        let remaining = limit.remaining?;
        if u64::from(self.requests) <= remaining { Some(Duration::ZERO) } else { limit.resets_in }
    }
}
