//! State of the rate limit.

use std::time::Duration;

/// Rate limit state, as known to the client.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RateLimit {
    /// Requests left in the window; absent if unknown.
    pub remaining: Option<i64>,
    /// Time until the window ends; absent if unknown.
    pub resets_in: Option<Duration>,
    /// Requests in flight.
    pub in_flight: i64,
    /// Calls that wait for a permit.
    pub waiting: i64,
}

impl From<configcat_management::RateLimit> for RateLimit {
    fn from(known: configcat_management::RateLimit) -> Self {
        Self {
            remaining: known.remaining.map(count),
            resets_in: known.resets_in,
            in_flight: count(known.in_flight),
            waiting: i64::try_from(known.waiting).unwrap_or(i64::MAX),
        }
    }
}

impl From<RateLimit> for configcat_management::RateLimit {
    fn from(known: RateLimit) -> Self {
        let mut limit = Self::default();
        limit.remaining = known.remaining.and_then(|remaining| u64::try_from(remaining).ok());
        limit.resets_in = known.resets_in;
        limit
    }
}

/// Converts a counter for languages without unsigned numbers.
pub fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
