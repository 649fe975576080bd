//! Converts the arguments of a call to the core's input.

use configcat_management::call::CallInput;
use configcat_management::python::{PyInput, Side, is_absent};
use configcat_management::{CallOptions, operations};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::time::Duration;

/// A call that is ready to send.
pub struct PyCall {
    pub input: CallInput,
    pub options: CallOptions,
}

impl PyCall {
    /// Converts the arguments of a call by name. Absent parameters are left out.
    pub fn new(
        operation: &str,
        parameters: &Bound<'_, PyDict>,
        body: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
    ) -> PyResult<Self> {
        let operation =
            operations::find(operation).ok_or_else(|| PyKeyError::new_err(operation.to_owned()))?;
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
        Ok(Self { input, options: CallOptions { timeout, max_attempts } })
    }
}

/// Converts seconds to a duration; `name` is the option named in the error.
pub fn seconds(name: &str, value: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(value)
        .map_err(|_| PyValueError::new_err(format!("{name}: must be a number of seconds, not {value}")))
}
