//! Attempts and waits in Python's own logging, under `configcat_management`.

use configcat_management::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// `logging.DEBUG`.
const DEBUG: u8 = 10;

/// Whether anybody wants to read it: asked once per call, for asking takes the interpreter.
static WANTED: AtomicBool = AtomicBool::new(false);

fn logger(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let logger = LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        PyResult::Ok(logging.call_method1("getLogger", ("configcat_management",))?.unbind())
    })?;
    Ok(logger.bind(py))
}

/// Looks whether logging is on; a program that has not imported `logging` has no use for it.
pub fn look(py: Python<'_>) -> PyResult<()> {
    static MODULES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let modules = MODULES.import(py, "sys", "modules")?;
    let wanted = modules.contains("logging")?
        && logger(py)?.call_method1(intern!(py, "isEnabledFor"), (DEBUG,))?.is_truthy()?;
    WANTED.store(wanted, Ordering::Relaxed);
    Ok(())
}

fn log(text: impl FnOnce() -> String) {
    if WANTED.load(Ordering::Relaxed) {
        // What a handler raises is its own affair.
        let _ = Python::try_attach(|py| logger(py)?.call_method1("debug", ("%s", text())).map(drop));
    }
}

/// Writes what a client does.
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
            let what = event.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            format!("{}: attempt {}: {what} after {took:.0} ms", event.operation, event.attempt)
        });
    }
}
