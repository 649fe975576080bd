//! The limiter: its queue of waiters, their wake-ups, and the permits.

use super::announcer::Announcer;
use super::budget::Budget;
use super::state::{Next, RateLimitPolicy, Settled, State, Ticket, WaitTooLong};
use crate::transport::sync::{Mutex, MutexGuard, sleep_until};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The rate limit, as far as the client knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests left in the window, as far as known.
    pub remaining: Option<u64>,
    /// Time until the window ends, as far as known.
    pub resets_in: Option<Duration>,
    /// Requests in flight.
    pub in_flight: u64,
    /// Calls that wait for a permit.
    pub waiting: usize,
}

/// Issues permits to send requests.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    state: Mutex<State>,
    pub(super) announcer: Announcer,
}

impl RateLimiter {
    /// Creates a limiter in which a single wait takes at most `max_wait`.
    pub(crate) fn new(policy: RateLimitPolicy, max_wait: Duration) -> Self {
        let state = Mutex::new(State::new(policy, max_wait, Instant::now()));
        Self { state, announcer: Announcer::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state changes in small steps that cannot panic half-way, so that a poisoned lock is still sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a position in the queue, kept across retries.
    pub(crate) fn ticket(&self) -> Ticket {
        self.lock().ticket()
    }

    pub(crate) fn snapshot(&self) -> RateLimit {
        let now = Instant::now();
        let state = self.lock();
        let remaining = match state.budget {
            Budget::Left { remaining, .. } => Some(remaining),
            Budget::Unknown { .. } | Budget::Unlimited => None,
        };
        let resets_in =
            state.budget.ends().or(state.closed_until).map(|at| at.saturating_duration_since(now));
        RateLimit { remaining, resets_in, in_flight: state.in_flight, waiting: state.waiters.len() }
    }

    /// Waits for a permit to send. Calls `on_wait` with the expected duration of a wait for the budget.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        ticket: Ticket,
        deadline: Option<Instant>,
        mut on_wait: impl FnMut(Duration),
    ) -> Result<Permit, WaitTooLong> {
        let entry = QueueEntry::new(self, ticket);
        let mut announced = None;
        loop {
            let changed = entry.notify.notified();
            let until = match self.next(ticket, deadline) {
                Next::Send => return Ok(Permit::new(self)),
                Next::GiveUp(error) => return Err(error),
                Next::Queue(until) => until,
                Next::Wait(until) => {
                    if announced != Some(until) {
                        announced = Some(until);
                        on_wait(until.saturating_duration_since(Instant::now()));
                    }
                    Some(until)
                }
            };
            if let Some(until) = until {
                tokio::select! {
                    // `biased` keeps tests deterministic.
                    biased;
                    () = changed => {}
                    () = sleep_until(until) => {}
                }
            } else {
                changed.await;
            }
        }
    }

    /// Decides what a waiter does next, and wakes every waiter if that closes the limiter.
    fn next(&self, ticket: Ticket, deadline: Option<Instant>) -> Next {
        let now = Instant::now();
        let (next, closed) = {
            let mut state = self.lock();
            let before = state.closed_until;
            let next = state.advance(ticket, deadline, now);
            (next, state.closed_until.is_some() && state.closed_until != before)
        };
        if closed {
            // Every waiter, including this one, checks whether it accepts such a long wait.
            self.wake_all();
        }
        next
    }

    /// Learns from the response to a request that was sent without a permit.
    #[cfg(fuzzing)]
    pub(crate) fn observe(&self, response: Settled) {
        self.settle(Some(&response));
    }

    fn wake_first(&self) {
        if let Some(first) = self.lock().waiters.values().next() {
            first.notify_one();
        }
    }

    fn wake_all(&self) {
        self.lock().waiters.values().for_each(|waiter| waiter.notify_one());
    }

    /// Learns from a response, `None` if there was no response, and wakes waiters.
    fn settle(&self, response: Option<&Settled>) {
        let now = Instant::now();
        let closed = {
            let mut state = self.lock();
            let before = state.closed_until;
            state.settle(response, now);
            state.closed_until != before
        };
        if closed {
            self.wake_all();
        } else {
            self.wake_first();
        }
        self.announcer.announce();
    }
}

/// An entry in the queue. Dropping it, for whatever reason, wakes the next waiter.
struct QueueEntry<'a> {
    limiter: &'a RateLimiter,
    ticket: Ticket,
    notify: Arc<Notify>,
}

impl<'a> QueueEntry<'a> {
    fn new(limiter: &'a RateLimiter, ticket: Ticket) -> Self {
        let notify = Arc::new(Notify::new());
        limiter.lock().waiters.insert(ticket, Arc::clone(&notify));
        Self { limiter, ticket, notify }
    }
}

impl Drop for QueueEntry<'_> {
    fn drop(&mut self) {
        self.limiter.lock().waiters.remove(&self.ticket);
        self.limiter.wake_first();
    }
}

/// Permit to send one request. Reports the result to the limiter, at the latest when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Option<Arc<RateLimiter>>,
}

impl Permit {
    fn new(limiter: &Arc<RateLimiter>) -> Self {
        Self { limiter: Some(Arc::clone(limiter)) }
    }

    /// Reports a response.
    pub(crate) fn settled(mut self, response: Settled) {
        if let Some(limiter) = self.limiter.take() {
            limiter.settle(Some(&response));
        }
    }
}

impl Drop for Permit {
    /// Reports that there was no response: the connection was lost, or the call was cancelled.
    fn drop(&mut self) {
        if let Some(limiter) = self.limiter.take() {
            limiter.settle(None);
        }
    }
}
