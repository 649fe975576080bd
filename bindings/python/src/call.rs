//! Converts the arguments of a call to the core's input.

use crate::errors;
use configcat_management::call::{CallInput, Input, NameSearch, RawInput};
use configcat_management::python::{PyInput, Side, convert, is_absent, text};
use configcat_management::spec::{Operation, Type};
use configcat_management::{CallOptions, ExtraHeaders, operations, unknown_operation};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};
use serde_json::Value;
use std::time::Duration;

/// A call that is ready to send.
pub struct PyCall {
    pub input: Input,
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
        options: CallOptions,
    ) -> PyResult<Self> {
        let (operation, search, body) = match operations::find(operation) {
            Some(operation) => (operation, None, body),
            None => {
                let operation = listed(parameters.py(), operation)?;
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
        Ok(Self { input: input.into(), options, search })
    }

    /// Converts the arguments of a request by method and path. A parameter of the query may be a list, and is left out if it is
    /// `None`. An absent body is not sent.
    pub fn raw(
        method: &str,
        path: &str,
        query: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
        options: CallOptions,
    ) -> PyResult<Self> {
        let mut input = RawInput::new(method, path);
        for pair in query.try_iter()? {
            let (name, value): (String, Bound<'_, PyAny>) = pair?.extract()?;
            add_query(&mut input, &name, convert(&value, &Type::Any, &name, Side::Request)?)?;
        }
        if !is_absent(body) {
            input.set_body(&convert(body, &Type::Any, "body", Side::Request)?);
        }
        Ok(Self { input: input.into(), options, search: None })
    }
}

fn add_query(input: &mut RawInput, name: &str, value: Value) -> PyResult<()> {
    match value {
        Value::Null => {}
        Value::String(text) => input.add_query(name, &text),
        Value::Bool(_) | Value::Number(_) => input.add_query(name, &value.to_string()),
        Value::Array(items) => return items.into_iter().try_for_each(|item| add_query(input, name, item)),
        Value::Object(_) => {
            return Err(PyTypeError::new_err(format!("{name}: a dictionary cannot be sent in the query")));
        }
    }
    Ok(())
}

/// Converts the options of a call.
pub fn call_options(
    timeout: Option<f64>,
    max_attempts: Option<u32>,
    headers: Option<&Bound<'_, PyAny>>,
) -> PyResult<CallOptions> {
    let timeout = timeout.map(|value| seconds("timeout", value)).transpose()?;
    let headers = headers.map(extra_headers).transpose()?.unwrap_or_default();
    Ok(CallOptions { timeout, max_attempts, headers })
}

/// Converts a mapping of names to values.
pub fn extra_headers(headers: &Bound<'_, PyAny>) -> PyResult<ExtraHeaders> {
    let wrong = || PyTypeError::new_err("headers: must be a mapping of names to strings");
    let headers = headers.cast::<PyMapping>().map_err(|_| wrong())?;
    let pairs = headers.items()?.extract::<Vec<(String, String)>>().map_err(|_| wrong())?;
    Ok(pairs.into_iter().collect())
}

/// Returns the operation that lists the items that a call finds.
fn listed(py: Python<'_>, call: &str) -> PyResult<&'static Operation> {
    operations::searched_by(call).ok_or_else(|| errors::raise(py, &unknown_operation(call)))
}

/// Prepares the search for a name.
fn search(operation: &'static Operation, name: Option<&Bound<'_, PyAny>>) -> PyResult<Box<NameSearch>> {
    let argument = operation.find.map_or("name", |find| find.argument);
    let refuse = |found: &str| {
        PyTypeError::new_err(format!("{}: {argument}: must be a string, not {found}", operation.id))
    };
    let name = name.ok_or_else(|| refuse("None"))?;
    let Ok(wanted) = name.cast::<PyString>() else {
        return Err(refuse(&name.get_type().name()?.to_string()));
    };
    let search = NameSearch::new(operation, text(wanted, &argument)?);
    search.map(Box::new).map_err(|error| errors::raise(name.py(), &error))
}

/// Converts seconds to a duration; `name` is the option named in the error.
pub fn seconds(name: &str, value: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(value)
        .map_err(|_| PyValueError::new_err(format!("{name}: must be a number of seconds, not {value}")))
}
