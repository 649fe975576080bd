//! The limiter under shuttle: callers that come, go, are answered and call off, in many orders.
//!
//! `cargo xtask verify shuttle` runs them; a failure prints the schedule that `shuttle::replay` plays again.

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

/// An answer that says how much is left of a window that ends in a minute.
fn answer(left: u64) -> Settled {
    let reported = Reported {
        remaining: Some(left),
        reset: Some(Reset::In(Duration::from_secs(60))),
        ..Reported::default()
    };
    Settled { status: 200, reported, sent: Instant::now() }
}

/// A service with a budget, and who is on the way to it.
#[derive(Default)]
struct Service {
    budget: u64,
    used: AtomicU64,
    coming: AtomicU64,
}

impl Service {
    async fn call(&self, limiter: &Arc<RateLimiter>) {
        let permit = limiter.acquire(limiter.ticket(), None, |_| {}).await.unwrap();
        let coming = self.coming.fetch_add(1, SeqCst) + 1;
        assert!(coming + self.used.load(SeqCst) <= self.budget, "more is on its way than is left");
        shuttle::future::yield_now().await;
        self.coming.fetch_sub(1, SeqCst);
        let used = self.used.fetch_add(1, SeqCst) + 1;
        shuttle::future::yield_now().await;
        permit.answered(answer(self.budget - used));
    }
}

/// Nobody is forgotten, and nobody goes who has to wait: all are served where there is enough for all.
#[test]
fn callers_that_there_is_enough_for_are_all_served() {
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

/// Whoever is called off, waiting or on the way, gives place to the next.
#[test]
fn callers_that_are_called_off_give_their_place_on() {
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
                    let ended = call.await;
                    assert!(ended.is_ok() || number % 2 == 1);
                }
            });
            let known = limiter.snapshot();
            assert_eq!((known.in_flight, known.waiting), (0, 0));
        },
        iterations(),
    );
}

/// Orders that are tried; `SHUTTLE_ITERATIONS` for more.
fn iterations() -> usize {
    std::env::var("SHUTTLE_ITERATIONS").ok().map_or(5_000, |text| text.parse().unwrap())
}
