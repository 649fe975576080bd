//! Counts the calls in flight in this process, and wakes a thread that waits for one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread::{self, Thread};
use std::time::Duration;

static COUNT: AtomicUsize = AtomicUsize::new(0);
/// Whether a thread waits for a call.
static WAITS: AtomicBool = AtomicBool::new(false);
static WAITING: Mutex<Option<Thread>> = Mutex::new(None);

/// Number of calls in flight, of all clients.
pub(crate) fn count() -> usize {
    COUNT.load(SeqCst)
}

/// Forgets the calls of the process that this one was forked from.
pub(crate) fn forget() {
    COUNT.store(0, SeqCst);
}

/// Waits until a call begins, or until this thread is unparked.
pub(crate) fn wait_for_call() {
    // After a fork, another thread of the parent may hold the lock forever.
    let Ok(mut waiting) = WAITING.try_lock() else {
        thread::park_timeout(Duration::from_secs(1));
        return;
    };
    *waiting = Some(thread::current());
    drop(waiting);
    WAITS.store(true, SeqCst);
    // A call that began before the flag was set is seen here; a later one sees the flag.
    if count() == 0 {
        thread::park();
    }
    WAITS.store(false, SeqCst);
    // Nothing of this thread is left when it ends.
    if let Ok(mut waiting) = WAITING.try_lock() {
        *waiting = None;
    }
}

/// A call in flight.
#[derive(Debug)]
pub(super) struct InFlight(());

impl InFlight {
    pub(super) fn new() -> Self {
        COUNT.fetch_add(1, SeqCst);
        if WAITS.load(SeqCst)
            && let Ok(waiting) = WAITING.try_lock()
            && let Some(thread) = &*waiting
        {
            thread.unpark();
        }
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        // A call of the parent process may be dropped in the child, where it does not count.
        let _ = COUNT.fetch_update(SeqCst, SeqCst, |count| count.checked_sub(1));
    }
}
