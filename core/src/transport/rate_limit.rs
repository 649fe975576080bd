//! The gate: no more requests in flight than the budget that is left, first come, first served.
//!
//! What is left is learned from answers. At zero the gate closes until the window ends, lets one request learn the
//! new window, and then the rest. Others may spend the same budget: what part of it is left to them, `sharing` says.

use super::clock::ServerClock;
use super::headers::{Reported, Reset, sane};
use super::sharing::{Share, Sharing};
use super::sync::{Mutex, MutexGuard, sleep_until};
use crate::config::RateLimitPolicy;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long to hold back when the budget is used up and nobody says until when; doubled each time.
const BLIND_WAIT: Duration = Duration::from_secs(1);
const LONGEST_BLIND_WAIT: Duration = Duration::from_secs(60);
/// A request that is to learn the budget and takes longer than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// Two ends of a window that are given in seconds from now are the same when they are this close.
const SAME_WINDOW: Duration = Duration::from_millis(1500);
/// After a shared wait, clients spread out over this part of the wait, so that they do not all come at once.
const SPREAD_PART: u32 = 50;
const LONGEST_SPREAD: Duration = Duration::from_millis(250);

/// What the client knows of the rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests left in the window, as far as known.
    pub remaining: Option<u64>,
    /// Time until the window ends, as far as known.
    pub resets_in: Option<Duration>,
    /// Requests that are on their way.
    pub in_flight: u64,
    /// Calls that wait for their turn.
    pub waiting: usize,
}

/// The wait would be longer than the caller accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong {
    pub(crate) retry_after: Duration,
}

#[derive(Debug)]
pub(crate) struct Gate {
    policy: RateLimitPolicy,
    max_wait: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    clock: ServerClock,
    in_flight: u64,
    /// Nobody passes before this moment.
    closed_until: Option<Instant>,
    blind_wait: Duration,
    sharing: Sharing,
    next_ticket: u64,
    waiters: BTreeMap<u64, Arc<Notify>>,
}

#[derive(Debug, Clone, Copy)]
enum Budget {
    /// Nothing is known: one request goes ahead to learn it; `probing` is when it left.
    Unknown { probing: Option<Instant> },
    /// The service does not limit.
    Unlimited,
    /// So much is left in a window.
    Left { remaining: u64, window: Window },
}

/// A window, told apart from others by its end.
#[derive(Debug, Clone, Copy)]
struct Window {
    ends: Option<Instant>,
    /// The end in the server's own words, which is exact.
    server_end: Option<i128>,
}

/// What a waiter is to do.
enum Turn {
    Go,
    /// The budget is used up: wait for this moment.
    Wait(Instant),
    /// Others are before it, or on their way: wait for a change, at most until this moment.
    Queue(Option<Instant>),
    GiveUp(TooLong),
}

/// A place in the queue; kept over retries, so that a call that was turned away does not start over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

impl Gate {
    pub(crate) fn new(policy: RateLimitPolicy, max_wait: Duration) -> Self {
        let state = State {
            budget: Budget::Unknown { probing: None },
            clock: ServerClock::new(Instant::now()),
            in_flight: 0,
            closed_until: None,
            blind_wait: BLIND_WAIT,
            sharing: Sharing::new(Instant::now()),
            next_ticket: 0,
            waiters: BTreeMap::new(),
        };
        Self { policy, max_wait, state: Mutex::new(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is changed in small steps that cannot panic half-way; a poisoned lock is still sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ticket(&self) -> Ticket {
        let mut state = self.lock();
        state.next_ticket += 1;
        Ticket(state.next_ticket)
    }

    pub(crate) fn snapshot(&self) -> RateLimit {
        let now = Instant::now();
        let state = self.lock();
        let (remaining, ends) = match state.budget {
            Budget::Left { remaining, window } => (Some(remaining), window.ends),
            Budget::Unknown { .. } | Budget::Unlimited => (None, None),
        };
        let resets_in = ends.or(state.closed_until).map(|at| at.saturating_duration_since(now));
        RateLimit { remaining, resets_in, in_flight: state.in_flight, waiting: state.waiters.len() }
    }

    /// Waits for a turn to send. `on_wait` hears how long a wait for the budget is expected to take.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        ticket: Ticket,
        deadline: Option<Instant>,
        mut on_wait: impl FnMut(Duration),
    ) -> Result<Permit, TooLong> {
        if self.policy == RateLimitPolicy::Off {
            self.lock().in_flight += 1;
            return Ok(Permit::new(self));
        }
        let place = Place::take(self, ticket);
        let mut announced = None;
        loop {
            let changed = place.notify.notified();
            let turn = self.turn(ticket, deadline);
            let until = match turn {
                Turn::Go => return Ok(Permit::new(self)),
                Turn::GiveUp(error) => return Err(error),
                Turn::Queue(until) => until,
                Turn::Wait(until) => {
                    if announced != Some(until) {
                        announced = Some(until);
                        on_wait(until.saturating_duration_since(Instant::now()));
                    }
                    Some(until)
                }
            };
            if let Some(until) = until {
                tokio::select! {
                    // Not by chance: what happens in a test can be had again.
                    biased;
                    () = changed => {}
                    () = sleep_until(until) => {}
                }
            } else {
                changed.await;
            }
        }
    }

    /// What the clock's whole seconds and the spread add to a wait is not held against it: with a window of a minute
    /// and a longest wait of a minute, calls would fail now and then for nothing.
    fn slack(&self) -> Duration {
        (self.max_wait / 20).min(Duration::from_secs(1) + LONGEST_SPREAD)
    }

    /// Whether a call may wait until some moment.
    fn waits(&self, until: Instant, now: Instant, deadline: Option<Instant>) -> bool {
        until.saturating_duration_since(now) <= self.max_wait + self.slack()
            && deadline.is_none_or(|deadline| until <= deadline)
    }

    fn turn(&self, ticket: Ticket, deadline: Option<Instant>) -> Turn {
        let now = Instant::now();
        let mut state = self.lock();
        state.expire(now);
        if let Some(until) = state.closed_until {
            if self.policy != RateLimitPolicy::FailFast && self.waits(until, now, deadline) {
                return Turn::Wait(until);
            }
            return match state.budget {
                // What is left was meant for others; rather than fail, it is taken.
                Budget::Left { remaining, .. } if state.in_flight < remaining => state.go(now),
                _ => Turn::GiveUp(TooLong { retry_after: until.saturating_duration_since(now) }),
            };
        }
        let first = state.waiters.keys().next().is_none_or(|first| *first == ticket.0);
        if !first {
            return Turn::Queue(None);
        }
        let go = match &mut state.budget {
            Budget::Unlimited => true,
            Budget::Unknown { probing: Some(since) } if now < *since + PATIENCE => {
                return Turn::Queue(Some(*since + PATIENCE));
            }
            Budget::Unknown { probing } => {
                *probing = Some(now);
                true
            }
            Budget::Left { remaining, window } => {
                let (remaining, window) = (*remaining, *window);
                let in_flight = state.in_flight;
                // Whoever cannot wait for the next window does not leave this one to others.
                let shares = self.policy == RateLimitPolicy::Pace
                    && window.ends.is_none_or(|ends| self.waits(ends, now, deadline));
                let share = if in_flight >= remaining {
                    Share::NextWindow
                } else if shares {
                    let waiting = state.waiters.len();
                    state.sharing.share(remaining, in_flight, waiting, now)
                } else {
                    Share::Take
                };
                match share {
                    Share::Take => true,
                    Share::AfterAnswer => return Turn::Queue(window.ends),
                    Share::At(at) => return Turn::Queue(Some(at)),
                    Share::NextWindow => false,
                }
            }
        };
        if go {
            return state.go(now);
        }
        let ends = match state.budget {
            Budget::Left { window, .. } => window.ends,
            Budget::Unknown { .. } | Budget::Unlimited => None,
        };
        if state.in_flight > 0 {
            return Turn::Queue(ends);
        }
        let until = ends.unwrap_or_else(|| state.blind(now));
        state.close(until, now);
        let until = state.closed_until.unwrap_or(until);
        drop(state);
        // Everyone looks at how long this will take, and so does this call once more.
        self.wake_all();
        Turn::Wait(until)
    }

    /// An answer to a request that nobody took leave for.
    #[cfg(fuzzing)]
    pub(crate) fn hear(&self, answer: Settled) {
        self.settle(Some(&answer));
    }

    fn wake_first(&self) {
        if let Some(first) = self.lock().waiters.values().next() {
            first.notify_one();
        }
    }

    fn wake_all(&self) {
        self.lock().waiters.values().for_each(|waiter| waiter.notify_one());
    }

    /// Takes in an answer, or that there was none.
    fn settle(&self, answer: Option<&Settled>) {
        let now = Instant::now();
        let closed;
        {
            let mut state = self.lock();
            state.in_flight = state.in_flight.saturating_sub(1);
            let before = state.closed_until;
            state.learn(answer, now);
            closed = state.closed_until != before;
        }
        if closed {
            self.wake_all();
        } else {
            self.wake_first();
        }
    }
}

/// What an answer said, and when it was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    pub(crate) status: u16,
    pub(crate) reported: Reported,
    pub(crate) sent: Instant,
}

impl State {
    fn go(&mut self, now: Instant) -> Turn {
        self.sharing.sent(now);
        self.in_flight += 1;
        Turn::Go
    }

    /// Opens what time has opened.
    fn expire(&mut self, now: Instant) {
        if self.closed_until.is_some_and(|until| until <= now) {
            self.closed_until = None;
            self.forget(true, now);
        }
        if let Budget::Left { window: Window { ends: Some(ends), .. }, .. } = self.budget
            && ends <= now
            && self.closed_until.is_none()
        {
            self.forget(false, now);
        }
    }

    /// A window is over: its successor has to be learned.
    fn forget(&mut self, want: bool, now: Instant) {
        self.budget = Budget::Unknown { probing: None };
        self.sharing.next_window(want, now);
    }

    fn blind(&mut self, now: Instant) -> Instant {
        let wait = self.blind_wait;
        self.blind_wait = (wait * 2).min(LONGEST_BLIND_WAIT);
        now + wait
    }

    /// Closes the gate for everyone; where others wait for the same moment, a little longer for each differently.
    fn close(&mut self, until: Instant, now: Instant) {
        let wait = until.saturating_duration_since(now);
        let spread =
            if self.sharing.crowded() { (wait / SPREAD_PART).min(LONGEST_SPREAD) } else { Duration::ZERO };
        let until = until + spread.mul_f64(fastrand::f64());
        self.closed_until = Some(self.closed_until.map_or(until, |known| known.max(until)));
    }

    fn learn(&mut self, answer: Option<&Settled>, now: Instant) {
        let Some(answer) = answer else {
            // It may have been counted, and nothing says so.
            match &mut self.budget {
                Budget::Left { remaining, .. } => *remaining = remaining.saturating_sub(1),
                Budget::Unknown { probing } => *probing = None,
                Budget::Unlimited => {}
            }
            return;
        };
        if let Some(date) = answer.reported.date {
            self.clock.learn(date, answer.sent, now);
        }
        let window = self.window(answer, now);
        if answer.status == 429 {
            let until = match (answer.reported.retry_after, window.ends) {
                (Some(wait), _) => now + wait,
                (None, Some(ends)) if ends > now => ends,
                (None, _) => self.blind(now),
            };
            self.budget = Budget::Unknown { probing: None };
            self.sharing.turned_away();
            self.close(until, now);
            return;
        }
        self.blind_wait = BLIND_WAIT;
        let Some(reported) = answer.reported.remaining else {
            match &mut self.budget {
                Budget::Left { remaining, .. } => *remaining = remaining.saturating_sub(1),
                Budget::Unknown { .. } if answer.status < 500 => self.budget = Budget::Unlimited,
                Budget::Unknown { probing } => *probing = None,
                Budget::Unlimited => {}
            }
            return;
        };
        match self.budget {
            // A late answer from a window that is over.
            Budget::Left { window: known, .. } if known.newer_than(&window) => {}
            Budget::Left { remaining, window: known } if known.same_as(&window) => {
                let spent = remaining.saturating_sub(reported);
                self.sharing.dropped(spent, self.in_flight, now);
                self.budget = Budget::Left { remaining: remaining.min(reported), window: known };
            }
            Budget::Left { .. } | Budget::Unknown { .. } | Budget::Unlimited => {
                self.sharing.opened(reported, window.ends, now);
                self.budget = Budget::Left { remaining: reported, window };
            }
        }
    }

    fn window(&self, answer: &Settled, now: Instant) -> Window {
        match answer.reported.reset {
            Some(Reset::At(server_end)) => {
                let ends = match self.clock.when(server_end, now) {
                    Some(ends) => Some(ends),
                    // Without a `Date` there is only the local clock.
                    None => local_end(server_end, now),
                };
                let ends = ends.filter(|ends| sane(ends.saturating_duration_since(now)).is_some());
                let server_end = ends.map(|_| server_end);
                // An end that passed long ago ends nothing.
                let past = server_end.is_some_and(|end| self.clock.is_past(end, SAME_WINDOW, now));
                Window { ends: ends.filter(|_| !past), server_end }
            }
            Some(Reset::In(wait)) => Window { ends: now.checked_add(wait), server_end: None },
            None => Window { ends: None, server_end: None },
        }
    }
}

fn local_end(server_end: i128, now: Instant) -> Option<Instant> {
    let local = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    let wait = server_end - i128::try_from(local.as_nanos()).ok()?;
    now.checked_add(Duration::from_nanos(u64::try_from(wait.max(0)).ok()?))
}

impl Window {
    fn same_as(&self, other: &Self) -> bool {
        !self.newer_than(other) && !other.newer_than(self)
    }

    fn newer_than(&self, other: &Self) -> bool {
        match (self.server_end, other.server_end, self.ends, other.ends) {
            (Some(a), Some(b), _, _) => a > b,
            (_, _, Some(a), Some(b)) => a.saturating_duration_since(b) > SAME_WINDOW,
            _ => false,
        }
    }
}

/// A place in the queue that is given on when its holder goes away, for whatever reason.
struct Place<'a> {
    gate: &'a Gate,
    ticket: Ticket,
    notify: Arc<Notify>,
}

impl<'a> Place<'a> {
    fn take(gate: &'a Gate, ticket: Ticket) -> Self {
        let notify = Arc::new(Notify::new());
        gate.lock().waiters.insert(ticket.0, Arc::clone(&notify));
        Self { gate, ticket, notify }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.lock().waiters.remove(&self.ticket.0);
        self.gate.wake_first();
    }
}

/// The right to send one request; tells the gate how it ended.
#[derive(Debug)]
pub(crate) struct Permit {
    gate: Option<Arc<Gate>>,
}

impl Permit {
    fn new(gate: &Arc<Gate>) -> Self {
        Self { gate: Some(Arc::clone(gate)) }
    }

    /// The request was answered.
    pub(crate) fn answered(mut self, answer: Settled) {
        if let Some(gate) = self.gate.take() {
            gate.settle(Some(&answer));
        }
    }
}

impl Drop for Permit {
    /// No answer: the connection broke, or the call was cancelled.
    fn drop(&mut self) {
        if let Some(gate) = self.gate.take() {
            gate.settle(None);
        }
    }
}
