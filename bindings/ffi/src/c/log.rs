//! Logging

use super::status::ccm_status;
use super::text::owned;
use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Verbosity of the log.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_log_level {
    /// No messages.
    CCM_LOG_OFF = 0,
    /// Errors.
    CCM_LOG_ERROR = 1,
    /// Warnings too.
    CCM_LOG_WARNING = 2,
    /// Informational messages too.
    CCM_LOG_INFO = 3,
    /// Every attempt and every wait too.
    CCM_LOG_DEBUG = 4,
}

/// Receives a line of the log. Runs on any thread, and on several at the same time; must not call functions of the library
/// other than ccm_set_log().
///
/// @param user_data The pointer that was passed with the callback.
/// @param level One of ccm_log_level.
/// @param message The line without a line terminator; valid until the callback returns. It never contains a credential.
pub type ccm_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

#[derive(Clone, Copy)]
struct Target {
    call: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on; the header states that the callback runs on any thread.
unsafe impl Send for Target {}

/// The callback, and which callbacks are running.
struct State {
    target: Option<Target>,
    /// Number of times that the callback was set.
    generation: u64,
    /// Generation of the callback of each running call.
    running: Vec<u64>,
    /// Process of the running calls: the threads of a parent do not exist in its child.
    process: u32,
}

static LEVEL: AtomicI32 = AtomicI32::new(0);
static STATE: Mutex<State> =
    Mutex::new(State { target: None, generation: 0, running: Vec::new(), process: 0 });
/// Notified when a callback has returned.
static RETURNED: Condvar = Condvar::new();
static INSTALLED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread runs a callback.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

fn lock() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets the callback, and waits until calls of earlier ones have returned.
fn replace(level: i32, target: Option<Target>) {
    let mut state = lock();
    LEVEL.store(if target.is_some() { level } else { 0 }, Relaxed);
    state.target = target;
    state.generation += 1;
    let generation = state.generation;
    if state.process != std::process::id() {
        state.process = std::process::id();
        state.running.clear();
    }
    // A callback that sets the log cannot wait for its own end.
    while !INSIDE.get() && state.running.iter().any(|earlier| *earlier < generation) {
        state = RETURNED.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    if state.running.is_empty() {
        // Frees the memory: nothing is left when the log is off.
        state.running = Vec::new();
    }
}

/// Calls the callback, unless this thread is in one already.
fn deliver(level: i32, line: &str) {
    if INSIDE.get() {
        return;
    }
    let mut state = lock();
    let (target, generation) = (state.target, state.generation);
    let Some(Target { call, user_data }) = target else { return };
    state.running.push(generation);
    drop(state);
    let text = owned(line);
    INSIDE.set(true);
    unsafe { call(user_data, level, text.as_ptr()) };
    INSIDE.set(false);
    let mut state = lock();
    if let Some(at) = state.running.iter().position(|running| *running == generation) {
        state.running.swap_remove(at);
    }
    drop(state);
    RETURNED.notify_all();
}

/// Sets the log callback of the library for the whole process.
///
/// When this function returns, the previous callback is not running and will not be called again, so that what its user_data
/// refers to may be freed. The exception is a call inside a log callback, which does not wait: the callback may still run on
/// this thread and on others. Must not be called while holding a lock that the callback takes.
///
/// @param level One of ccm_log_level. Default: CCM_LOG_OFF.
/// @param callback Receives the log; NULL for none.
/// @param user_data Passed to the callback unchanged.
/// @return CCM_OK; CCM_MISUSE if the level is invalid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_set_log(
    level: i32,
    callback: ccm_log_callback,
    user_data: *mut c_void,
) -> ccm_status {
    super::failure::quiet(ccm_status::CCM_MISUSE, || {
        let (off, debug) = (ccm_log_level::CCM_LOG_OFF as i32, ccm_log_level::CCM_LOG_DEBUG as i32);
        if !(off..=debug).contains(&level) {
            return Ok(ccm_status::CCM_MISUSE);
        }
        let target = callback.filter(|_| level != off).map(|call| Target { call, user_data });
        replace(level, target);
        if !INSTALLED.swap(true, Relaxed) {
            // Does not affect the program: the library contains its own copy of `tracing`.
            let _ = tracing::subscriber::set_global_default(Forward);
        }
        tracing::callsite::rebuild_interest_cache();
        Ok(ccm_status::CCM_OK)
    })
}

/// Passes events to the callback. Ignores spans, because each event contains its operation.
struct Forward;

fn number(level: Level) -> i32 {
    let level = match level {
        Level::ERROR => ccm_log_level::CCM_LOG_ERROR,
        Level::WARN => ccm_log_level::CCM_LOG_WARNING,
        Level::INFO => ccm_log_level::CCM_LOG_INFO,
        _ => ccm_log_level::CCM_LOG_DEBUG,
    };
    level as i32
}

impl Subscriber for Forward {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Messages of other crates are excluded, because they are not checked for credentials.
        let ours = metadata.target().starts_with("configcat_management");
        ours && *metadata.level() <= Level::DEBUG && number(*metadata.level()) <= LEVEL.load(Relaxed)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line("configcat_management".to_owned());
        event.record(&mut line);
        deliver(number(*event.metadata().level()), &line.0);
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
