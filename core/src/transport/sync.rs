//! What the rate limiter synchronizes with. Under shuttle, which tries orders of events, another task may run at every lock, and
//! time stands still: a waiter that relies on a timer instead of being woken waits for ever, and is found.

#[cfg(not(all(test, shuttle)))]
pub(super) use std::sync::{Mutex, MutexGuard};
#[cfg(not(all(test, shuttle)))]
pub(super) use tokio::time::sleep_until;

#[cfg(all(test, shuttle))]
pub(super) use shuttle::sync::{Mutex, MutexGuard};
#[cfg(all(test, shuttle))]
pub(super) async fn sleep_until(_: tokio::time::Instant) {
    std::future::pending().await
}
