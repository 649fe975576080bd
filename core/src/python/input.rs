//! Python values as JSON: names by the description, values by what they are.
//!
//! Lengths, ranges and types are not checked here: the rest of the core does that for every language.

use crate::describe::{Schema, Type};
use crate::models::UpdateFlagValue;
use crate::value::{FlagValue, tagged_json};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDateTime, PyDict, PyFloat, PyInt, PyMapping, PySequence, PyString};
use serde_json::{Map, Number, Value};

/// Nested deeper than this, a value is taken for one that contains itself.
const DEEPEST: usize = 64;

/// Leaves an argument out of a request, which differs from `None`, which sends null.
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

/// Whose values are converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The caller's: a text that is none of an enum's values is a slip of the pen.
    Request,
    /// The service's: it may have grown, and a flag's value may stand beside its variation.
    Answer,
}

/// A Python value as JSON by its type. `at` is its place, for messages.
///
/// # Errors
/// A Python exception that names the place, and what would have been right.
pub fn convert(value: &Bound<'_, PyAny>, ty: &Type, at: &str, side: Side) -> PyResult<Value> {
    Converter { side, read: false }.convert(value, ty, at, 0)
}

/// What a message calls the type of a value.
#[must_use]
pub fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "that".into(), |name| name.to_string())
}

#[derive(Clone, Copy)]
struct Converter {
    side: Side,
    /// A model that was read may have fields that a request has not: they are left out.
    read: bool,
}

impl Converter {
    fn convert(self, value: &Bound<'_, PyAny>, ty: &Type, at: &str, depth: usize) -> PyResult<Value> {
        if depth > DEEPEST {
            return Err(PyValueError::new_err(format!("{at}: nested more than {DEEPEST} deep")));
        }
        if let Type::Object(schema) = ty
            && let Some(json) = self.flag_value(value, schema, at, depth)?
        {
            return Ok(json);
        }
        if value.is_none() {
            Ok(Value::Null)
        } else if let Ok(flag) = value.cast::<PyBool>() {
            Ok(flag.is_true().into())
        } else if let Ok(string) = value.cast::<PyString>() {
            self.text(string, ty, at)
        } else if value.is_instance_of::<PyInt>() {
            integer(value, at)
        } else if value.is_instance_of::<PyFloat>() {
            let number: f64 = value.extract()?;
            let json = Number::from_f64(number).map(Value::Number);
            json.ok_or_else(|| PyValueError::new_err(format!("{at}: {number} cannot be sent")))
        } else if let Ok(moment) = value.cast::<PyDateTime>() {
            timestamp(moment, at)
        } else if let Some(fields) = value.getattr_opt(intern!(value.py(), "_fields"))? {
            self.convert(&fields.call0()?, ty, at, depth + 1)
        } else if let Some(to_dict) = value.getattr_opt(intern!(value.py(), "to_dict"))? {
            let reader = Self { read: true, ..self };
            reader.convert(&to_dict.call0()?, ty, at, depth + 1)
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            self.object(mapping, ty, at, depth)
        } else if let Ok(items) = value.cast::<PySequence>() {
            self.list(items, ty, at, depth)
        } else if matches!(ty, Type::Uuid) && kind(value) == "UUID" {
            Ok(value.str()?.to_str()?.into())
        } else {
            Err(PyTypeError::new_err(format!("{at}: cannot send a {}", kind(value))))
        }
    }

    fn text(self, value: &Bound<'_, PyString>, ty: &Type, at: &str) -> PyResult<Value> {
        let text = value.to_str()?;
        if let Type::Enum(known) = ty
            && self.side == Side::Request
            && !self.read
            && !known.contains(&text)
            && !super::enums::is_unknown(value)?
        {
            let hint = match near(value.py(), text, known) {
                Some(name) => format!("did you mean {name}?"),
                None => "enums.UnknownValue sends any text".to_owned(),
            };
            let message = format!("must be one of {}, not {text:?}; {hint}", known.join(", "));
            return Err(super::errors::invalid(value.py(), at, &message));
        }
        Ok(text.into())
    }

    fn list(self, items: &Bound<'_, PySequence>, ty: &Type, at: &str, depth: usize) -> PyResult<Value> {
        let inner = match ty {
            Type::List(inner) | Type::Patch(inner) => inner,
            _ => &Type::Any,
        };
        let mut out = Vec::new();
        for (i, item) in items.try_iter()?.enumerate() {
            out.push(self.convert(&item?, inner, &format!("{at}[{i}]"), depth + 1)?);
        }
        Ok(Value::Array(out))
    }

    fn object(self, mapping: &Bound<'_, PyMapping>, ty: &Type, at: &str, depth: usize) -> PyResult<Value> {
        let mut out = Map::new();
        for pair in mapping.items()?.try_iter()? {
            let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
            if is_absent(&value) {
                continue;
            }
            let key: String =
                key.extract().map_err(|_| PyTypeError::new_err(format!("{at}: a key is not a text")))?;
            let place = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
            let (name, inner) = match ty {
                Type::Object(schema) => match schema.field(&key) {
                    Some(field) if self.read && value.is_none() && !field.nullable => continue,
                    Some(field) => (field.wire.to_owned(), &field.ty),
                    None if self.read => continue,
                    None => return Err(no_field(mapping.py(), schema, &key, at)),
                },
                Type::Map(inner) => (key, *inner),
                _ => (key, &Type::Any),
            };
            out.insert(name, self.convert(&value, inner, &place, depth + 1)?);
        }
        Ok(Value::Object(out))
    }

    /// The value of a flag: a plain value, an object with `value` or `predefined_variation_id`, or one that was read.
    fn flag_value(
        self,
        value: &Bound<'_, PyAny>,
        schema: &'static Schema,
        at: &str,
        depth: usize,
    ) -> PyResult<Option<Value>> {
        if !schema.is_flag_value() {
            return Ok(None);
        }
        if let Ok(mapping) = value.cast::<PyDict>() {
            let Some(plain) = mapping.get_item("value")? else { return Ok(None) };
            let rest = mapping.copy()?;
            rest.del_item("value")?;
            let mut json = self.object(rest.cast()?, &Type::Object(schema), at, depth)?;
            if let (Value::Object(json), Some(Value::Object(value))) =
                (&mut json, tagged_json(self.convert(&plain, &Type::Any, at, depth + 1)?).ok())
            {
                json.extend(value);
            }
            return Ok(Some(json));
        }
        if let Ok(read) = value.cast::<FlagValue>()
            && self.side == Side::Request
        {
            let wish = UpdateFlagValue::from(read.get().clone());
            return Ok(Some(super::model::json(&wish)?));
        }
        let plain = value.is_instance_of::<PyBool>()
            || value.is_instance_of::<PyString>()
            || value.is_instance_of::<PyInt>()
            || value.is_instance_of::<PyFloat>();
        if plain { Ok(tagged_json(self.convert(value, &Type::Any, at, depth + 1)?).ok()) } else { Ok(None) }
    }
}

fn integer(value: &Bound<'_, PyAny>, at: &str) -> PyResult<Value> {
    match value.extract::<i64>() {
        Ok(number) => Ok(number.into()),
        Err(_) => Err(PyValueError::new_err(format!("{at}: {value} is too large"))),
    }
}

fn timestamp(moment: &Bound<'_, PyDateTime>, at: &str) -> PyResult<Value> {
    if moment.getattr(intern!(moment.py(), "tzinfo"))?.is_none() {
        let message = format!("{at}: a datetime needs a time zone, such as datetime.timezone.utc");
        return Err(PyValueError::new_err(message));
    }
    Ok(moment.call_method0(intern!(moment.py(), "isoformat"))?.extract::<String>()?.into())
}

/// The name that somebody may have meant.
fn near(py: Python<'_>, given: &str, names: &[&str]) -> Option<String> {
    static MATCHES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let matches = MATCHES.import(py, "difflib", "get_close_matches").ok()?;
    let found: Vec<String> = matches.call1((given, names, 1)).ok()?.extract().ok()?;
    found.into_iter().next()
}

fn no_field(py: Python<'_>, schema: &Schema, key: &str, at: &str) -> PyErr {
    let names: Vec<&str> = schema.fields.iter().map(|f| f.name).collect();
    let hint = match near(py, key, &names) {
        Some(name) => format!("did you mean {name}?"),
        None => format!("it has {}", names.join(", ")),
    };
    let place = if at.is_empty() { String::new() } else { format!("{at}: ") };
    PyTypeError::new_err(format!("{place}{} has no {key}; {hint}", schema.name))
}
