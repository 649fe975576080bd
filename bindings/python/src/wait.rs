//! Waits for a call without holding the interpreter. Ctrl-C or another thread can end the wait.
//!
//! The waiting thread also drives the connections. It leaves the async runtime before it runs Python code: a signal handler, a
//! log handler or a destructor may make calls too, and a runtime cannot be entered twice on one thread. Such a call continues
//! the interrupted one, for whose response it may have to wait.

use crate::hooks::CallHooks;
use crate::logging;
use crate::relay::{Message, Relayed};
use configcat_management::Error;
use configcat_management::blocking::{self, Driver};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

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

/// Shuts down the runtimes, unless a thread waits for a call: a daemon thread may.
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
/// This thread also runs `then`, outside of the runtime: decoding a response would delay the calls of other threads.
pub fn wait<T: Send + 'static, U: Send>(
    py: Python<'_>,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
    hooks: Option<Arc<CallHooks>>,
    then: impl FnOnce(T) -> Result<U, Error> + Send,
) -> PyResult<U> {
    let relayed = hooks.is_some();
    wait_with(py, call, hooks, relayed, then)
}

/// Waits until a job completes, whose calls have their own hooks.
pub fn wait_for_job<T: Send + 'static>(
    py: Python<'_>,
    job: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> PyResult<T> {
    wait_with(py, job, None, true, Ok)
}

/// Waits for a call. If it is `relayed`, its messages are received from the beginning.
fn wait_with<T: Send + 'static, U: Send>(
    py: Python<'_>,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
    hooks: Option<Arc<CallHooks>>,
    relayed: bool,
    then: impl FnOnce(T) -> Result<U, Error> + Send,
) -> PyResult<U> {
    let checks = Checks::new(py)?;
    // Before the driver is obtained, so that `shutdown` spares it.
    let _waiting = Waiting::new().map_err(|e| crate::errors::raise(py, &e))?;
    let driver = blocking::driver(|| ()).map_err(|e| crate::errors::raise(py, &e))?;
    let result = py.detach(|| {
        let response = wait_detached(&driver, call, hooks, relayed, &checks)?;
        then(response).map_err(Ended::Failed)
    });
    match result {
        Ok(value) => Ok(value),
        Err(Ended::Interrupted(error)) => Err(error),
        Err(Ended::Failed(error)) => Err(crate::errors::raise(py, &error)),
    }
}

/// Waits without the interpreter. Most calls end before the first check. Later, the call becomes a task, which any thread
/// that drives the connections continues: a signal handler may make calls that wait for a response to this one.
fn wait_detached<T: Send + 'static>(
    driver: &Driver,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
    hooks: Option<Arc<CallHooks>>,
    relayed: bool,
    checks: &Checks,
) -> Result<T, Ended> {
    let mut call = Box::pin(call);
    if !relayed && !logging::is_enabled() {
        if !checks.are_needed() {
            return driver.call(call).map_err(Ended::Failed);
        }
        let first = async { timeout(TICK, call.as_mut()).await.ok().transpose() };
        if let Some(value) = driver.call(first).map_err(Ended::Failed)? {
            return Ok(value);
        }
    }
    wait_for_task(driver, call, hooks, checks)
}

/// A call that continues while any thread drives the connections.
struct Spawned<'a> {
    task: Option<JoinHandle<()>>,
    driver: &'a Driver,
}

impl Drop for Spawned<'_> {
    /// Cancels the call, and waits until it has been dropped and its connection closed.
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            let _ = self.driver.run(task);
            // Another turn, in which the connection notices that its call was dropped.
            self.driver.run(std::future::ready(()));
        }
    }
}

/// What a call that is a task sends to the thread that waits for it.
enum Received<T> {
    Message(Message),
    Completed(Result<T, Error>),
}

/// Waits for a call that is a task. Python code, such as log handlers, runs on this thread between its turns at driving.
fn wait_for_task<T: Send + 'static>(
    driver: &Driver,
    call: Pin<Box<impl Future<Output = Result<T, Error>> + Send + 'static>>,
    hooks: Option<Arc<CallHooks>>,
    checks: &Checks,
) -> Result<T, Ended> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let messages = sender.clone();
    let quiet = logging::is_quiet();
    let call = Relayed::new(call, hooks, move |message| {
        // A thread that runs a log handler logs nothing.
        if !quiet || !matches!(message, Message::Log(_)) {
            drop(messages.send(Received::Message(message)));
        }
    });
    let task = driver.spawn(async move { drop(sender.send(Received::Completed(call.await))) });
    let mut spawned = Spawned { task: Some(task), driver };
    let result = receive(driver, &mut receiver, checks);
    if checks.forked() {
        // The connections of the call belong to the parent.
        std::mem::forget(spawned.task.take());
        std::mem::forget(receiver);
        return result;
    }
    drop(spawned);
    // The end of a call that was cancelled.
    while let Ok(Received::Message(message)) = receiver.try_recv() {
        if message.outlives_call() {
            let _ = message.deliver();
        }
    }
    result
}

/// Waits until a task completes. Runs the Python code of its messages.
fn receive<T>(
    driver: &Driver,
    receiver: &mut mpsc::UnboundedReceiver<Received<T>>,
    checks: &Checks,
) -> Result<T, Ended> {
    let tick = if checks.are_needed() { TICK } else { Duration::MAX };
    loop {
        match driver.run(async { timeout(tick, receiver.recv()).await }) {
            Ok(Some(Received::Completed(result))) => return result.map_err(Ended::Failed),
            Ok(Some(Received::Message(message))) => message.deliver().map_err(Ended::Interrupted)?,
            Ok(None) => return Err(Ended::Failed(Error::cancelled("the library was shut down"))),
            Err(_) => checks.run()?,
        }
        if checks.forked() {
            return Err(Ended::Failed(Error::cancelled("the process was forked during the call")));
        }
    }
}
