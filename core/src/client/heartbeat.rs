//! Keeps the timers of the shared runtime running.
//!
//! One thread of a tokio runtime waits for events and timers on behalf of all. When it finds work for a connection that
//! receives small responses without end, it may be busy for a second, and no other thread takes over its place: deadlines are
//! late. A task that is started from outside wakes an idle thread, which then does.

use crate::transport::in_flight;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::runtime::Handle;

/// How often a task is started while calls are in flight.
const BEAT: Duration = Duration::from_millis(40);
/// Number of beats without a call after which the thread sleeps until the next one.
const IDLE: u32 = 25;

/// The thread that starts the tasks. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Heartbeat {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Heartbeat {
    /// Starts the thread for a runtime.
    pub(super) fn start(runtime: Handle) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread =
            thread::Builder::new().name("configcat-timers".into()).spawn(move || beat(&runtime, &seen))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.stop.store(true, SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn beat(runtime: &Handle, stop: &AtomicBool) {
    let mut idle = 0;
    while !stop.load(SeqCst) {
        if in_flight::count() > 0 {
            idle = 0;
            runtime.spawn(async {});
        } else {
            idle += 1;
        }
        if idle < IDLE {
            thread::park_timeout(BEAT);
        } else {
            in_flight::wait_for_call();
        }
    }
}
