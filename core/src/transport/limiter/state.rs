//! State of the limiter: decides what a waiter may do, and learns from responses.
//!
//! [`State::decide`] changes nothing; [`State::apply`] carries out its decision. Waking waiters is up to the caller.

use super::budget::{Budget, Window};
use crate::transport::clock::ServerClock;
use crate::transport::estimator::{Estimator, Share};
use crate::transport::headers::Reported;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Wait when the budget is used up and the end of the window is unknown; doubled each time.
const BLIND_WAIT: Duration = Duration::from_secs(1);
const LONGEST_BLIND_WAIT: Duration = Duration::from_secs(60);
/// How long other calls wait for the probe, the request that learns the budget.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
/// After a shared wait, clients spread out over this fraction of the wait, so that they do not all send at once.
const SPREAD_FRACTION: u32 = 50;
const LONGEST_SPREAD: Duration = Duration::from_millis(250);

/// What to do about the service's rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum RateLimitPolicy {
    /// Wait for the budget, so that no request is rejected.
    #[default]
    Pace,
    /// Fail at once when the budget is known to be used up.
    FailFast,
    /// Ignore the budget.
    Off,
}

/// The wait would be longer than the caller accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitTooLong {
    pub(crate) retry_after: Duration,
}

/// Position in the queue. Kept across retries, so that a call whose request was rejected does not start over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// Status and headers of a response, and when its request was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    pub(crate) status: u16,
    pub(crate) reported: Reported,
    pub(crate) sent: Instant,
}

#[derive(Debug)]
pub(super) struct State {
    policy: RateLimitPolicy,
    max_wait: Duration,
    pub(super) budget: Budget,
    clock: ServerClock,
    pub(super) in_flight: u64,
    /// Requests are blocked until this instant.
    pub(super) closed_until: Option<Instant>,
    /// When to send a probe although the limiter is closed: one response must not stop all calls for longer than a call would
    /// wait.
    probe_at: Option<Instant>,
    blind_wait: Duration,
    estimator: Estimator,
    last_ticket: u64,
    pub(super) waiters: BTreeMap<Ticket, Arc<Notify>>,
}

/// What a waiter may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    /// Send.
    Send(Claim),
    /// The limiter is closed: wait until this instant.
    Wait(Instant),
    /// Other calls are ahead in the queue or in flight: wait for a change, at most until this instant.
    Queue(Option<Instant>),
    /// This client's share is used up: hold, and close until the window ends.
    Hold,
    /// The budget is used up and no response is expected: close.
    Close,
    GiveUp(WaitTooLong),
}

/// Role of a request that may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Ordinary,
    /// The request that learns the budget.
    Probe,
    /// The last of this client's share.
    Last,
}

/// What a waiter does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Send,
    /// Wait for the budget until this instant.
    Wait(Instant),
    /// Wait for a change, at most until this instant.
    Queue(Option<Instant>),
    GiveUp(WaitTooLong),
}

impl State {
    pub(super) fn new(policy: RateLimitPolicy, max_wait: Duration, now: Instant) -> Self {
        Self {
            policy,
            max_wait,
            budget: Budget::Unknown { probing: None },
            clock: ServerClock::new(now),
            in_flight: 0,
            closed_until: None,
            probe_at: None,
            blind_wait: BLIND_WAIT,
            estimator: Estimator::new(now),
            last_ticket: 0,
            waiters: BTreeMap::new(),
        }
    }

    pub(super) const fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

    /// Expires what is over, decides what a waiter does next, and applies the decision.
    pub(super) fn advance(&mut self, ticket: Ticket, deadline: Option<Instant>, now: Instant) -> Next {
        self.expire(now);
        let decision = self.decide(ticket, deadline, now);
        self.apply(decision, now)
    }

    /// Decides what a waiter may do. Changes nothing.
    fn decide(&self, ticket: Ticket, deadline: Option<Instant>, now: Instant) -> Decision {
        if self.policy == RateLimitPolicy::Off {
            return Decision::Send(Claim::Ordinary);
        }
        if let Some(until) = self.closed_until {
            return self.decide_closed(until, deadline, now);
        }
        if self.waiters.keys().next().is_some_and(|first| *first != ticket) {
            return Decision::Queue(None);
        }
        match self.budget {
            Budget::Unlimited => Decision::Send(Claim::Ordinary),
            Budget::Unknown { probing: Some(since) } if now < since + PROBE_TIMEOUT => {
                Decision::Queue(Some(since + PROBE_TIMEOUT))
            }
            Budget::Unknown { .. } => Decision::Send(Claim::Probe),
            Budget::Left { remaining, window } => self.decide_open(remaining, window, deadline, now),
        }
    }

    fn decide_closed(&self, until: Instant, deadline: Option<Instant>, now: Instant) -> Decision {
        if self.policy != RateLimitPolicy::FailFast && self.accepts(until, now, deadline) {
            return Decision::Wait(until);
        }
        match self.budget {
            // The remaining budget was left to other clients; spending it is better than failing.
            Budget::Left { remaining, .. } if self.in_flight < remaining => Decision::Send(Claim::Ordinary),
            _ => Decision::GiveUp(WaitTooLong { retry_after: until.saturating_duration_since(now) }),
        }
    }

    fn decide_open(
        &self,
        remaining: u64,
        window: Window,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Decision {
        // A call that cannot wait for the next window does not leave this one to other clients.
        let shares = self.policy == RateLimitPolicy::Pace
            && window.ends.is_none_or(|ends| self.accepts(ends, now, deadline));
        let share = if self.in_flight >= remaining {
            Share::NextWindow
        } else if shares {
            self.estimator.share(remaining, self.in_flight, self.waiters.len(), now, fastrand::f64)
        } else {
            Share::Take
        };
        match share {
            Share::Take => Decision::Send(Claim::Ordinary),
            Share::TakeLast => Decision::Send(Claim::Last),
            Share::AfterResponse => Decision::Queue(window.ends),
            Share::At(at) => Decision::Queue(Some(at)),
            Share::UsedUp => Decision::Hold,
            Share::NextWindow if self.in_flight > 0 => Decision::Queue(window.ends),
            Share::NextWindow => Decision::Close,
        }
    }

    /// Carries out a decision.
    fn apply(&mut self, decision: Decision, now: Instant) -> Next {
        match decision {
            Decision::Send(claim) => {
                match claim {
                    Claim::Ordinary => {}
                    Claim::Probe => self.budget = Budget::Unknown { probing: Some(now) },
                    Claim::Last => self.estimator.hold(),
                }
                self.estimator.sent(now);
                self.in_flight += 1;
                Next::Send
            }
            Decision::Wait(until) => Next::Wait(until),
            Decision::Queue(until) => Next::Queue(until),
            Decision::Hold => {
                self.estimator.hold();
                self.close_until_reset(now)
            }
            Decision::Close => self.close_until_reset(now),
            Decision::GiveUp(error) => Next::GiveUp(error),
        }
    }

    fn close_until_reset(&mut self, now: Instant) -> Next {
        let until = self.budget.ends().unwrap_or_else(|| self.blind(now));
        Next::Wait(self.close(until, now))
    }

    /// Tolerance for what whole seconds of the clock and the spread add to a wait. Without it, calls would sometimes fail
    /// needlessly when the window and the longest wait are both a minute.
    fn slack(&self) -> Duration {
        (self.max_wait / 20).min(Duration::from_secs(1) + LONGEST_SPREAD)
    }

    /// Whether a call may wait until an instant.
    fn accepts(&self, until: Instant, now: Instant, deadline: Option<Instant>) -> bool {
        self.may_wait(until, now) && deadline.is_none_or(|deadline| until <= deadline)
    }

    /// Whether a wait until an instant is as short as the longest accepted wait.
    fn may_wait(&self, until: Instant, now: Instant) -> bool {
        until.saturating_duration_since(now) <= self.max_wait.saturating_add(self.slack())
    }

    /// Reopens the limiter and ends the window if their time has passed.
    fn expire(&mut self, now: Instant) {
        if self.closed_until.is_some_and(|until| until <= now) || self.probe_at.is_some_and(|at| at <= now) {
            (self.closed_until, self.probe_at) = (None, None);
            self.forget(true, now);
        }
        if self.closed_until.is_none() && self.budget.ends().is_some_and(|ends| ends <= now) {
            self.forget(false, now);
        }
    }

    /// Ends a window: the budget of the next one has to be learned.
    fn forget(&mut self, used_up: bool, now: Instant) {
        self.budget = Budget::Unknown { probing: None };
        self.estimator.next_window(used_up, now);
    }

    fn blind(&mut self, now: Instant) -> Instant {
        let wait = self.blind_wait;
        self.blind_wait = (wait * 2).min(LONGEST_BLIND_WAIT);
        now + wait
    }

    /// Closes for every call, and returns until when. With competing clients, adds a random spread.
    fn close(&mut self, until: Instant, now: Instant) -> Instant {
        let wait = until.saturating_duration_since(now);
        let spread = if self.estimator.crowded() {
            (wait / SPREAD_FRACTION).min(LONGEST_SPREAD)
        } else {
            Duration::ZERO
        };
        let until = until + spread.mul_f64(fastrand::f64());
        if self.probe_at.is_none() && !self.may_wait(until, now) {
            self.probe_at = now.checked_add(self.max_wait.max(BLIND_WAIT));
        }
        *self.closed_until.insert(self.closed_until.map_or(until, |known| known.max(until)))
    }

    /// Learns from a response; `None` if there was no response.
    pub(super) fn settle(&mut self, response: Option<&Settled>, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let Some(response) = response else {
            // The service may have counted the request, although there is no response.
            self.budget.spend_one();
            return;
        };
        if let Some(date) = response.reported.date {
            self.clock.learn(date, response.sent, now);
        }
        let window = Window::reported(response.reported.reset, &self.clock, now);
        if response.status == 429 {
            self.rejected(response, window, now);
            return;
        }
        self.blind_wait = BLIND_WAIT;
        match response.reported.remaining {
            Some(remaining) => self.learn(remaining, window, now),
            None if matches!(self.budget, Budget::Unknown { .. }) && response.status < 500 => {
                self.budget = Budget::Unlimited;
            }
            None => self.budget.spend_one(),
        }
    }

    fn rejected(&mut self, response: &Settled, window: Window, now: Instant) {
        let until = match (response.reported.retry_after, window.ends) {
            (Some(wait), _) => now + wait,
            (None, Some(ends)) if ends > now => ends,
            (None, _) => self.blind(now),
        };
        self.budget = Budget::Unknown { probing: None };
        self.estimator.rejected();
        self.close(until, now);
    }

    fn learn(&mut self, reported: u64, window: Window, now: Instant) {
        match self.budget {
            // A late response from a window that is over.
            Budget::Left { window: known, .. } if known.newer_than(&window) => {}
            Budget::Left { remaining, window: known } if known.same_as(&window) => {
                let spent = remaining.saturating_sub(reported);
                self.estimator.dropped(spent, self.in_flight, now);
                self.budget = Budget::Left { remaining: remaining.min(reported), window: known };
            }
            Budget::Left { .. } | Budget::Unknown { .. } | Budget::Unlimited => {
                self.estimator.opened(reported, window.ends, now);
                self.budget = Budget::Left { remaining: reported, window };
            }
        }
    }
}
