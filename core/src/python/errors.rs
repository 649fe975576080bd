//! Exceptions that models and arguments raise.

use crate::spec::Operation;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Creates the exception for an invalid value, found before anything is sent.
pub(crate) fn invalid(py: Python<'_>, at: &str, message: &str) -> PyErr {
    let exception = || -> PyResult<PyErr> {
        let class = py
            .import(intern!(py, "configcat_management._errors"))?
            .getattr(intern!(py, "BadRequestError"))?;
        let details = PyDict::new(py);
        details.set_item("kind", crate::ErrorKind::BadRequest.as_str())?;
        details.set_item(
            "field_errors",
            [(at, vec![message])].into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        )?;
        let prefix = if at.is_empty() { String::new() } else { format!("{at}: ") };
        Ok(PyErr::from_value(class.call((format!("not sent: {prefix}{message}"),), Some(&details))?))
    };
    exception().unwrap_or_else(|error| error)
}

/// Adds the called operation to an exception that was raised for the arguments of a call.
pub(crate) fn in_operation(py: Python<'_>, error: PyErr, operation: &'static Operation) -> PyErr {
    let value = error.value(py);
    if value.hasattr(intern!(py, "field_errors")).unwrap_or(false) {
        // The exception is still correct without the operation.
        let _ = value
            .call_method1(intern!(py, "_about"), (operation.id, operation.http.as_str(), operation.path));
    }
    error
}
