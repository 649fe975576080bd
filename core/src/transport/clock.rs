//! The server's clock, as seen through its `Date` headers.
//!
//! `Date` has whole seconds, so one response gives the server's time only to within a second. Combining the bounds of many
//! responses narrows it down to about the length of a round trip.

use std::time::Duration;
use tokio::time::Instant;

/// Lifetime of the bounds; they are then learned again, because clocks drift.
const LIFETIME: Duration = Duration::from_secs(600);

const SECOND: i128 = 1_000_000_000;

/// The server's clock, known by bounds on (server time - local time), in nanoseconds.
#[derive(Debug)]
pub(crate) struct ServerClock {
    origin: Instant,
    bounds: Option<(i128, i128)>,
    learned: Instant,
}

impl ServerClock {
    pub(crate) fn new(now: Instant) -> Self {
        Self { origin: now, bounds: None, learned: now }
    }

    fn local(&self, at: Instant) -> i128 {
        i128::try_from(at.saturating_duration_since(self.origin).as_nanos()).unwrap_or(i128::MAX)
    }

    /// Narrows the bounds by a response whose `Date`, in Unix seconds, was written between `sent` and `received`.
    pub(crate) fn learn(&mut self, date: i64, sent: Instant, received: Instant) {
        let date = i128::from(date) * SECOND;
        let low = date - self.local(received);
        let high = date + SECOND - self.local(sent);
        let fresh = received.saturating_duration_since(self.learned) < LIFETIME;
        self.bounds = match self.bounds {
            Some((l, h)) if fresh && low.max(l) <= high.min(h) => Some((low.max(l), high.min(h))),
            // No bounds yet, bounds too old, or the server's clock was set: use the latest response only.
            _ => {
                self.learned = received;
                Some((low, high))
            }
        };
    }

    /// Returns the local instant at which the server's clock has certainly reached a time in Unix nanoseconds, or `None` if
    /// the clock is unknown.
    pub(crate) fn when(&self, server_time: i128, now: Instant) -> Option<Instant> {
        let (low, _) = self.bounds?;
        let wait = server_time - low - self.local(now);
        let wait = u64::try_from(wait.max(0)).ok()?;
        now.checked_add(Duration::from_nanos(wait))
    }

    /// Whether the server's clock has certainly passed a time by more than `margin`.
    pub(crate) fn is_past(&self, server_time: i128, margin: Duration, now: Instant) -> bool {
        let margin = i128::try_from(margin.as_nanos()).unwrap_or(i128::MAX);
        self.bounds.is_some_and(|(low, _)| server_time + margin < low + self.local(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, millis: u64) -> Instant {
        start + Duration::from_millis(millis)
    }

    #[test]
    fn more_responses_narrow_the_bounds() {
        let start = Instant::now();
        let mut clock = ServerClock::new(start);
        // The server's clock reads 1000.9 s at our start; it writes whole seconds.
        clock.learn(1000, start, after(start, 10));
        let reset = 1010 * SECOND;
        let first = clock.when(reset, start).unwrap().duration_since(start).as_millis();
        assert!((9_990..=10_010).contains(&first), "{first}");
        clock.learn(1001, after(start, 100), after(start, 110));
        let second = clock.when(reset, start).unwrap().duration_since(start).as_millis();
        assert!((9_100..=9_115).contains(&second), "{second}");
    }

    #[test]
    fn clock_that_was_set_forward_is_followed() {
        let start = Instant::now();
        let mut clock = ServerClock::new(start);
        clock.learn(1000, start, start);
        clock.learn(5000, after(start, 1000), after(start, 1000));
        let wait = clock.when(5010 * SECOND, after(start, 1000)).unwrap().duration_since(after(start, 1000));
        assert_eq!(wait.as_secs(), 10);
    }

    #[test]
    fn clock_that_was_set_back_is_followed_after_long_agreement() {
        let start = Instant::now();
        let mut clock = ServerClock::new(start);
        clock.learn(1000, start, start);
        let now = after(start, 100_000);
        clock.learn(1070, now, now);
        assert_eq!(clock.when(1080 * SECOND, now), Some(after(start, 110_000)));
    }

    #[test]
    fn tighter_bounds_are_kept_for_ten_minutes() {
        let start = Instant::now();
        // The first response gives a lower bound of 1000.0 at the start; the others give half a second less.
        for (millis, kept) in [(590_000, true), (599_999, true), (600_000, false), (610_000, false)] {
            let mut clock = ServerClock::new(start);
            clock.learn(1000, start, start);
            let received = after(start, millis);
            let date = i64::try_from(1000 + (millis - 500) / 1000).unwrap();
            clock.learn(date, after(start, millis - 600), received);
            let reset = (1000 + i128::from(millis) / 1000 + 1) * SECOND;
            let ends = clock.when(reset, received).unwrap().duration_since(start).as_secs_f64();
            let exact = (reset / SECOND - 1000) as f64;
            assert_eq!((ends - exact).abs() < 1e-6, kept, "{millis}: {ends} {exact}");
        }
    }

    #[test]
    fn past_server_time_maps_to_now() {
        let start = Instant::now();
        let mut clock = ServerClock::new(start);
        assert_eq!(clock.when(0, start), None);
        clock.learn(1000, start, start);
        assert_eq!(clock.when(0, start), Some(start));
    }

    #[test]
    fn time_is_past_only_when_certain() {
        let start = Instant::now();
        let mut clock = ServerClock::new(start);
        assert!(!clock.is_past(0, Duration::ZERO, start), "nothing is known yet");
        // Written within the hundred milliseconds of the round trip: the server's clock shows 1000.0 to 1001.0.
        clock.learn(1000, start, after(start, 100));
        let at = |seconds: i128| seconds * SECOND;
        let now = after(start, 100);
        assert!(clock.is_past(at(998), Duration::from_secs(1), now));
        assert!(!clock.is_past(at(999), Duration::from_secs(1), now), "it may be just that old");
        assert!(!clock.is_past(at(1000), Duration::ZERO, now));
        assert!(clock.is_past(at(1000), Duration::ZERO, after(start, 1_101)));
    }
}
