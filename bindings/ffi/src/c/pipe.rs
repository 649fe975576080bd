//! Keeps SIGPIPE from the program: the calling thread writes to connections, which the server may have closed.

pub use system::PipeSignal;

#[cfg(unix)]
mod system {
    #![allow(unsafe_code, reason = "sets the signal mask of a thread")]

    use std::mem::MaybeUninit;
    use std::ptr;

    /// Guard that blocks SIGPIPE on this thread until it is dropped, and discards one that was raised in the meantime. The write
    /// fails with the error EPIPE instead.
    pub struct PipeSignal {
        /// The mask to restore, unless SIGPIPE was blocked and pending already: then it is the program's.
        before: Option<libc::sigset_t>,
    }

    fn only_pipe() -> libc::sigset_t {
        let mut set = MaybeUninit::uninit();
        // SAFETY: the pointer is valid for writes, and sigemptyset initializes the set.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), libc::SIGPIPE);
            set.assume_init()
        }
    }

    fn is_pending() -> bool {
        let mut pending = MaybeUninit::uninit();
        // SAFETY: the pointer is valid for writes; the set is read only if sigpending has initialized it.
        unsafe {
            libc::sigpending(pending.as_mut_ptr()) == 0
                && libc::sigismember(pending.as_ptr(), libc::SIGPIPE) == 1
        }
    }

    impl PipeSignal {
        pub fn block() -> Self {
            if is_pending() {
                return Self { before: None };
            }
            let mut before = MaybeUninit::uninit();
            // SAFETY: both pointers are valid; `before` is read only if pthread_sigmask has initialized it.
            let before = unsafe {
                let done = libc::pthread_sigmask(libc::SIG_BLOCK, &only_pipe(), before.as_mut_ptr());
                (done == 0).then(|| before.assume_init())
            };
            Self { before }
        }
    }

    impl Drop for PipeSignal {
        fn drop(&mut self) {
            let Some(before) = self.before else { return };
            if is_pending() {
                let mut signal = 0;
                // SAFETY: both pointers are valid. It does not wait: the signal is pending and blocked.
                unsafe { libc::sigwait(&only_pipe(), &mut signal) };
            }
            // SAFETY: `before` is the mask that pthread_sigmask returned.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &before, ptr::null_mut()) };
        }
    }
}

#[cfg(not(unix))]
mod system {
    pub struct PipeSignal;

    impl PipeSignal {
        pub fn block() -> Self {
            Self
        }
    }
}
