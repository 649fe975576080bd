//! Logs attempts and waits with Python's `logging`, under the logger `configcat_management`.

use configcat_management::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// `logging.DEBUG`.
const DEBUG: u8 = 10;

/// Whether debug logging is enabled. Checked once per call, because the check needs the interpreter.
static ENABLED: AtomicBool = AtomicBool::new(false);

fn logger(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let logger = LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        PyResult::Ok(logging.call_method1("getLogger", ("configcat_management",))?.unbind())
    })?;
    Ok(logger.bind(py))
}

/// Checks whether debug logging is enabled. It is off in a program that has not imported `logging`.
pub fn look(py: Python<'_>) -> PyResult<()> {
    static MODULES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let modules = MODULES.import(py, "sys", "modules")?;
    let enabled = modules.contains("logging")?
        && logger(py)?.call_method1(intern!(py, "isEnabledFor"), (DEBUG,))?.is_truthy()?;
    ENABLED.store(enabled, Ordering::Relaxed);
    Ok(())
}

fn log(message: impl FnOnce() -> String) {
    if ENABLED.load(Ordering::Relaxed) {
        // Exceptions raised by log handlers are ignored.
        let _ = Python::try_attach(|py| logger(py)?.call_method1("debug", ("%s", message())).map(drop));
    }
}

/// Logs the attempts and waits of a client.
#[derive(Debug)]
pub struct Log;

impl Observer for Log {
    fn attempt(&self, event: &Attempt) {
        log(|| format!("{}: attempt {}", event.operation, event.attempt));
    }

    fn wait(&self, event: &Wait) {
        let why = match event.reason {
            WaitReason::RateLimit => "for the rate limit",
            WaitReason::Retry => "before the next attempt",
            _ => "for a reason that is newer than this module",
        };
        log(|| format!("{}: waits {:.2} s {why}", event.operation, event.expected.as_secs_f64()));
    }

    fn outcome(&self, event: &Outcome) {
        log(|| {
            let took = event.elapsed.as_secs_f64() * 1e3;
            let what = event.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
            format!("{}: attempt {}: {what} after {took:.0} ms", event.operation, event.attempt)
        });
    }
}
