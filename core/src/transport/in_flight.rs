//! Counts the calls in flight in this process.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Number of calls in flight, of all clients.
pub(crate) fn count() -> usize {
    COUNT.load(SeqCst)
}

/// A call in flight.
#[derive(Debug)]
pub(super) struct InFlight(());

impl InFlight {
    pub(super) fn new() -> Self {
        COUNT.fetch_add(1, SeqCst);
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        COUNT.fetch_sub(1, SeqCst);
    }
}
