//! Waits for a call without holding the interpreter. Ctrl-C or another thread can end the wait.

use configcat_management::blocking;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::RefCell;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How often a wait checks for a pending Ctrl-C and for an `Interrupt`.
const TICK: Duration = Duration::from_millis(20);

/// Cancels the calls of the threads that watch it.
#[pyclass(frozen, module = "configcat_management._native")]
#[derive(Default)]
pub struct Interrupt(Arc<AtomicBool>);

thread_local! {
    static WATCHED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

#[pymethods]
impl Interrupt {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Cancels every call of the threads that watch this, both current and later calls.
    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Makes `set` cancel the calls of this thread.
    fn watch(&self) {
        WATCHED.set(Some(Arc::clone(&self.0)));
    }
}

/// Returns whether this is the main thread, the only one that handles signals.
fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    static MAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static CURRENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let main = MAIN.import(py, "threading", "main_thread")?.call0()?.getattr(intern!(py, "ident"))?;
    CURRENT.import(py, "threading", "get_ident")?.call0()?.eq(main)
}

/// Number of threads that wait for calls.
static WAITING: AtomicUsize = AtomicUsize::new(0);

struct Waiting;

impl Waiting {
    fn new() -> Self {
        WAITING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Shuts down the runtime, unless a thread waits in it: a waiting daemon thread needs the runtime's timers.
pub fn shutdown() {
    if WAITING.load(Ordering::SeqCst) == 0 {
        blocking::shutdown();
    }
}

/// Why a wait ended before its call completed.
enum Ended {
    Interrupted(PyErr),
    Cancelled,
}

/// Waits until a call completes. A pending Python exception or an `Interrupt` ends the wait and drops the call, which
/// cancels it.
pub fn wait<T: Send>(
    py: Python<'_>,
    call: impl Future<Output = configcat_management::Result<T>> + Send,
) -> PyResult<T> {
    let runtime = blocking::runtime().map_err(|e| crate::errors::raise(py, &e))?;
    let signals = is_main_thread(py)?;
    let watched = WATCHED.with_borrow(Clone::clone);
    let result = py.detach(|| {
        let _waiting = Waiting::new();
        runtime.block_on(async {
            let mut call = std::pin::pin!(call);
            if !signals && watched.is_none() {
                return Ok(call.await);
            }
            loop {
                tokio::select! {
                    biased;
                    result = &mut call => return Ok(result),
                    () = tokio::time::sleep(TICK) => {}
                }
                if signals {
                    Python::attach(|py| py.check_signals()).map_err(Ended::Interrupted)?;
                }
                if watched.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                    return Err(Ended::Cancelled);
                }
            }
        })
    });
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(crate::errors::raise(py, &error)),
        Err(Ended::Interrupted(error)) => Err(error),
        Err(Ended::Cancelled) => {
            Err(crate::errors::raise(py, &configcat_management::Error::cancelled("the call was cancelled")))
        }
    }
}
