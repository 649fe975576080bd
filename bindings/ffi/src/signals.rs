//! Signals are the program's own affair: the threads of the libraries take none. Both libraries have this file.

pub use system::Blocked;

#[cfg(unix)]
mod system {
    #![allow(unsafe_code, reason = "the mask of a thread")]

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
mod system {
    pub struct Blocked;

    impl Blocked {
        pub fn new() -> Self {
            Self
        }
    }
}
