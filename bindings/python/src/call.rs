//! The arguments of a call, as the core takes them.

use configcat_management::describe::{Location, Operation, Parameter, Type};
use configcat_management::dynamic::Arguments;
use configcat_management::python::{Side, convert, is_absent, kind};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use serde_json::Value;
use std::time::Duration;

/// A call that is ready to go.
pub struct Call {
    pub operation: &'static Operation,
    pub arguments: Arguments,
}

impl Call {
    /// Collects the arguments of a call by name.
    pub fn new(
        operation: &str,
        parameters: &Bound<'_, PyDict>,
        body: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        max_attempts: Option<u32>,
    ) -> PyResult<Self> {
        let operation =
            Operation::find(operation).ok_or_else(|| PyKeyError::new_err(operation.to_owned()))?;
        let mut arguments = collect(operation, parameters, body)
            .map_err(|error| crate::errors::of_call(parameters.py(), error, operation))?;
        arguments.timeout = timeout.map(|value| seconds("timeout", value)).transpose()?;
        arguments.max_attempts = max_attempts;
        Ok(Self { operation, arguments })
    }
}

/// A number of seconds as a duration.
pub fn seconds(name: &str, value: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(value)
        .map_err(|_| PyValueError::new_err(format!("{name}: must be a number of seconds, not {value}")))
}

fn collect(
    operation: &'static Operation,
    parameters: &Bound<'_, PyDict>,
    body: Option<&Bound<'_, PyAny>>,
) -> PyResult<Arguments> {
    let mut arguments = Arguments::default();
    for parameter in operation.parameters {
        let Some(value) = parameters.get_item(parameter.name)? else { continue };
        if is_absent(&value) || (value.is_none() && parameter.location != Location::Path) {
            continue;
        }
        parameter_texts(parameter, &value, &mut arguments.parameters)?;
    }
    if let (Some(ty), Some(body)) = (&operation.body, body) {
        arguments.send(operation, convert(body, ty, "", Side::Request)?);
    }
    Ok(arguments)
}

fn parameter_texts(
    parameter: &'static Parameter,
    value: &Bound<'_, PyAny>,
    out: &mut Vec<(&'static str, String)>,
) -> PyResult<()> {
    if let (Type::List(item), false) = (&parameter.ty, value.is_instance_of::<PyString>()) {
        for value in value.try_iter()? {
            out.push((parameter.wire, text(parameter.name, item, &value?)?));
        }
    } else {
        out.push((parameter.wire, text(parameter.name, &parameter.ty, value)?));
    }
    Ok(())
}

fn text(name: &str, ty: &Type, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match convert(value, ty, name, Side::Request)? {
        Value::String(text) => Ok(text),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(PyTypeError::new_err(format!(
            "{name}: must be a text, a number or a boolean, not {}",
            kind(value)
        ))),
    }
}
