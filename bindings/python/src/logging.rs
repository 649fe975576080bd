//! Logs attempts and waits with Python's `logging`, under the logger `configcat_management`.

use configcat_management::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// `logging.DEBUG`.
const DEBUG: u8 = 10;
/// `logging.INFO`.
const INFO: u8 = 20;
/// Above every level.
const NONE: u8 = 255;

/// Expected wait for the rate limit from which on it is logged at level INFO.
const LONG_WAIT: Duration = Duration::from_secs(2);

/// Lowest level of the messages that may be logged: DEBUG if that is enabled, otherwise INFO. Determined once per call, because
/// that needs the interpreter. The logger decides about a message of level INFO when it receives it.
static LEVEL: AtomicU8 = AtomicU8::new(NONE);

/// A message and its level.
pub struct Message {
    level: u8,
    text: String,
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
    /// Whether messages of this thread are dropped: it runs a log handler, which would run again.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread runs a log handler.
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
    messages: Vec<Message>,
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
                    messages.push(Message { level: DEBUG, text });
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

fn enqueue(message: Message) {
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
pub fn call_logger(message: Message) -> PyResult<()> {
    let outer = QUIET.replace(true);
    let logged = Python::try_attach(|py| {
        let logged =
            logger(py).and_then(|logger| logger.call_method1("log", (message.level, "%s", message.text)));
        logged
            .map(drop)
            .or_else(|error| if error.is_instance_of::<PyException>(py) { Ok(()) } else { Err(error) })
    });
    QUIET.set(outer);
    logged.unwrap_or(Ok(()))
}

/// Receives the messages of a call.
type Sink = Box<dyn Fn(Message) + Send>;

thread_local! {
    /// Receives the messages of the call that is being polled on this thread.
    static SINK: RefCell<Option<Sink>> = const { RefCell::new(None) };
}

/// A call whose messages a waiting thread receives.
pub struct Logged<F> {
    call: Pin<Box<F>>,
    sink: Option<Sink>,
}

impl<F: Future> Logged<F> {
    /// A thread that runs a log handler receives none.
    pub fn new(call: Pin<Box<F>>, sink: impl Fn(Message) + Send + 'static) -> Self {
        let sink: Sink = if is_quiet() { Box::new(drop) } else { Box::new(sink) };
        Self { call, sink: Some(sink) }
    }
}

impl<F: Future> Future for Logged<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        SINK.set(self.sink.take());
        let poll = self.call.as_mut().poll(context);
        self.sink = SINK.take();
        poll
    }
}

fn log(level: u8, text: impl FnOnce() -> String) {
    if level < LEVEL.load(Ordering::Relaxed) {
        return;
    }
    let message = || Message { level, text: text() };
    SINK.with_borrow(|sink| match sink {
        // Perhaps the call of another thread, which this one continues while it runs a log handler.
        Some(sink) => sink(message()),
        None if is_quiet() => {}
        None => enqueue(message()),
    });
}

/// Logs the attempts and waits of a client.
#[derive(Debug)]
pub struct Log;

impl Observer for Log {
    fn attempt(&self, event: &Attempt<'_>) {
        log(DEBUG, || format!("{}: attempt {}", event.operation, event.attempt));
    }

    fn wait(&self, event: &Wait<'_>) {
        let why = match event.reason {
            WaitReason::RateLimit => "for the rate limit",
            WaitReason::Retry => "before the next attempt",
            _ => "for a reason that is newer than this module",
        };
        let long = event.reason == WaitReason::RateLimit && event.expected > LONG_WAIT;
        log(if long { INFO } else { DEBUG }, || {
            format!("{}: waits {:.2} s {why}", event.operation, event.expected.as_secs_f64())
        });
    }

    fn outcome(&self, event: &Outcome<'_>) {
        log(DEBUG, || {
            let took = event.elapsed.as_secs_f64() * 1e3;
            let what = event.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
            format!("{}: attempt {}: {what} after {took:.0} ms", event.operation, event.attempt)
        });
    }
}
