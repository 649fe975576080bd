//! Keeps signals away from the threads of the libraries: only the program handles them. Both libraries include this file.

pub use system::Blocked;

#[cfg(unix)]
mod system {
    #![allow(unsafe_code, reason = "sets the signal mask of a thread")]

    use std::mem::MaybeUninit;

    /// Guard that blocks signals on this thread until it is dropped. Threads created in the meantime inherit the mask.
    ///
    /// Writing to a broken connection may raise SIGPIPE on the writing thread. While SIGPIPE is blocked, the write only
    /// fails with the error EPIPE.
    pub struct Blocked(Option<libc::sigset_t>);

    impl Blocked {
        pub fn new() -> Self {
            let mut all = MaybeUninit::uninit();
            let mut before = MaybeUninit::uninit();
            // SAFETY: both pointers are valid for writes, and `all` is initialized before it is read.
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
                // SAFETY: `before` is the mask that `pthread_sigmask` returned in `new`.
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
