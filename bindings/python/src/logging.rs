//! Passes messages to Python's `logging`, under the logger `configcat_management`.

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use std::cell::Cell;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// `logging.DEBUG`.
pub const DEBUG: u8 = 10;
/// `logging.INFO`.
pub const INFO: u8 = 20;
/// Above every level.
const NONE: u8 = 255;

/// Lowest level of the messages that may be logged: DEBUG if that is enabled, otherwise INFO. Determined once per call, because
/// that needs the interpreter. The logger decides about a message of level INFO when it receives it.
static LEVEL: AtomicU8 = AtomicU8::new(NONE);

/// A message and its level.
pub struct LogMessage {
    pub level: u8,
    pub text: String,
}

fn logger(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let logger = LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        PyResult::Ok(logging.call_method1("getLogger", ("configcat_management",))?.unbind())
    })?;
    Ok(logger.bind(py))
}

/// Whether debug logging was enabled when a call last checked.
pub fn is_enabled() -> bool {
    LEVEL.load(Ordering::Relaxed) == DEBUG
}

/// Whether a message of this level may be logged.
pub fn may_log(level: u8) -> bool {
    level >= LEVEL.load(Ordering::Relaxed)
}

/// Checks whether debug logging is enabled. It is off in a program that has not imported `logging`.
pub fn look(py: Python<'_>) -> PyResult<()> {
    static MODULES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let modules = MODULES.import(py, "sys", "modules")?;
    let level = if !modules.contains("logging")? {
        NONE
    } else if logger(py)?.call_method1(intern!(py, "isEnabledFor"), (DEBUG,))?.is_truthy()? {
        DEBUG
    } else {
        INFO
    };
    LEVEL.store(level, Ordering::Relaxed);
    Ok(())
}

thread_local! {
    /// Whether messages of this thread are dropped: it runs a log handler or an observer, which would run again.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Drops messages of this thread until it is dropped itself.
pub struct Quiet {
    outer: bool,
}

impl Quiet {
    pub fn new() -> Self {
        Self { outer: QUIET.replace(true) }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        QUIET.set(self.outer);
    }
}

/// Whether this thread runs a log handler or an observer.
pub fn is_quiet() -> bool {
    QUIET.get()
}

/// Drops messages of this thread, on which a log handler waits.
pub fn be_quiet() {
    QUIET.set(true);
}

/// Messages of calls for which no thread waits. The threads of the runtime must not wait for log handlers: these may wait for
/// calls that the threads serve.
struct Queue {
    messages: Vec<LogMessage>,
    /// Number of messages for which there was no room.
    dropped: usize,
    /// Id of the process in which a thread delivers the messages, or 0.
    delivered_in: u32,
}

static QUEUE: Mutex<Queue> = Mutex::new(Queue { messages: Vec::new(), dropped: 0, delivered_in: 0 });

/// Notified when all messages have been delivered.
static DELIVERED: Condvar = Condvar::new();

/// Maximum number of messages that wait for a slow log handler.
const MOST_MESSAGES: usize = 10_000;

/// How long the exit of the interpreter may wait for log handlers.
const LAST_WAIT: Duration = Duration::from_secs(1);

fn queue() -> MutexGuard<'static, Queue> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Delivers the queued messages. If it is dropped instead, the next message starts another delivery.
struct Delivery;

impl Delivery {
    fn run(self) {
        loop {
            let messages = {
                let mut queue = queue();
                if queue.messages.is_empty() {
                    queue.delivered_in = 0;
                    DELIVERED.notify_all();
                    std::mem::forget(self);
                    return;
                }
                let mut messages = std::mem::take(&mut queue.messages);
                let dropped = std::mem::take(&mut queue.dropped);
                if dropped > 0 {
                    let text = format!("{dropped} messages were dropped, because a log handler is too slow");
                    messages.push(LogMessage { level: DEBUG, text });
                }
                messages
            };
            for message in messages {
                let _ = call_logger(message);
            }
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        queue().delivered_in = 0;
    }
}

/// Waits until the queued messages are delivered, but not long: a log handler may wait for this thread, or call this.
pub fn flush() {
    if is_quiet() {
        return;
    }
    let queue = queue();
    let pending = |queue: &mut Queue| queue.delivered_in == std::process::id();
    let _ = DELIVERED.wait_timeout_while(queue, LAST_WAIT, pending);
}

/// Queues a message for a thread that delivers it.
pub fn enqueue(message: LogMessage) {
    let process = std::process::id();
    let mut queue = queue();
    if queue.messages.len() < MOST_MESSAGES {
        queue.messages.push(message);
    } else {
        queue.dropped += 1;
    }
    if std::mem::replace(&mut queue.delivered_in, process) != process {
        drop(queue);
        tokio::task::spawn_blocking(|| Delivery.run());
    }
}

/// Passes a message to the logger. A log handler may make calls; they log nothing on its thread. Exceptions that handlers raise are
/// ignored, except those that end a program, such as `KeyboardInterrupt`.
pub fn call_logger(message: LogMessage) -> PyResult<()> {
    let _quiet = Quiet::new();
    let logged = Python::try_attach(|py| {
        let logged =
            logger(py).and_then(|logger| logger.call_method1("log", (message.level, "%s", message.text)));
        ignore_exception(py, logged.map(drop), String::new)
    });
    logged.unwrap_or(Ok(()))
}

/// Ignores an exception of the application's code, after it has logged it with a message; an empty message logs nothing. Returns
/// exceptions that end a program, such as `KeyboardInterrupt`.
pub fn ignore_exception(
    py: Python<'_>,
    result: PyResult<()>,
    message: impl FnOnce() -> String,
) -> PyResult<()> {
    let Err(error) = result else { return Ok(()) };
    if !error.is_instance_of::<PyException>(py) {
        return Err(error);
    }
    let message = message();
    if !message.is_empty() {
        let details = PyDict::new(py);
        let logged = details
            .set_item("exc_info", error.into_value(py))
            .and_then(|()| logger(py)?.call_method("error", (message,), Some(&details)).map(drop));
        return ignore_exception(py, logged, String::new);
    }
    Ok(())
}
