//! The tokio runtime of blocking calls, shared by the process.

use super::heartbeat::Heartbeat;
use crate::error::{Error, Result};
use crate::transport::in_flight;
use once_cell::sync::Lazy;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};
use tokio::runtime::{Handle, Runtime};

/// The runtime that serves all blocking clients of a process.
///
/// Threads do not survive a fork. A child that finds the runtime of its parent therefore creates its own, and never shuts
/// down the parent's, because that would wait for threads that do not exist in the child.
struct RuntimeState {
    runtime: std::mem::ManuallyDrop<Runtime>,
    heartbeat: std::mem::ManuallyDrop<Heartbeat>,
    process: u32,
}

/// How long the shutdown of the runtime may take.
const LAST_WAIT: std::time::Duration = std::time::Duration::from_millis(200);

static SHARED: Lazy<Mutex<Option<RuntimeState>>> = Lazy::new(|| Mutex::new(None));

/// Held by a thread while it waits for the threads of the runtime to end, so that a concurrent shutdown waits too.
static STOPPING: Mutex<()> = Mutex::new(());

/// Returns a handle to the shared runtime.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when the system cannot start a thread.
pub fn runtime() -> Result<Handle> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some(shared) = shared.as_ref().filter(|s| s.process == process) {
        return Ok(shared.runtime.handle().clone());
    }
    if shared.is_some() {
        in_flight::forget();
    }
    let failed = |e| Error::configuration("cannot start a thread for requests").with_source(e);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // The second thread keeps the timers running while the first reads a flood of small responses: see `heartbeat`.
        .worker_threads(2)
        .thread_name("configcat-management")
        .enable_all()
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    let heartbeat = Heartbeat::start(handle.clone()).map_err(failed)?;
    let (runtime, heartbeat) = (std::mem::ManuallyDrop::new(runtime), std::mem::ManuallyDrop::new(heartbeat));
    *shared = Some(RuntimeState { runtime, heartbeat, process });
    Ok(handle)
}

/// Shuts down the runtime and the calls that are running in it. For bindings whose host ends before the process does. A
/// later call starts another runtime.
#[doc(hidden)]
pub fn shutdown() {
    shutdown_if(|| true);
}

/// Shuts down the runtime if `unused` returns true. The lock prevents new handles to the runtime while `unused` runs.
#[doc(hidden)]
pub fn shutdown_if(unused: impl FnOnce() -> bool) {
    // A thread of the runtime takes no lock that the thread that waits for its end holds.
    let inside = Handle::try_current().is_ok();
    let _stopping = (!inside).then(|| STOPPING.lock().unwrap_or_else(PoisonError::into_inner));
    let Some((runtime, heartbeat)) = take_if(unused) else { return };
    drop(heartbeat);
    if inside {
        // The last lease was dropped on a runtime thread: a thread cannot wait for its own end.
        runtime.shutdown_background();
    } else {
        runtime.shutdown_timeout(LAST_WAIT);
    }
}

/// Takes the runtime of this process out if `unused` returns true. The caller shuts it down without the lock: its calls are
/// dropped in the meantime, and what they notify may drop the last lease or start other calls.
fn take_if(unused: impl FnOnce() -> bool) -> Option<(Runtime, Heartbeat)> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.as_ref().filter(|s| s.process == std::process::id())?;
    if !unused() {
        return None;
    }
    let RuntimeState { runtime, heartbeat, .. } = shared.take()?;
    Some((std::mem::ManuallyDrop::into_inner(runtime), std::mem::ManuallyDrop::into_inner(heartbeat)))
}

/// Number of leases, in this process and in the one it was forked from.
static LEASES: AtomicUsize = AtomicUsize::new(0);

/// Keeps the runtime alive. Its threads end with the last lease, so that none of them is left when the host ends.
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

/// Blocks this thread until a call completes.
pub(crate) fn wait<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    if Handle::try_current().is_ok() {
        return Err(Error::configuration(
            "a blocking client was called on a thread of an async runtime, which would stall it: use Client",
        ));
    }
    runtime()?.block_on(call)
}
