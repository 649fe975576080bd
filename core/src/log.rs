//! Lines of the log, for bindings: the events of `tracing` as text. Programs in Rust use `tracing` itself.

use std::cell::Cell;
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Level of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LogLevel {
    /// Errors.
    Error,
    /// Warnings.
    Warning,
    /// Informational messages, such as long waits for the rate limit.
    Info,
    /// Every attempt and every wait.
    Debug,
}

/// Receives lines without a line terminator, on any thread, and on several at the same time. They never contain a credential.
pub type LogHandler = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

/// The handler, and which handlers are running.
struct State {
    handler: Option<LogHandler>,
    /// Number of times that the handler was set.
    generation: u64,
    /// Generation of the handler of each running call.
    running: Vec<u64>,
    /// Process of the running calls: the threads of a parent do not exist in its child.
    process: u32,
}

/// Number of levels that are delivered, from `Error` on.
static LEVELS: AtomicU8 = AtomicU8::new(0);
static STATE: Mutex<State> =
    Mutex::new(State { handler: None, generation: 0, running: Vec::new(), process: 0 });
/// Notified when a handler has returned.
static RETURNED: Condvar = Condvar::new();
static INSTALLED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread runs a handler.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

fn lock() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes the lines up to a level to a handler, for the whole process; `None` for no log.
///
/// When this function returns, the previous handler is not running and will not be called again. The exception is a call inside a
/// handler, which does not wait: the handler may still run on this thread and on others.
pub fn set_log(handler: Option<(LogLevel, LogHandler)>) {
    let (levels, handler) = match handler {
        Some((level, handler)) => (level as u8 + 1, Some(handler)),
        None => (0, None),
    };
    replace(levels, handler);
    if !INSTALLED.swap(true, Relaxed) {
        // Does not affect the program: the library contains its own copy of `tracing`.
        let _ = tracing::subscriber::set_global_default(Forward);
    }
    tracing::callsite::rebuild_interest_cache();
}

/// Sets the handler, and waits until calls of earlier ones have returned.
fn replace(levels: u8, handler: Option<LogHandler>) {
    let mut state = lock();
    LEVELS.store(levels, Relaxed);
    let previous = std::mem::replace(&mut state.handler, handler);
    state.generation += 1;
    let generation = state.generation;
    if state.process != std::process::id() {
        state.process = std::process::id();
        state.running.clear();
    }
    // A handler that sets the log cannot wait for its own end.
    while !INSIDE.get() && state.running.iter().any(|earlier| *earlier < generation) {
        state = RETURNED.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    if state.running.is_empty() {
        // Frees the memory: nothing is left when the log is off.
        state.running = Vec::new();
    }
    // Outside of the lock, because the application may run code when its handler is dropped.
    drop(state);
    drop(previous);
}

/// Calls the handler, unless this thread is in one already.
fn deliver(level: LogLevel, line: &str) {
    if INSIDE.get() {
        return;
    }
    let mut state = lock();
    let (handler, generation) = (state.handler.clone(), state.generation);
    let Some(handler) = handler else { return };
    state.running.push(generation);
    drop(state);
    INSIDE.set(true);
    handler(level, line);
    // Before others may assume that it has returned.
    drop(handler);
    INSIDE.set(false);
    let mut state = lock();
    if let Some(at) = state.running.iter().position(|running| *running == generation) {
        state.running.swap_remove(at);
    }
    drop(state);
    RETURNED.notify_all();
}

/// Passes events to the handler. Ignores spans.
struct Forward;

fn level_of(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warning,
        Level::INFO => LogLevel::Info,
        _ => LogLevel::Debug,
    }
}

impl Subscriber for Forward {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Messages of other crates are excluded, because they are not checked for credentials.
        let ours = metadata.target().starts_with("configcat_management");
        let level = *metadata.level();
        ours && level <= Level::DEBUG && (level_of(level) as u8) < LEVELS.load(Relaxed)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line("configcat_management".to_owned());
        event.record(&mut line);
        deliver(level_of(*event.metadata().level()), &line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Formats an event as a line: `target: message name=value`.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = match field.name() {
            "message" => write!(self.0, ": {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
