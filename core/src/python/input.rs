//! Python values as the input of a call.

use super::errors;
use super::json::json;
use crate::call::{self, InputProblem, InputValue, Reason, Shape};
use crate::models::{FlagValue, UpdateFlagValue};
use crate::spec::{Operation, Path, Type};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDateTime, PyFloat, PyInt, PyMapping, PySequence, PyString,
};
use serde_json::{Number, Value};
use std::fmt::Display;

/// Leaves an argument out of a request, whereas `None` sends null.
#[pyclass(frozen, module = "configcat_management")]
#[derive(Debug)]
pub struct Absent;

#[pymethods]
impl Absent {
    fn __repr__(&self) -> &'static str {
        "ABSENT"
    }

    fn __bool__(&self) -> bool {
        false
    }

    fn __reduce__(&self) -> &'static str {
        "ABSENT"
    }
}

/// Whether an argument is left out.
#[must_use]
pub fn is_absent(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<Absent>()
}

/// Origin of the values that are converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// From the caller: a string that is not a value of the enum is a typo.
    Request,
    /// From the service: it may know more enum values, and a flag value may include its variation.
    Response,
}

/// Converts a Python value to JSON of a type. `at` is its path, for messages.
///
/// # Errors
/// A Python exception with the path and the expected value.
pub fn convert(value: &Bound<'_, PyAny>, ty: &Type, at: &str, side: Side) -> PyResult<Value> {
    call::convert(PyInput::new(value.clone(), side), ty, &Path::Root(at))
}

/// Returns the name of the type of a value, for messages.
#[must_use]
pub(super) fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "that".into(), |name| name.to_string())
}

/// A Python value as input, with its origin.
pub struct PyInput<'py> {
    value: Bound<'py, PyAny>,
    side: Side,
}

impl<'py> PyInput<'py> {
    /// Wraps a value with its origin.
    #[must_use]
    pub const fn new(value: Bound<'py, PyAny>, side: Side) -> Self {
        Self { value, side }
    }

    fn list(&self, items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>) -> PyResult<Shape<Self>> {
        let items = items.map(|item| Ok(Self::new(item?, self.side)));
        Ok(Shape::List(items.collect::<PyResult<_>>()?))
    }

    fn object(&self, mapping: &Bound<'py, PyMapping>, at: &Path<'_>) -> PyResult<Shape<Self>> {
        let mut members = Vec::new();
        for pair in mapping.items()?.try_iter()? {
            let (key, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = pair?.extract()?;
            if is_absent(&value) {
                continue;
            }
            let Ok(key) = key.cast::<PyString>() else {
                return Err(PyTypeError::new_err(format!("{at}: a key is not a string, but {}", kind(&key))));
            };
            members.push((text(key, at)?.to_owned(), Self::new(value, self.side)));
        }
        Ok(Shape::Object(members))
    }

    fn string(&self, string: &Bound<'py, PyString>, expected: &Type, at: &Path<'_>) -> PyResult<Shape<Self>> {
        let text = text(string, at)?.to_owned();
        let known = self.side == Side::Request
            && matches!(expected, Type::Enum(_))
            && !super::enums::is_unknown(string)?;
        Ok(if known { Shape::KnownValue(text) } else { Shape::Plain(text.into()) })
    }

    /// Converts a value that is neither None, a number, a string nor a datetime.
    fn composite(self, expected: &Type, at: &Path<'_>) -> PyResult<Shape<Self>> {
        let (value, py) = (&self.value, self.value.py());
        if let Type::Object(schema) = expected
            && schema.one_of
            && let Some(member) = schema.member(&kind(value))
        {
            return Ok(Shape::Object(vec![(member.name.to_owned(), self)]));
        }
        if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
            return Err(PyTypeError::new_err(format!("{at}: cannot send {}; decode it first", kind(value))));
        }
        // First, because a series of pandas has a method `to_dict`, too.
        if matches!(expected, Type::List(_) | Type::Patch(_))
            && value.cast::<PyMapping>().is_err()
            && let Ok(items) = value.try_iter()
        {
            return self.list(items);
        }
        if let Some(id) = id_attribute(value, expected)? {
            let message = format!("{at}: must be the id, not the {}; pass its {id}", kind(value));
            return Err(PyTypeError::new_err(message));
        }
        if let Some(fields) = value.getattr_opt(intern!(py, "_fields"))? {
            Self::new(fields.call0()?, self.side).shape(expected, at)
        } else if let Some(to_dict) = value.getattr_opt(intern!(py, "to_dict"))? {
            match Self::new(to_dict.call0()?, self.side).shape(expected, at)? {
                Shape::Object(members) => {
                    let schema = crate::schema::of_response(&kind(value));
                    Ok(Shape::Received(members, schema))
                }
                other => Ok(other),
            }
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            self.object(mapping, at)
        } else if value.cast::<PySequence>().is_ok() {
            self.list(value.try_iter()?)
        } else if matches!(expected, Type::Uuid) && kind(value) == "UUID" {
            Ok(Shape::Plain(value.str()?.to_str()?.into()))
        } else if let Some(plain) = plain(value)? {
            Self::new(plain, self.side).shape(expected, at)
        } else if matches!(expected, Type::Timestamp) {
            let message = format!("{at}: must be a datetime with a time zone, not a {}", kind(value));
            Err(PyTypeError::new_err(message))
        } else {
            Err(PyTypeError::new_err(format!("{at}: cannot send a {}", kind(value))))
        }
    }
}

impl<'py> InputValue for PyInput<'py> {
    type Error = PyErr;

    fn shape(self, expected: &Type, at: &Path<'_>) -> PyResult<Shape<Self>> {
        let value = &self.value;
        if let Type::Object(schema) = expected
            && schema.is_flag_value
            && self.side == Side::Request
            && let Ok(read) = value.cast::<FlagValue>()
        {
            return Ok(Shape::Wire(json(&UpdateFlagValue::from(read.get().clone()))?));
        }
        if value.is_none() {
            Ok(Shape::Plain(Value::Null))
        } else if let Ok(flag) = value.cast::<PyBool>() {
            Ok(Shape::Plain(flag.is_true().into()))
        } else if let Ok(string) = value.cast::<PyString>() {
            self.string(string, expected, at)
        } else if value.is_instance_of::<PyInt>() {
            integer(value, at).map(Shape::Plain)
        } else if value.is_instance_of::<PyFloat>() {
            let number: f64 = value.extract()?;
            let json = Number::from_f64(number).map(|number| Shape::Plain(number.into()));
            json.ok_or_else(|| PyValueError::new_err(format!("{at}: {number} cannot be sent")))
        } else if let Ok(time) = value.cast::<PyDateTime>() {
            timestamp(time, at).map(Shape::Plain)
        } else {
            self.composite(expected, at)
        }
    }

    fn refuse(problem: InputProblem) -> PyErr {
        let InputProblem { path, reason, mut message, suggestion, .. } = problem;
        if reason == Reason::UnknownValue {
            if suggestion.is_none() {
                message.push_str("; enums.UnknownValue sends any string");
            }
            return Python::attach(|py| errors::invalid(py, &path, &message));
        }
        let prefix = if path.is_empty() { String::new() } else { format!("{path}: ") };
        let message = format!("{prefix}{message}");
        match reason {
            Reason::TooDeep => PyValueError::new_err(message),
            _ => PyTypeError::new_err(message),
        }
    }

    fn in_operation(error: PyErr, operation: &'static Operation) -> PyErr {
        Python::attach(|py| errors::in_operation(py, error, operation))
    }
}

/// Returns the attribute with the id of a model, such as `product_id` of a `Product`, where an id is expected.
fn id_attribute(value: &Bound<'_, PyAny>, expected: &Type) -> PyResult<Option<String>> {
    if !matches!(expected, Type::Uuid | Type::Integer { .. } | Type::String { .. }) {
        return Ok(None);
    }
    let mut name = String::new();
    for character in kind(value).chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name.push_str("_id");
    Ok(value.hasattr(name.as_str())?.then_some(name))
}

/// Returns the boolean, number or string that an object stands for, such as a scalar of numpy.
fn plain<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    static PLAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let function = PLAIN.import(value.py(), "configcat_management._scalars", "plain")?;
    let plain = function.call1((value,))?;
    Ok((!plain.is(value)).then_some(plain))
}

/// Returns the text of a string. `at` is its path, for messages.
///
/// # Errors
/// If the string has an unpaired surrogate, which UTF-8 cannot encode.
pub fn text<'a>(string: &'a Bound<'_, PyString>, at: &dyn Display) -> PyResult<&'a str> {
    string.to_str().map_err(|error| {
        let py = string.py();
        let position = error
            .value(py)
            .getattr(intern!(py, "start"))
            .map_or_else(|_| String::new(), |start| format!(" at position {start}"));
        let message = format!("has an unpaired surrogate{position}, which cannot be sent as UTF-8");
        errors::invalid(py, &at.to_string(), &message)
    })
}

fn integer(value: &Bound<'_, PyAny>, at: &Path<'_>) -> PyResult<Value> {
    match value.extract::<i64>() {
        Ok(number) => Ok(number.into()),
        Err(_) => Err(PyValueError::new_err(format!("{at}: {value} is too large"))),
    }
}

fn timestamp(time: &Bound<'_, PyDateTime>, at: &Path<'_>) -> PyResult<Value> {
    if time.getattr(intern!(time.py(), "tzinfo"))?.is_none() {
        let message = format!("{at}: a datetime needs a time zone, such as datetime.timezone.utc");
        return Err(PyValueError::new_err(message));
    }
    Ok(time.call_method0(intern!(time.py(), "isoformat"))?.extract::<String>()?.into())
}
