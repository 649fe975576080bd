//! What the gate synchronizes by. Under shuttle, which tries out orders of events, a lock is a place where another task may
//! come first, and time stands still: whoever relies on a timer instead of being woken is found waiting for ever.

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
