//! Converts errors of the core to exceptions of the package.

use configcat_management::{Error, ErrorKind, header_pairs};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use std::error::Error as StdError;
use std::io;

/// The exception class of every `ErrorKind`. A missing kind is a compile error.
const CLASSES: [(ErrorKind, &str); ErrorKind::ALL.len()] = [
    (ErrorKind::Configuration, "ConfigurationError"),
    (ErrorKind::BadRequest, "BadRequestError"),
    (ErrorKind::Authentication, "AuthenticationError"),
    (ErrorKind::Permission, "PermissionDeniedError"),
    (ErrorKind::NotFound, "NotFoundError"),
    (ErrorKind::Conflict, "ConflictError"),
    (ErrorKind::RateLimited, "RateLimitError"),
    (ErrorKind::Server, "ServerError"),
    (ErrorKind::Timeout, "CallTimeoutError"),
    (ErrorKind::Connection, "CallConnectionError"),
    (ErrorKind::Decode, "DecodeError"),
    (ErrorKind::Cancelled, "CallCancelledError"),
];

fn class(kind: ErrorKind) -> &'static str {
    let found = CLASSES.iter().find(|(other, _)| *other == kind);
    found.map_or("ConfigCatError", |(_, class)| class)
}

/// Converts an error to an exception.
pub fn raise(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error, class(error.kind())).unwrap_or_else(|broken| broken)
}

/// Converts an error of a search for a name to an exception.
pub fn raise_found(py: Python<'_>, error: &Error) -> PyErr {
    let class = match error.kind() {
        ErrorKind::Conflict => "AmbiguousNameError",
        kind => class(kind),
    };
    exception(py, error, class).unwrap_or_else(|broken| broken)
}

fn exception(py: Python<'_>, error: &Error, class: &str) -> PyResult<PyErr> {
    let name = PyString::intern(py, class);
    let class = py.import(intern!(py, "configcat_management._errors"))?.getattr(name)?;
    let details = PyDict::new(py);
    details.set_item("kind", error.kind().as_str())?;
    details.set_item("status", error.status())?;
    details.set_item("field_errors", error.field_errors().clone())?;
    details.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
    details.set_item("attempts", error.attempts())?;
    details.set_item("maybe_applied", error.maybe_applied())?;
    details.set_item("is_retryable", error.is_retryable())?;
    details.set_item("operation", error.operation())?;
    details.set_item("request", error.request())?;
    details.set_item("method", error.method())?;
    details.set_item("path_template", error.path_template())?;
    details.set_item("headers", header_pairs(error.headers()))?;
    details.set_item("path", error.path())?;
    details.set_item("body", PyBytes::new(py, error.body()))?;
    let mut message = error.to_string();
    if let Some(cause) = error.source().filter(|_| error.kind() == ErrorKind::Configuration) {
        message = format!("{message}: {cause}");
    }
    let exception = PyErr::from_value(class.call((message,), Some(&details))?);
    exception.set_cause(py, cause(error));
    Ok(exception)
}

/// Returns the cause of an error: the operating system's error if there is one, else the messages of all sources.
fn cause(error: &Error) -> Option<PyErr> {
    let first = error.source()?;
    let mut messages = Vec::new();
    let mut next: Option<&(dyn StdError + 'static)> = Some(first);
    while let Some(source) = next {
        if let Some(system) = source.downcast_ref::<io::Error>()
            && system.raw_os_error().is_some()
        {
            let copy =
                system.raw_os_error().map_or_else(|| system.kind().into(), io::Error::from_raw_os_error);
            return Some(copy.into());
        }
        messages.push(source.to_string());
        next = source.source();
    }
    let message = messages.join(": ");
    Some(match error.kind() {
        ErrorKind::Decode | ErrorKind::Configuration => PyValueError::new_err(message),
        _ => PyRuntimeError::new_err(message),
    })
}
