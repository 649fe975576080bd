//! Ctrl-C.

use crate::failure::Failure;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

/// Whether a part of the command handles Ctrl-C in its own way.
static HANDLED: AtomicBool = AtomicBool::new(false);

/// While it exists, Ctrl-C does not end [`interruptible`].
pub struct Handled;

impl Handled {
    pub fn begin() -> Self {
        HANDLED.store(true, Ordering::Relaxed);
        Self
    }
}

impl Drop for Handled {
    fn drop(&mut self) {
        HANDLED.store(false, Ordering::Relaxed);
    }
}

/// Runs until the end or until Ctrl-C.
pub async fn interruptible<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut interrupted = pin!(unhandled());
    // The first poll takes Ctrl-C over from the operating system, which would end the process without the status 130.
    let early = poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context))).await;
    if early.is_ready() {
        return Err(Failure::Interrupted);
    }
    tokio::select! {
        biased;
        result = work => result,
        () = interrupted => Err(Failure::Interrupted),
    }
}

async fn unhandled() {
    loop {
        pressed().await;
        if !HANDLED.load(Ordering::Relaxed) {
            return;
        }
    }
}

/// Waits for Ctrl-C.
pub async fn pressed() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Then it ends the process.
        std::future::pending::<()>().await;
    }
}
