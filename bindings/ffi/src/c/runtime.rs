//! The threads that serve the connections: there while there are clients, gone with the last.

use super::guard::Outcome;
use crate::signals::Blocked;
use configcat_management::blocking;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tokio::runtime::Handle;

/// Holders of the runtime in this process, and in the one it was forked from.
static LEASES: AtomicUsize = AtomicUsize::new(0);

/// Keeps the runtime alive.
#[derive(Debug)]
pub struct Lease;

impl Lease {
    pub fn new() -> Self {
        LEASES.fetch_add(1, SeqCst);
        Self
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if LEASES.fetch_sub(1, SeqCst) == 1 {
            blocking::shutdown_if(|| LEASES.load(SeqCst) == 0);
        }
    }
}

/// The runtime. Its threads take no signals: those are the program's own affair.
pub fn runtime() -> Outcome<Handle> {
    let _blocked = Blocked::new();
    Ok(blocking::runtime()?)
}

/// Ends the threads of the library and every call that is under way; their callbacks are told CCM_CANCELLED.
///
/// Not needed as a rule: the threads end with the last client. Call it before dlclose() if clients may be left, from a
/// thread that is not the library's own. A later call of an operation starts the threads again.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_shutdown() {
    super::guard::quiet((), || {
        blocking::shutdown();
        Ok(())
    });
}
