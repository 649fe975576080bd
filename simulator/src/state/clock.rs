//! Clock of the simulator: the system clock, unless a test moves or freezes it.

use configcat_management::Timestamp;
use serde::{Deserialize, Serialize};

/// One day, in microseconds.
pub(crate) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Clock of the simulator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// Microseconds ahead of the system clock.
    ahead_micros: i64,
    /// Current time while the clock is frozen.
    frozen_at: Option<Timestamp>,
}

impl Clock {
    /// Sets a frozen clock, or by how many microseconds a running one is ahead of the system clock.
    pub fn set(&mut self, frozen_at: Option<Timestamp>, ahead_micros: i64) {
        *self = Self { ahead_micros, frozen_at: None };
        if frozen_at.is_some() {
            self.freeze(frozen_at);
        }
    }

    /// Returns the time at which it is frozen.
    #[must_use]
    pub const fn frozen_at(&self) -> Option<Timestamp> {
        self.frozen_at
    }

    /// Returns the current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.frozen_at.unwrap_or_else(|| later(Timestamp::now(), self.ahead_micros))
    }

    /// Returns whether the clock is frozen.
    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// Returns by how many microseconds the clock is ahead of the system clock.
    #[must_use]
    pub const fn ahead_micros(&self) -> i64 {
        self.ahead_micros
    }

    /// Freezes the clock at the given time, or at the current time.
    pub fn freeze(&mut self, at: Option<Timestamp>) {
        let at = at.unwrap_or_else(|| self.now());
        self.frozen_at = Some(at);
        self.ahead_micros = at.unix_micros().saturating_sub(Timestamp::now().unix_micros());
    }

    /// Resumes a frozen clock from its current time.
    pub fn resume(&mut self) {
        if let Some(at) = self.frozen_at.take() {
            self.ahead_micros = at.unix_micros().saturating_sub(Timestamp::now().unix_micros());
        }
    }

    /// Moves the clock forward, whether frozen or running.
    pub fn advance(&mut self, micros: i64) {
        self.ahead_micros = self.ahead_micros.saturating_add(micros);
        self.frozen_at = self.frozen_at.map(|at| later(at, micros));
    }
}

/// Adds microseconds to a timestamp. Returns `at` if the result is out of the range of timestamps.
pub(crate) fn later(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_unix_micros(at.unix_micros().saturating_add(micros)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_clock_moves_only_when_advanced_or_resumed() {
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
    fn running_clock_can_be_advanced() {
        let mut clock = Clock::default();
        clock.advance(86_400_000_000);
        assert!(clock.now() > later(Timestamp::now(), 86_000_000_000));
    }
}
