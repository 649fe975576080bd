//! The state of the rate limit, and what a client has sent so far.

use pyo3::prelude::*;

/// What is known of the rate limit.
#[pyclass(frozen, get_all, module = "configcat_management")]
pub struct RateLimit {
    /// Requests left in the window, as far as known.
    remaining: Option<u64>,
    /// Seconds until the window ends, as far as known.
    resets_in: Option<f64>,
    /// Requests that are on their way.
    in_flight: u64,
    /// Calls that wait for their turn.
    waiting: usize,
}

impl From<configcat_management::RateLimit> for RateLimit {
    fn from(state: configcat_management::RateLimit) -> Self {
        Self {
            remaining: state.remaining,
            resets_in: state.resets_in.map(|wait| wait.as_secs_f64()),
            in_flight: state.in_flight,
            waiting: state.waiting,
        }
    }
}

#[pymethods]
impl RateLimit {
    fn __repr__(&self) -> String {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "None".into());
        format!(
            "RateLimit(remaining={}, resets_in={}, in_flight={}, waiting={})",
            shown(self.remaining.map(|n| n.to_string())),
            shown(self.resets_in.map(|n| format!("{n:.1}"))),
            self.in_flight,
            self.waiting
        )
    }
}

/// What a client has done so far.
#[pyclass(frozen, get_all, module = "configcat_management")]
pub struct Usage {
    /// Requests that were sent, retries included.
    requests: u64,
    /// Answers that turned a request away for the rate limit (429).
    rate_limited: u64,
    /// Seconds that calls spent waiting for the rate limit, added up.
    waited: f64,
}

impl From<configcat_management::Usage> for Usage {
    fn from(usage: configcat_management::Usage) -> Self {
        Self {
            requests: usage.requests,
            rate_limited: usage.rate_limited,
            waited: usage.waited.as_secs_f64(),
        }
    }
}

#[pymethods]
impl Usage {
    fn __repr__(&self) -> String {
        format!(
            "Usage(requests={}, rate_limited={}, waited={:.1})",
            self.requests, self.rate_limited, self.waited
        )
    }
}
