//! Errors of the core as exceptions of the package.

use configcat_management::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::error::Error as _;

/// The exception class of a kind; the compiler sees to it that no kind is forgotten here.
const fn class(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Configuration => "ConfigurationError",
        ErrorKind::BadRequest => "BadRequestError",
        ErrorKind::Authentication => "AuthenticationError",
        ErrorKind::Permission => "PermissionDeniedError",
        ErrorKind::NotFound => "NotFoundError",
        ErrorKind::Conflict => "ConflictError",
        ErrorKind::RateLimited => "RateLimitError",
        ErrorKind::Server => "ServerError",
        ErrorKind::Timeout => "CallTimeoutError",
        ErrorKind::Connection => "CallConnectionError",
        ErrorKind::Decode => "DecodeError",
        ErrorKind::Cancelled => "CallCancelledError",
        // A kind that is newer than this binding is still an error of ours.
        _ => "ConfigCatError",
    }
}

/// The exception that an error becomes.
pub fn raise(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).unwrap_or_else(|broken| broken)
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let class = py.import("configcat_management._errors")?.getattr(class(error.kind()))?;
    let details = PyDict::new(py);
    details.set_item("kind", error.kind().as_str())?;
    details.set_item("status", error.status())?;
    details.set_item("field_errors", error.field_errors().clone())?;
    details.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
    details.set_item("attempts", error.attempts())?;
    details.set_item("maybe_applied", error.maybe_applied())?;
    details.set_item("operation", error.operation())?;
    details.set_item("path", error.path())?;
    details.set_item("body", PyBytes::new(py, error.body()))?;
    let mut text = error.to_string();
    if let Some(cause) = error.source().filter(|_| error.kind() == ErrorKind::Configuration) {
        text = format!("{text}: {cause}");
    }
    Ok(PyErr::from_value(class.call((text,), Some(&details))?))
}
