//! Waits for a call without holding the interpreter. Ctrl-C or another thread can end the wait.
//!
//! Python code never runs inside the async runtime: a signal handler, a log handler or a destructor may make calls too, and a
//! runtime cannot be entered twice on one thread. Meanwhile the call continues: theirs may have to wait for its response.

use crate::logging::{self, Logged};
use configcat_management::{Error, blocking};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// How often a wait checks for a pending Ctrl-C and for an `Interrupt`.
const TICK: Duration = Duration::from_millis(20);

/// Maximum number of calls in which a thread waits at the same time. Signal handlers and destructors run during a wait, and
/// their calls wait too: without a limit, a handler that calls itself again would exhaust the stack.
const DEEPEST: usize = 8;

/// Cancels the calls of the threads that watch it.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct Interrupt {
    flag: Arc<AtomicBool>,
    /// Whether a log handler created this, and therefore waits for the threads that watch it.
    quiet: bool,
}

thread_local! {
    static WATCHED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
    /// Number of calls in which this thread waits.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

#[pymethods]
impl Interrupt {
    #[new]
    fn new() -> Self {
        Self { flag: Arc::default(), quiet: logging::is_quiet() }
    }

    /// Cancels every call of the threads that watch this, both current and later calls.
    fn set(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Makes `set` cancel the calls of this thread.
    fn watch(&self) {
        WATCHED.set(Some(Arc::clone(&self.flag)));
        if self.quiet {
            logging::be_quiet();
        }
    }
}

/// Returns whether this is the main thread, the only one that handles signals.
fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    static MAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static CURRENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let main = MAIN.import(py, "threading", "main_thread")?.call0()?.getattr(intern!(py, "ident"))?;
    CURRENT.import(py, "threading", "get_ident")?.call0()?.eq(main)
}

/// Number of calls for which threads wait.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// A wait of this thread.
struct Waiting;

impl Waiting {
    fn new() -> Result<Self, Error> {
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            return Err(Error::configuration(format!(
                "more than {DEEPEST} calls are nested on this thread: a signal handler, log handler or destructor makes a call, during which it runs again"
            )));
        }
        DEPTH.set(depth + 1);
        WAITING.fetch_add(1, Ordering::SeqCst);
        Ok(Self)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// Shuts down the runtime, unless a thread waits in it: a waiting daemon thread needs the runtime's timers.
pub fn shutdown() {
    logging::flush();
    blocking::shutdown_if(|| WAITING.load(Ordering::SeqCst) == 0);
}

/// Why a wait ended before its call completed.
enum Ended {
    Interrupted(PyErr),
    Failed(Error),
}

/// What a wait checks at every tick.
struct Checks {
    signals: bool,
    watched: Option<Arc<AtomicBool>>,
    process: u32,
}

impl Checks {
    fn new(py: Python<'_>) -> PyResult<Self> {
        let watched = WATCHED.with_borrow(Clone::clone);
        Ok(Self { signals: is_main_thread(py)?, watched, process: std::process::id() })
    }

    const fn are_needed(&self) -> bool {
        self.signals || self.watched.is_some()
    }

    /// Runs pending signal handlers, which may make calls.
    fn run(&self) -> Result<(), Ended> {
        if self.signals {
            Python::attach(|py| py.check_signals()).map_err(Ended::Interrupted)?;
        }
        if self.watched.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Ended::Failed(Error::cancelled("the call was cancelled")));
        }
        Ok(())
    }

    /// Whether a signal handler has forked, and this is the child.
    fn forked(&self) -> bool {
        self.process != std::process::id()
    }
}

/// Waits until a call completes. A pending Python exception or an `Interrupt` ends the wait and drops the call, which
/// cancels it.
///
/// This thread also runs `then`, because decoding a response would delay the calls that a thread of the runtime serves.
pub fn wait<T: Send + 'static, U: Send>(
    py: Python<'_>,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
    then: impl FnOnce(T) -> Result<U, Error> + Send,
) -> PyResult<U> {
    let checks = Checks::new(py)?;
    // Before the runtime is obtained, so that `shutdown` spares it.
    let _waiting = Waiting::new().map_err(|e| crate::errors::raise(py, &e))?;
    let runtime = blocking::runtime().map_err(|e| crate::errors::raise(py, &e))?;
    let result = py.detach(|| {
        let response = wait_detached(&runtime, call, &checks)?;
        then(response).map_err(Ended::Failed)
    });
    match result {
        Ok(value) => Ok(value),
        Err(Ended::Interrupted(error)) => Err(error),
        Err(Ended::Failed(error)) => Err(crate::errors::raise(py, &error)),
    }
}

/// Waits without the interpreter. Most calls end before the first check, and are made on this thread. Later, a thread of the
/// runtime makes the call: a signal handler may make calls that wait for a response to this one.
fn wait_detached<T: Send + 'static>(
    runtime: &Handle,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
    checks: &Checks,
) -> Result<T, Ended> {
    let mut call = Box::pin(call);
    if !logging::is_enabled() {
        if !checks.are_needed() {
            return runtime.block_on(call).map_err(Ended::Failed);
        }
        let first = async { tokio::time::timeout(TICK, call.as_mut()).await };
        if let Ok(result) = runtime.block_on(first) {
            return result.map_err(Ended::Failed);
        }
    }
    wait_for_task(runtime, call, checks)
}

/// A call that a thread of the runtime makes.
struct Spawned(Option<JoinHandle<()>>);

impl Drop for Spawned {
    /// Cancels the call, and waits until it has been dropped.
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
            while !task.is_finished() {
                std::thread::sleep(Duration::from_micros(50));
            }
        }
    }
}

/// Waits for a call that a thread of the runtime makes. Python code, such as log handlers, runs on this thread.
fn wait_for_task<T: Send + 'static>(
    runtime: &Handle,
    call: Pin<Box<impl Future<Output = Result<T, Error>> + Send + 'static>>,
    checks: &Checks,
) -> Result<T, Ended> {
    enum Event<T> {
        Message(String),
        Completed(Result<T, Error>),
    }
    let (sender, receiver) = mpsc::channel();
    let messages = sender.clone();
    let call = Logged::new(call, move |message| drop(messages.send(Event::Message(message))));
    let task = runtime.spawn(async move { drop(sender.send(Event::Completed(call.await))) });
    let mut task = Spawned(Some(task));
    let tick = if checks.are_needed() { TICK } else { Duration::MAX };
    loop {
        let event = receiver.recv_timeout(tick);
        let checked = match event {
            Ok(Event::Completed(result)) => return result.map_err(Ended::Failed),
            Ok(Event::Message(message)) => logging::call_logger(message).map_err(Ended::Interrupted),
            Err(RecvTimeoutError::Timeout) => checks.run(),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Ended::Failed(Error::cancelled("the library was shut down")));
            }
        };
        if checks.forked() {
            // The thread that makes the call does not exist here.
            std::mem::forget(task.0.take());
            std::mem::forget(receiver);
            checked?;
            return Err(Ended::Failed(Error::cancelled("the process was forked during the call")));
        }
        checked?;
    }
}
