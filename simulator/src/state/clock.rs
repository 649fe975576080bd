//! The simulator's clock: the machine's, unless a test moves or stops it.

use configcat_management::Timestamp;
use serde::{Deserialize, Serialize};

/// A day, in the unit of timestamps.
pub(crate) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// What time it is for the simulator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// Microseconds ahead of the machine's clock.
    ahead_micros: i64,
    /// Where it stands while it is stopped.
    frozen_at: Option<Timestamp>,
}

impl Clock {
    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.frozen_at.unwrap_or_else(|| later(Timestamp::now(), self.ahead_micros))
    }

    /// Whether it is stopped.
    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// Microseconds by which it was moved ahead of the machine's clock.
    #[must_use]
    pub const fn ahead_micros(&self) -> i64 {
        self.ahead_micros
    }

    /// Stops the clock, now or at a given time.
    pub fn freeze(&mut self, at: Option<Timestamp>) {
        let at = at.unwrap_or_else(|| self.now());
        self.frozen_at = Some(at);
        self.ahead_micros = at.unix_micros().saturating_sub(Timestamp::now().unix_micros());
    }

    /// Lets the clock run on from where it stands.
    pub fn resume(&mut self) {
        if let Some(at) = self.frozen_at.take() {
            self.ahead_micros = at.unix_micros().saturating_sub(Timestamp::now().unix_micros());
        }
    }

    /// Moves the clock forward, stopped or not.
    pub fn advance(&mut self, micros: i64) {
        self.ahead_micros = self.ahead_micros.saturating_add(micros);
        self.frozen_at = self.frozen_at.map(|at| later(at, micros));
    }
}

/// A time so many microseconds after another; the same time where that is beyond what a timestamp holds.
pub(crate) fn later(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_unix_micros(at.unix_micros().saturating_add(micros)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_moves_only_when_told() {
        let mut clock = Clock::default();
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        clock.freeze(Some(start));
        assert_eq!(clock.now(), start);
        clock.advance(3_600_000_000);
        assert_eq!(clock.now().to_string(), "2026-01-01T01:00:00Z");
        clock.resume();
        assert!(clock.now() >= later(start, 3_600_000_000) && clock.now() < later(start, 3_700_000_000));
    }

    #[test]
    fn a_running_clock_can_be_moved() {
        let mut clock = Clock::default();
        clock.advance(86_400_000_000);
        assert!(clock.now() > later(Timestamp::now(), 86_000_000_000));
    }
}
