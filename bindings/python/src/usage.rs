//! The state of the rate limit, and the usage counters of a client.

use pyo3::prelude::*;
use pyo3::types::PyType;

/// The arguments of the constructor of [`RateLimit`].
type RateLimitFields = (Option<u64>, Option<f64>, u64, usize);

/// State of the rate limit.
#[pyclass(frozen, get_all, eq, module = "configcat_management")]
#[derive(PartialEq)]
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
    #[new]
    #[pyo3(signature = (remaining = None, resets_in = None, in_flight = 0, waiting = 0))]
    const fn new(remaining: Option<u64>, resets_in: Option<f64>, in_flight: u64, waiting: usize) -> Self {
        Self { remaining, resets_in, in_flight, waiting }
    }

    /// Returns how to rebuild it, for `pickle` and `copy`.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, RateLimitFields) {
        let state = slf.get();
        (slf.get_type(), (state.remaining, state.resets_in, state.in_flight, state.waiting))
    }

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
#[pyclass(frozen, get_all, eq, module = "configcat_management")]
#[derive(PartialEq)]
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
    #[new]
    #[pyo3(signature = (requests = 0, rate_limited = 0, waited = 0.0))]
    const fn new(requests: u64, rate_limited: u64, waited: f64) -> Self {
        Self { requests, rate_limited, waited }
    }

    /// Returns how to rebuild it, for `pickle` and `copy`.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, (u64, u64, f64)) {
        let counted = slf.get();
        (slf.get_type(), (counted.requests, counted.rate_limited, counted.waited))
    }

    fn __repr__(&self) -> String {
        format!(
            "Usage(requests={}, rate_limited={}, waited={:.1})",
            self.requests, self.rate_limited, self.waited
        )
    }
}
