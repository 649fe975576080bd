//! The runtime of blocking calls. It has no thread: the threads that wait for calls take turns to drive connections and timers.
//!
//! A call that another thread had to send would take twice as long, if it is small: most of the time would go into waking that
//! thread and this one again.

use crate::error::{Error, Result};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::watch;
use tokio::task::{JoinHandle, yield_now};

/// How long the shutdown of a runtime may wait for threads that look up a name or decode a response.
pub(super) const LAST_WAIT: Duration = Duration::from_millis(200);
/// How long a thread that has looked up a name or decoded a large response waits for more work.
const IDLE: Duration = Duration::from_millis(500);

/// Runs calls on the threads that wait for them.
#[doc(hidden)]
#[derive(Debug)]
pub struct Driver {
    /// `None` only while this is dropped.
    runtime: Option<Runtime>,
    stopping: watch::Sender<bool>,
}

impl Driver {
    pub(super) fn new(thread_start: fn()) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .thread_name("configcat-management")
            .thread_keep_alive(IDLE)
            .on_thread_start(thread_start)
            .enable_all()
            .build()?;
        Ok(Self { runtime: Some(runtime), stopping: watch::Sender::new(false) })
    }

    /// Makes a call on this thread.
    ///
    /// # Errors
    /// Those of the call; [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) if the driver is stopped meanwhile.
    ///
    /// # Panics
    /// If an async runtime polls this thread.
    pub fn call<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        self.run(async {
            let result = {
                let mut stopping = self.stopping.subscribe();
                let call = pin!(call);
                tokio::select! {
                    biased;
                    result = call => result,
                    Ok(_) = stopping.wait_for(|stopping| *stopping) => {
                        Err(Error::cancelled("the library was shut down"))
                    }
                }
            };
            if result.is_err() {
                // The call has been dropped, perhaps in the middle of an exchange: closes its connection.
                settle().await;
            }
            result
        })
    }

    /// Drives connections and timers on this thread until a future completes.
    ///
    /// # Panics
    /// If an async runtime polls this thread.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        self.runtime().block_on(async {
            // The connections have not been driven since the last call: those that the server closed must not be used.
            settle().await;
            future.await
        })
    }

    /// Spawns a call that makes progress while any thread drives connections.
    pub fn spawn<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.runtime().spawn(call)
    }

    /// Ends the calls that threads wait for.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    fn runtime(&self) -> &Runtime {
        let Some(runtime) = &self.runtime else { unreachable!("a dropped driver is not used") };
        runtime
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        if Handle::try_current().is_ok() {
            runtime.shutdown_background();
        } else {
            // Otherwise it would wait for a slow name lookup without a limit.
            runtime.shutdown_timeout(LAST_WAIT);
        }
    }
}

/// Handles the events that have happened: the first turn wakes the connections, the second one lets them close.
async fn settle() {
    yield_now().await;
    yield_now().await;
}
