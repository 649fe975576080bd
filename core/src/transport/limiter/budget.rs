//! The remaining budget and its window.

use crate::transport::clock::ServerClock;
use crate::transport::headers::{Reset, sane};
use std::time::Duration;
use tokio::time::Instant;

/// Two window ends that are reported as seconds from now belong to the same window if they are this close.
const SAME_WINDOW: Duration = Duration::from_millis(1500);

/// What is known of the budget.
#[derive(Debug, Clone, Copy)]
pub(super) enum Budget {
    /// Unknown: one request, the probe, is sent first to learn it; `probing` is when it was sent.
    Unknown { probing: Option<Instant> },
    /// The service reports no limit.
    Unlimited,
    /// This much remains in a window.
    Left { remaining: u64, window: Window },
}

/// A window, identified by its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) ends: Option<Instant>,
    /// The end as the server reported it, which is exact.
    server_end: Option<i128>,
}

impl Budget {
    /// The end of the window, if it is known.
    pub(super) const fn ends(&self) -> Option<Instant> {
        match self {
            Self::Left { window, .. } => window.ends,
            Self::Unknown { .. } | Self::Unlimited => None,
        }
    }

    /// Subtracts one request whose response does not report the remaining budget.
    pub(super) const fn spend_one(&mut self) {
        match self {
            Self::Left { remaining, .. } => *remaining = remaining.saturating_sub(1),
            Self::Unknown { probing } => *probing = None,
            Self::Unlimited => {}
        }
    }
}

impl Window {
    /// The window that a response reports.
    pub(super) fn reported(reset: Option<Reset>, clock: &ServerClock, now: Instant) -> Self {
        match reset {
            Some(Reset::At(server_end)) => {
                // Without a `Date` there is only the local clock.
                let ends = clock.when(server_end, now).or_else(|| local_end(server_end, now));
                let ends = ends.filter(|ends| sane(ends.saturating_duration_since(now)).is_some());
                let server_end = ends.map(|_| server_end);
                // An end that has long passed is ignored.
                let past = server_end.is_some_and(|end| clock.is_past(end, SAME_WINDOW, now));
                Self { ends: ends.filter(|_| !past), server_end }
            }
            Some(Reset::In(wait)) => Self { ends: now.checked_add(wait), server_end: None },
            None => Self { ends: None, server_end: None },
        }
    }

    pub(super) fn same_as(&self, other: &Self) -> bool {
        !self.newer_than(other) && !other.newer_than(self)
    }

    pub(super) fn newer_than(&self, other: &Self) -> bool {
        match (self.server_end, other.server_end, self.ends, other.ends) {
            (Some(a), Some(b), _, _) => a > b,
            (_, _, Some(a), Some(b)) => a.saturating_duration_since(b) > SAME_WINDOW,
            _ => false,
        }
    }
}

fn local_end(server_end: i128, now: Instant) -> Option<Instant> {
    let local = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    let wait = server_end - i128::try_from(local.as_nanos()).ok()?;
    now.checked_add(Duration::from_nanos(u64::try_from(wait.max(0)).ok()?))
}
