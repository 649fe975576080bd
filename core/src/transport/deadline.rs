//! The end of a call, and the option from which it comes, for the errors of calls that are too late.

use crate::error::{Error, ErrorKind};
use std::time::Duration;
use tokio::time::Instant;

/// A limit that is as good as none, for sums that would overflow.
const ENDLESS: Duration = Duration::from_secs(1 << 30);

/// The end of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    /// The option `timeout` of the call.
    limit: Duration,
}

impl Deadline {
    pub(crate) fn new(started: Instant, limit: Duration) -> Self {
        Self { at: started.checked_add(limit).unwrap_or_else(|| started + ENDLESS), limit }
    }

    /// Returns the error of a call that has reached its end.
    pub(crate) fn exceeded(self, doing: &str) -> Error {
        timed_out(doing, self.limit, "timeout")
    }
}

/// Returns the error for a limit that was exceeded, with the name of its option.
pub(crate) fn timed_out(doing: &str, limit: Duration, option: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("timed out after {} ({option}) while {doing}", seconds(limit)))
}

/// Returns a duration in seconds, as messages show it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
