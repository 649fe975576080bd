//! The limiter under shuttle: callers that arrive, get responses and cancel, in many interleavings.
//!
//! `cargo xtask verify shuttle` runs them. A failure prints the schedule for `shuttle::replay`.

use super::headers::{Reported, Reset};
use super::limiter::{RateLimitPolicy, RateLimiter, Settled};
use shuttle::future::{block_on, spawn};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;
use tokio::time::Instant;

const CALLERS: u64 = 5;

fn limiter() -> Arc<RateLimiter> {
    Arc::new(RateLimiter::new(RateLimitPolicy::Pace, Duration::from_secs(60)))
}

/// A response that reports the remaining budget of a window that ends in a minute.
fn response(left: u64) -> Settled {
    let reported = Reported {
        remaining: Some(left),
        reset: Some(Reset::In(Duration::from_secs(60))),
        ..Reported::default()
    };
    Settled { status: 200, reported, sent: Instant::now() }
}

/// A service with a budget, and the requests in flight to it.
#[derive(Default)]
struct Service {
    budget: u64,
    used: AtomicU64,
    in_flight: AtomicU64,
}

impl Service {
    async fn call(&self, limiter: &Arc<RateLimiter>) {
        let permit = limiter.acquire(limiter.ticket(), None, |_| {}).await.unwrap();
        let in_flight = self.in_flight.fetch_add(1, SeqCst) + 1;
        assert!(in_flight + self.used.load(SeqCst) <= self.budget, "more requests in flight than budget");
        shuttle::future::yield_now().await;
        self.in_flight.fetch_sub(1, SeqCst);
        let used = self.used.fetch_add(1, SeqCst) + 1;
        shuttle::future::yield_now().await;
        permit.settled(response(self.budget - used));
    }
}

/// No waiter is forgotten, and none exceeds the budget: every call is served if the budget suffices.
#[test]
fn every_caller_is_served_if_the_budget_suffices() {
    shuttle::check_random(
        || {
            let limiter = limiter();
            let service = Arc::new(Service { budget: CALLERS, ..Service::default() });
            let calls: Vec<_> = (0..CALLERS)
                .map(|_| {
                    let (limiter, service) = (Arc::clone(&limiter), Arc::clone(&service));
                    spawn(async move { service.call(&limiter).await })
                })
                .collect();
            block_on(async {
                for call in calls {
                    call.await.unwrap();
                }
            });
            let known = limiter.snapshot();
            assert_eq!((known.in_flight, known.waiting, known.remaining), (0, 0, Some(0)));
        },
        iterations(),
    );
}

/// A cancelled call, waiting or in flight, lets the next one proceed.
#[test]
fn cancelled_callers_let_the_next_ones_proceed() {
    shuttle::check_random(
        || {
            let limiter = limiter();
            let service = Arc::new(Service { budget: 2 * CALLERS, ..Service::default() });
            let calls: Vec<_> = (0..CALLERS)
                .map(|number| {
                    let (limiter, service) = (Arc::clone(&limiter), Arc::clone(&service));
                    let call = spawn(async move { service.call(&limiter).await });
                    (number, call)
                })
                .collect();
            for (number, call) in &calls {
                if number % 2 == 1 {
                    call.abort();
                }
            }
            block_on(async {
                for (number, call) in calls {
                    let result = call.await;
                    assert!(result.is_ok() || number % 2 == 1);
                }
            });
            let known = limiter.snapshot();
            assert_eq!((known.in_flight, known.waiting), (0, 0));
        },
        iterations(),
    );
}

/// Returns the number of interleavings: 5,000, or `SHUTTLE_ITERATIONS`.
fn iterations() -> usize {
    std::env::var("SHUTTLE_ITERATIONS").ok().map_or(5_000, |text| text.parse().unwrap())
}
