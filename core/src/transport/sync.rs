//! Synchronization primitives of the rate limiter. Under shuttle, which explores interleavings, another task may run at every
//! lock, and time does not advance: a waiter that relies on a timer instead of a wake-up never completes, and the test fails.

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
