//! The state of the rate limit, and the usage counters of a client.

use pyo3::prelude::*;

/// State of the rate limit.
#[pyclass(frozen, get_all, module = "configcat_management")]
pub struct RateLimit {
    /// Requests left in the window, if known.
    remaining: Option<u64>,
    /// Seconds until the window ends, if known.
    resets_in: Option<f64>,
    /// Requests in flight.
    in_flight: u64,
    /// Calls waiting for a permit.
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

/// Usage counters of a client.
#[pyclass(frozen, get_all, module = "configcat_management")]
pub struct Usage {
    /// Requests sent, including retries.
    requests: u64,
    /// Requests rejected with 429 (rate limit exceeded).
    rate_limited: u64,
    /// Total seconds that calls spent waiting for the rate limit.
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
