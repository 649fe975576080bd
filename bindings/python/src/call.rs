//! Converts the arguments of a call to the core's input.

use crate::errors;
use configcat_management::call::{CallInput, NameSearch};
use configcat_management::python::{PyInput, Side, is_absent};
use configcat_management::spec::Operation;
use configcat_management::{CallOptions, operations};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use std::time::Duration;

/// A call that is ready to send.
pub struct PyCall {
    pub input: CallInput,
    pub options: CallOptions,
    /// What the call looks for in its response.
    pub search: Option<Box<NameSearch>>,
}

impl PyCall {
    /// Converts the arguments of a call by name. Absent parameters are left out. `configs.find` and the like have the name in
    /// place of the body.
    pub fn new(
        operation: &str,
        parameters: &Bound<'_, PyDict>,
        body: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
    ) -> PyResult<Self> {
        let (operation, search, body) = match operations::find(operation) {
            Some(operation) => (operation, None, body),
            None => {
                let operation = listed(operation)?;
                (operation, Some(search(operation, body)?), None)
            }
        };
        let mut input = CallInput::new(operation);
        for (name, value) in parameters {
            if !is_absent(&value) {
                input.set_parameter(&name.extract::<String>()?, PyInput::new(value, Side::Request))?;
            }
        }
        if let Some(body) = body {
            input.set_body(PyInput::new(body.clone(), Side::Request))?;
        }
        let timeout = timeout.map(|value| seconds("timeout", value)).transpose()?;
        Ok(Self { input, options: CallOptions { timeout, max_attempts }, search })
    }
}

/// Returns the operation that lists the items that a call finds.
fn listed(call: &str) -> PyResult<&'static Operation> {
    operations::searched_by(call).ok_or_else(|| PyKeyError::new_err(call.to_owned()))
}

/// Prepares the search for a name.
fn search(operation: &'static Operation, name: Option<&Bound<'_, PyAny>>) -> PyResult<Box<NameSearch>> {
    let refuse = |found: &str| {
        let argument = operation.find.map_or("name", |find| find.argument);
        PyTypeError::new_err(format!("{}: {argument}: must be a string, not {found}", operation.id))
    };
    let name = name.ok_or_else(|| refuse("None"))?;
    let Ok(wanted) = name.cast::<PyString>() else {
        return Err(refuse(&name.get_type().name()?.to_string()));
    };
    let search = NameSearch::new(operation, wanted.to_str()?);
    search.map(Box::new).map_err(|error| errors::raise(name.py(), &error))
}

/// Converts seconds to a duration; `name` is the option named in the error.
pub fn seconds(name: &str, value: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(value)
        .map_err(|_| PyValueError::new_err(format!("{name}: must be a number of seconds, not {value}")))
}
