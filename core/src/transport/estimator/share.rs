//! The estimator; [`super`] describes the model.

#![allow(clippy::cast_precision_loss, reason = "estimates, of numbers that are small")]

use super::recent::Recent;
use super::tuning::TUNING;
use std::time::Duration;
use tokio::time::Instant;

#[derive(Debug)]
pub(in crate::transport) struct Estimator {
    window: Spending,
    /// When this window began for this client.
    began: Instant,
    /// Time from `began` to the end of the window, if the service reports the end.
    length: Option<Duration>,
    /// u and v: the latest requests count most.
    recent: Recent,
    /// Budget at the start of each window, as far as seen; this window comes first.
    limits: [u64; TUNING.windows],
    /// q: this client's share in previous windows, if it had to hold in any.
    past_share: Option<f64>,
    /// Whether other clients were noticed in this window and in the one before.
    noticed: [bool; 2],
    /// Whether this client's share of the window is used up.
    held: bool,
    /// Whether the previous window was used up.
    after_used_up: bool,
}

/// Requests of one window.
#[derive(Debug, Default)]
struct Spending {
    sent: u64,
    responses: u64,
    others: u64,
}

/// What a client may do while budget remains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transport) enum Share {
    /// Send.
    Take,
    /// Send, and then hold until the window ends.
    TakeLast,
    /// Nothing until a response arrives.
    AfterResponse,
    /// Nothing before this instant.
    At(Instant),
    /// Hold until the window ends.
    UsedUp,
    /// Nothing before the window ends.
    NextWindow,
}

impl Estimator {
    pub(in crate::transport) fn new(now: Instant) -> Self {
        Self {
            window: Spending::default(),
            began: now,
            length: None,
            recent: Recent::new(now),
            limits: [0; TUNING.windows],
            past_share: None,
            noticed: [false; 2],
            held: false,
            after_used_up: false,
        }
    }

    /// Whether another client was noticed in this window or the one before.
    pub(in crate::transport) fn crowded(&self) -> bool {
        self.noticed.contains(&true)
    }

    pub(in crate::transport) fn sent(&mut self, now: Instant) {
        if self.window.sent == 0 {
            self.began = now;
        }
        self.window.sent += 1;
    }

    /// A window was reported for the first time.
    pub(in crate::transport) fn opened(&mut self, left: u64, ends: Option<Instant>, now: Instant) {
        self.length = ends.map(|ends| ends.saturating_duration_since(self.began));
        self.limits[0] = left + 1;
        // Requests that other clients sent earlier in this window.
        let others = self.limit().saturating_sub(left + 1);
        self.spent(others, others > 1, now);
    }

    /// The remaining budget fell by this much since the last response.
    pub(in crate::transport) fn dropped(&mut self, by: u64, in_flight: u64, now: Instant) {
        // One of these is this client's own, and some of its requests in flight may have been counted already.
        let surely = by.saturating_sub(1 + in_flight);
        let likely = by.saturating_sub(1 + in_flight / 2);
        self.spent(if surely > 0 || self.crowded() { likely } else { 0 }, surely > 0, now);
    }

    fn spent(&mut self, others: u64, noticed: bool, now: Instant) {
        self.window.responses += 1;
        self.window.others += others;
        self.noticed[0] |= noticed;
        self.recent.add(1.0, others as f64, self.half_life(), now);
    }

    /// A request was rejected with 429: another client had spent the budget.
    pub(in crate::transport) fn rejected(&mut self) {
        self.noticed = [true, true];
        self.held = true;
    }

    /// The next window begins; `used_up` says whether the last one was used up.
    pub(in crate::transport) fn next_window(&mut self, used_up: bool, now: Instant) {
        if self.window.responses > 0 {
            if self.held {
                // The rest went to others, except for the reserve.
                let seen = (self.window.responses + self.window.others) as f64;
                let share =
                    self.window.responses as f64 / seen.max(self.limit() as f64 * (1.0 - TUNING.reserve));
                self.past_share = Some(self.past_share.map_or(share, |before| f64::midpoint(before, share)));
            }
            self.limits.rotate_right(1);
            self.limits[0] = 0;
        }
        let [this, _] = self.noticed;
        self.noticed = [false, this];
        self.window = Spending::default();
        self.held = false;
        self.after_used_up = used_up;
        self.began = now;
    }

    /// Decides what the client may do now, with `left` requests remaining, `in_flight` of its own in flight, and `waiting`
    /// calls. `random` returns a number from 0 to 1, and is called only if needed.
    pub(in crate::transport) fn share(
        &self,
        left: u64,
        in_flight: u64,
        waiting: usize,
        now: Instant,
        random: impl FnOnce() -> f64,
    ) -> Share {
        if self.held {
            return Share::NextWindow;
        }
        if self.after_used_up || (self.crowded() && (waiting > TUNING.few || self.scarce(left, now))) {
            let next = self.scheduled();
            if next > now {
                return Share::At(next);
            }
        }
        if !self.crowded() {
            return self.share_alone(in_flight);
        }
        let spare = (left as f64 - self.reserve()).max(0.0);
        let mut ours = spare * self.current_share(now);
        let (_, others) = self.recent.weighted(self.half_life(), now);
        // Demand is low: what the others spend within a half-life leaves enough for one.
        if others * std::f64::consts::LN_2 < spare {
            ours = ours.max(1.0);
        }
        if in_flight as f64 + 1.0 <= ours {
            Share::Take
        } else if in_flight > 0 {
            Share::AfterResponse
        } else if random() < ours {
            Share::TakeLast
        } else {
            Share::UsedUp
        }
    }

    /// While no other client is noticed: everything, but with a limit on requests in flight in the first window.
    fn share_alone(&self, in_flight: u64) -> Share {
        let [_, before @ ..] = &self.limits;
        let first_window = before.iter().all(|limit| *limit == 0);
        let wait = first_window && in_flight >= TUNING.first_requests + self.window.responses;
        if wait { Share::AfterResponse } else { Share::Take }
    }

    /// Stops sending until the next window.
    pub(in crate::transport) const fn hold(&mut self) {
        self.held = true;
    }

    /// p: this client's share of the spending.
    fn current_share(&self, now: Instant) -> f64 {
        let (own, others) = self.recent.weighted(self.half_life(), now);
        let (q, memory) = self.past_share.map_or((1.0, TUNING.first_memory), |q| (q, TUNING.memory));
        (own + memory * q) / (own + others + memory)
    }

    /// m: requests kept for newcomers. A client with little demand so far is a newcomer itself, and keeps none.
    fn reserve(&self) -> f64 {
        let modest = !self.after_used_up && self.window.sent < TUNING.few as u64;
        if modest { 0.0 } else { self.limit() as f64 * TUNING.reserve }
    }

    /// Whether others would use up much of the remaining budget before the window ends, at their current rate.
    fn scarce(&self, left: u64, now: Instant) -> bool {
        let (_, others) = self.recent.weighted(self.half_life(), now);
        let rest = (self.began + self.length.unwrap_or_default()).saturating_duration_since(now);
        others * std::f64::consts::LN_2 / self.half_life() * rest.as_secs_f64() > left as f64 * TUNING.scarce
    }

    fn half_life(&self) -> f64 {
        (self.length.map_or(TUNING.usual_window, |length| length.as_secs_f64()) * TUNING.half_life).max(0.001)
    }

    /// Returns when the schedule allows the next request.
    fn scheduled(&self) -> Instant {
        let doublings = (self.window.sent as f64 + 1.0).log2();
        let doubling = if self.crowded() { TUNING.doubling } else { TUNING.doubling_alone };
        self.began + self.length.unwrap_or_default().mul_f64(doubling * doublings)
    }

    /// B: requests in a window, as far as seen.
    fn limit(&self) -> u64 {
        self.limits.iter().copied().max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An estimator in its second window; the first one showed a budget of 100.
    fn second_window(left: u64) -> Estimator {
        let now = Instant::now();
        let mut estimator = Estimator::new(now);
        estimator.opened(99, None, now);
        estimator.next_window(false, now);
        estimator.opened(left, None, now);
        estimator
    }

    #[test]
    fn two_missing_requests_at_window_start_reveal_another_client() {
        let found = [99, 98, 97, 96].map(|left| second_window(left).crowded());
        assert_eq!(found, [false, false, true, true]);
    }

    #[test]
    fn light_users_may_spend_the_reserve() {
        let now = Instant::now();
        let reserve = |sent: usize, used_up: bool| {
            let mut estimator = second_window(96);
            estimator.after_used_up = used_up;
            (0..sent).for_each(|_| estimator.sent(now));
            estimator.reserve()
        };
        assert_eq!(
            [reserve(TUNING.few - 1, false), reserve(TUNING.few, false), reserve(0, true)],
            [0.0, 5.0, 5.0]
        );
    }

    #[test]
    fn low_demand_leaves_one_request_above_the_reserve() {
        let now = Instant::now();
        let share = |left: u64| {
            let mut estimator = Estimator::new(now);
            // The previous window had a budget of 110 (reserve 5.5), which was used up, by other clients too.
            estimator.opened(109, None, now);
            estimator.rejected();
            estimator.next_window(true, now);
            estimator.share(left, 0, 0, now, || 0.5)
        };
        assert_eq!((share(6), share(5)), (Share::Take, Share::UsedUp));
    }

    #[test]
    fn schedule_applies_when_many_calls_wait() {
        let start = Instant::now();
        let mut estimator = second_window(97);
        estimator.opened(97, Some(start + Duration::from_secs(60)), start);
        (0..200).for_each(|_| estimator.sent(start));
        // The others' spending is too old to count. Request 201 is due after 11.5 s.
        let now = start + Duration::from_secs(10);
        let [few, many] =
            [TUNING.few, TUNING.few + 1].map(|waiting| estimator.share(97, 0, waiting, now, || 0.5));
        assert!(few == Share::Take && matches!(many, Share::At(_)), "{few:?} {many:?}");
    }

    #[test]
    fn own_requests_in_flight_do_not_reveal_other_clients() {
        let now = Instant::now();
        let mut estimator = second_window(99);
        // One response, and four own requests in flight: some of them may have been counted.
        estimator.dropped(5, 4, now);
        assert_eq!((estimator.crowded(), estimator.window.others), (false, 0));
        estimator.dropped(6, 4, now);
        assert_eq!((estimator.crowded(), estimator.window.others), (true, 3));
        estimator.dropped(5, 4, now);
        assert_eq!((estimator.window.responses, estimator.window.others), (4, 5));
    }

    /// The example in the documentation of the module.
    #[test]
    fn worked_example() {
        let start = Instant::now();
        let second = |n: u64| start + Duration::from_secs(n);
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 0.005, "{found} {expected}");
        let mut estimator = Estimator::new(start);
        estimator.sent(start);
        estimator.opened(59, Some(second(60)), start);
        // Requests 2 to 19, one every two seconds; each response reports three less.
        let mut left = 59;
        for request in 2..=19 {
            let now = second(2 * (request - 1));
            assert_eq!(estimator.share(left, 0, 0, now, || 1.0), Share::Take, "{request}");
            estimator.sent(now);
            left -= 3;
            estimator.dropped(3, 0, now);
        }
        let (own, others) = estimator.recent.weighted(estimator.half_life(), second(38));
        near(own, 1.70);
        near(others, 3.40);
        near(estimator.current_share(second(38)), 0.44);
        assert_eq!((left, estimator.reserve()), (5, 3.0));
        assert_eq!(estimator.share(left, 0, 0, second(38), || 1.0), Share::UsedUp);
        estimator.hold();
        estimator.next_window(true, second(60));
        near(estimator.past_share.unwrap(), 1.0 / 3.0);
        estimator.sent(second(60));
        estimator.opened(59, Some(second(120)), second(60));
        near(estimator.current_share(second(60)), 0.41);
    }
}
