//! The threads that serve the connections: there while there are clients, gone with the last.

use super::guard::Outcome;
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
    let _blocked = signals::Blocked::new();
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

#[cfg(unix)]
mod signals {
    use std::mem::MaybeUninit;

    /// Blocks all signals on this thread for a moment: threads that are made meanwhile inherit it.
    ///
    /// A broken connection may raise SIGPIPE on the thread that writes to it; blocked, it is the error EPIPE and nothing
    /// else.
    pub struct Blocked(Option<libc::sigset_t>);

    impl Blocked {
        pub fn new() -> Self {
            let mut all = MaybeUninit::uninit();
            let mut before = MaybeUninit::uninit();
            // SAFETY: both places are there, and the first is filled before it is read.
            unsafe {
                libc::sigfillset(all.as_mut_ptr());
                for fault in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP] {
                    libc::sigdelset(all.as_mut_ptr(), fault);
                }
                let done = libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
                Self((done == 0).then(|| before.assume_init()))
            }
        }
    }

    impl Drop for Blocked {
        fn drop(&mut self) {
            if let Some(before) = &self.0 {
                // SAFETY: the mask that was there before.
                unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before, std::ptr::null_mut()) };
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    pub struct Blocked;

    impl Blocked {
        pub fn new() -> Self {
            Self
        }
    }
}
