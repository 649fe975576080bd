//! What a client knows of the callback for its rate limit

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// The callback of a client.
#[derive(Debug, Default)]
pub struct RateLimitWatch(Mutex<Option<Watching>>);

impl RateLimitWatch {
    /// Replaces the callback. The previous one is not running when this returns, unless this is called by it.
    pub fn replace(&self, next: Option<Watching>) {
        let previous = std::mem::replace(&mut *lock(&self.0), next);
        // Without the lock, which the callback may need.
        drop(previous);
    }
}

/// A callback that is called until this is dropped.
#[derive(Debug)]
pub struct Watching {
    abort: AbortHandle,
    /// Whether the callback may be called. Locked while it runs.
    gate: Arc<Mutex<bool>>,
}

/// Locks; a poisoned lock is sound, because a boolean has no invariants.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watching {
    pub const fn new(abort: AbortHandle, gate: Arc<Mutex<bool>>) -> Self {
        Self { abort, gate }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.abort.abort();
        // A thread of the library may be in the callback, and must not wait for itself.
        if Handle::try_current().is_err() {
            *lock(&self.gate) = false;
        }
    }
}
