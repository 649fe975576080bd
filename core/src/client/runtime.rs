//! The runtimes of a process: one without threads for blocking calls, and one with threads for the async calls of bindings.

use super::driver::{Driver, LAST_WAIT};
use super::heartbeat::Heartbeat;
use crate::error::{Error, Result};
use crate::transport::in_flight;
use once_cell::sync::Lazy;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::{Handle, Runtime};

/// The runtimes that this process has started.
///
/// Threads do not survive a fork, and locks may be held by those that do not exist. A child that finds the runtimes of its
/// parent therefore creates its own, and never shuts down the parent's.
struct Runtimes {
    process: u32,
    driver: Option<Arc<Driver>>,
    threads: Option<Threads>,
}

/// A runtime with threads of its own.
struct Threads {
    // Dropped first: it starts tasks.
    heartbeat: Heartbeat,
    runtime: Runtime,
}

static SHARED: Lazy<Mutex<Runtimes>> =
    Lazy::new(|| Mutex::new(Runtimes { process: std::process::id(), driver: None, threads: None }));

/// Held by a thread while it waits for the threads of the runtime to end, so that a concurrent shutdown waits too.
static STOPPING: Mutex<()> = Mutex::new(());

/// Locks the runtimes of this process.
fn shared() -> MutexGuard<'static, Runtimes> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if shared.process != process {
        let parents = std::mem::replace(&mut *shared, Runtimes { process, driver: None, threads: None });
        std::mem::forget(parents);
        in_flight::forget();
    }
    shared
}

fn failed(error: std::io::Error) -> Error {
    Error::configuration("cannot set up the runtime of calls").with_source(error)
}

/// Returns the runtime without threads, which runs blocking calls. Name lookups and large responses are handed to threads that end
/// soon; `thread_start` runs on each of them.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when the system refuses another file descriptor.
#[doc(hidden)]
pub fn driver(thread_start: fn()) -> Result<Arc<Driver>> {
    let mut shared = shared();
    if let Some(driver) = &shared.driver {
        return Ok(Arc::clone(driver));
    }
    let driver = Arc::new(Driver::new(thread_start).map_err(failed)?);
    shared.driver = Some(Arc::clone(&driver));
    Ok(driver)
}

/// Returns a handle to the runtime with threads, which runs the async calls of bindings. Starts it if necessary.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when the system cannot start a thread.
pub fn runtime() -> Result<Handle> {
    let mut shared = shared();
    if let Some(threads) = &shared.threads {
        return Ok(threads.runtime.handle().clone());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // The second thread keeps the timers running while the first reads a flood of small responses: see `heartbeat`.
        .worker_threads(2)
        .thread_name("configcat-management")
        .enable_all()
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    let heartbeat = Heartbeat::start(handle.clone()).map_err(failed)?;
    shared.threads = Some(Threads { heartbeat, runtime });
    Ok(handle)
}

/// Shuts down the runtimes and the calls that are running in them. For bindings whose host ends before the process does. A
/// later call starts others.
#[doc(hidden)]
pub fn shutdown() {
    shutdown_if(|| true);
}

/// Shuts down the runtimes if `unused` returns true. The lock prevents new handles to them while `unused` runs.
#[doc(hidden)]
pub fn shutdown_if(unused: impl FnOnce() -> bool) {
    // A thread of the runtime takes no lock that the thread that waits for its end holds.
    let inside = Handle::try_current().is_ok();
    let _stopping = (!inside).then(|| STOPPING.lock().unwrap_or_else(PoisonError::into_inner));
    let (driver, threads) = {
        let mut shared = shared();
        if shared.driver.is_none() && shared.threads.is_none() || !unused() {
            return;
        }
        (shared.driver.take(), shared.threads.take())
    };
    // Without the lock: calls are dropped in the meantime, and what they notify may drop the last lease or start other calls.
    if let Some(driver) = driver {
        driver.stop();
    }
    let Some(Threads { heartbeat, runtime }) = threads else { return };
    drop(heartbeat);
    if inside {
        // The last lease was dropped on a runtime thread: a thread cannot wait for its own end.
        runtime.shutdown_background();
    } else {
        runtime.shutdown_timeout(LAST_WAIT);
    }
}

/// Number of leases, in this process and in the one it was forked from.
static LEASES: AtomicUsize = AtomicUsize::new(0);

/// Keeps the runtimes alive. They end with the last lease, so that no thread and no connection is left when the host ends.
#[doc(hidden)]
#[derive(Debug)]
pub struct Lease(());

impl Lease {
    #[must_use]
    #[allow(clippy::new_without_default, reason = "taking one has an effect")]
    pub fn new() -> Self {
        LEASES.fetch_add(1, SeqCst);
        Self(())
    }
}

impl Clone for Lease {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if LEASES.fetch_sub(1, SeqCst) == 1 {
            shutdown_if(|| LEASES.load(SeqCst) == 0);
        }
    }
}
