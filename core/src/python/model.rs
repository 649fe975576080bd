//! Methods that every model has in Python.
//!
//! The methods of a class are one line each. The shared implementation works on JSON, which every model converts to and from.

use super::input::{PyInput, Side, convert, kind};
use super::json::from_json;
use crate::call::convert_received;
use crate::spec::memory::ValueForm;
use crate::spec::{Schema, Type, locate};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyTuple};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Maximum length of an attribute in `repr`, in characters.
const SHOWN: usize = 80;
/// Approximate maximum length of a `repr`, in bytes.
const SCREEN: usize = 1_200;

/// Formats a model as `Name(field=value, …)`.
pub(crate) fn repr(name: &str, fields: &[(&str, Bound<'_, PyAny>)]) -> PyResult<String> {
    let mut out = format!("{name}(");
    let is_noise =
        |field: &str, value: &Bound<'_, PyAny>| field == EXTRA && value.is_empty().unwrap_or(false);
    let shown = fields.iter().filter(|(field, value)| !is_noise(field, value));
    for (i, (field, value)) in shown.enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        if out.len() > SCREEN {
            out.push('…');
            break;
        }
        let text = match value.cast::<PyList>() {
            Ok(list) if list.len() > 3 => format!("[… {} items]", list.len()),
            _ => value.repr()?.to_string(),
        };
        let text = if text.chars().count() > SHOWN {
            text.chars().take(SHOWN).chain("…".chars()).collect()
        } else {
            text
        };
        out.push_str(field);
        out.push('=');
        out.push_str(&text);
    }
    out.push(')');
    Ok(out)
}

/// Hashes a model by its name and JSON. Equal models have equal hashes. A flag value has the hash of the plain value, to which
/// it is equal.
pub(crate) fn hash(py: Python<'_>, schema: &Schema, json: &Value) -> PyResult<u64> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    if schema.is_flag_value {
        let known = |name: &&String| *name != VARIATION && schema.field(name).is_some();
        let members = json.as_object().into_iter().flatten();
        let mut plain =
            members.filter(|(name, value)| known(name) && !value.is_null()).map(|(_, value)| value);
        return Ok(from_json(py, plain.next_back().unwrap_or(&Value::Null))?.hash()?.cast_unsigned() as u64);
    }
    let mut hasher = DefaultHasher::new();
    schema.name.hash(&mut hasher);
    // Zero and minus zero are equal.
    json.to_string().replace("-0.0", "0.0").hash(&mut hasher);
    Ok(hasher.finish())
}

/// Returns the JSON of a model as a dictionary, with the names and the members that the options select.
pub(crate) fn to_dict<'py>(
    py: Python<'py>,
    schema: &'static Schema,
    json: &Value,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    static SELECT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let data = from_json(py, json)?;
    let Some(options) = options else { return Ok(data) };
    SELECT.import(py, "configcat_management._names", "select")?.call((data, schema.name), Some(options))
}

/// Builds a model from the output of `to_dict`.
pub(crate) fn from_dict<T: DeserializeOwned>(
    schema: &'static Schema,
    data: &Bound<'_, PyAny>,
) -> PyResult<T> {
    if !data.is_instance_of::<PyDict>() {
        let message = format!("{}.from_dict: expected a dict, not {}", schema.name, kind(data));
        return Err(PyTypeError::new_err(message));
    }
    decode(schema, &convert_received(PyInput::new(data.clone(), Side::Response), schema, schema)?)
}

/// Parses a model from a JSON string.
pub(crate) fn from_text<T: DeserializeOwned>(schema: &'static Schema, text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| {
        let problem = match locate::locate(text, &Type::Object(schema), ValueForm::Models, usize::MAX) {
            Some(problem) => problem.to_string(),
            None => error.to_string(),
        };
        PyValueError::new_err(format!("{}: {problem}", schema.name))
    })
}

fn decode<T: DeserializeOwned>(schema: &'static Schema, json: &Value) -> PyResult<T> {
    from_text(schema, &json.to_string())
}

/// Builds a model from its fields.
pub(crate) fn construct<T: DeserializeOwned>(
    schema: &'static Schema,
    fields: Option<&Bound<'_, PyDict>>,
) -> PyResult<T> {
    changed(schema, Map::new(), fields)
}

/// Returns a model with some fields changed.
pub(crate) fn replace<T: DeserializeOwned>(
    schema: &'static Schema,
    json: Value,
    changes: Option<&Bound<'_, PyDict>>,
) -> PyResult<T> {
    let Value::Object(fields) = json else { return construct(schema, changes) };
    changed(schema, fields, changes)
}

fn changed<T: DeserializeOwned>(
    schema: &'static Schema,
    mut fields: Map<String, Value>,
    changes: Option<&Bound<'_, PyDict>>,
) -> PyResult<T> {
    if let Some(changes) = changes {
        let changes = changes.copy()?;
        if let Some(extra) = changes.get_item(EXTRA)? {
            changes.del_item(EXTRA)?;
            replace_extra(schema, &mut fields, &extra)?;
        }
        let json = convert(changes.as_any(), &Type::Object(schema), "", Side::Response)?;
        if let Value::Object(json) = json {
            if schema.is_flag_value && json.keys().any(|key| key != VARIATION) {
                // A new value replaces the old one, even if their types differ.
                fields.retain(|key, _| key == VARIATION || schema.field(key).is_none());
            }
            fields.extend(json);
        }
    }
    let missing: Vec<&str> = schema
        .fields
        .iter()
        .filter(|f| f.required && !f.nullable && !fields.contains_key(f.wire))
        .map(|f| f.name)
        .collect();
    if missing.is_empty() {
        return decode(schema, &Value::Object(fields));
    }
    Err(PyTypeError::new_err(format!("{}: {} missing", schema.name, missing.join(", "))))
}

/// Replaces the members that the schema does not have.
fn replace_extra(
    schema: &'static Schema,
    fields: &mut Map<String, Value>,
    extra: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let Value::Object(extra) = convert(extra, &Type::Map(&Type::Any), EXTRA, Side::Response)? else {
        return Err(PyTypeError::new_err(format!("{EXTRA}: expected a dict, not {}", kind(extra))));
    };
    if let Some(name) = extra.keys().find(|name| schema.field(name).is_some()) {
        return Err(PyTypeError::new_err(format!("{EXTRA}: {name} is a field of {}", schema.name)));
    }
    fields.retain(|name, _| schema.field(name).is_some());
    fields.extend(extra);
    Ok(())
}

/// The attribute with the members that the schema does not have.
const EXTRA: &str = "extra";

const VARIATION: &str = "predefinedVariationId";

/// Returns how to rebuild the model, for `pickle` and `copy`.
pub(crate) fn reduce<'py>(
    model: &Bound<'py, PyAny>,
    json: &Value,
) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyAny>,))> {
    Ok((model.get_type().getattr("from_dict")?, (from_json(model.py(), json)?,)))
}

/// Returns the names of the attributes, in order.
pub(crate) fn match_args<'py>(py: Python<'py>, names: &[&str]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, names.iter().map(|name| name.trim_start_matches("r#")))
}

/// Defines the Python methods of a model.
macro_rules! model {
    ($name:ident, $schema:path { $($field:ident),* $(,)? } $($extra:ident)? $({ $($methods:tt)* })?) => {
        #[pyo3::pymethods]
        impl $name {
            $($($methods)*)?

            #[new]
            #[pyo3(signature = (**fields))]
            fn __new__(fields: Option<&pyo3::Bound<'_, pyo3::types::PyDict>>) -> pyo3::PyResult<Self> {
                crate::python::model::construct(&$schema, fields)
            }

            #[classattr]
            fn __match_args__(py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Bound<'_, pyo3::types::PyTuple>> {
                crate::python::model::match_args(py, &[$(stringify!($field)),*])
            }

            fn __repr__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<String> {
                use pyo3::IntoPyObjectExt as _;
                crate::python::model::repr(
                    stringify!($name),
                    &[
                        $((stringify!($field).trim_start_matches("r#"), self.$field.clone().into_bound_py_any(py)?),)*
                        $((stringify!($extra), self.$extra.clone().into_bound_py_any(py)?),)?
                    ],
                )
            }

            fn __hash__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<u64> {
                crate::python::model::hash(py, &$schema, &crate::python::json::json(self)?)
            }

            fn __reduce__<'py>(
                slf: &pyo3::Bound<'py, Self>,
            ) -> pyo3::PyResult<(pyo3::Bound<'py, pyo3::PyAny>, (pyo3::Bound<'py, pyo3::PyAny>,))> {
                crate::python::model::reduce(slf.as_any(), &crate::python::json::json(slf.get())?)
            }

            /// A copy with some attributes changed.
            #[pyo3(signature = (**changes))]
            fn __replace__(
                &self,
                changes: Option<&pyo3::Bound<'_, pyo3::types::PyDict>>,
            ) -> pyo3::PyResult<Self> {
                crate::python::model::replace(&$schema, crate::python::json::json(self)?, changes)
            }

            /// A copy with some attributes changed: what `copy.replace` does from Python 3.13 on.
            #[pyo3(signature = (**changes))]
            fn replace(
                &self,
                changes: Option<&pyo3::Bound<'_, pyo3::types::PyDict>>,
            ) -> pyo3::PyResult<Self> {
                self.__replace__(changes)
            }

            /// The object as the service wrote it: JSON names, or those of the attributes, lists and dictionaries.
            #[pyo3(signature = (**options), text_signature = "($self, *, names='json', only=None)")]
            fn to_dict<'py>(
                &self,
                py: pyo3::Python<'py>,
                options: Option<&pyo3::Bound<'py, pyo3::types::PyDict>>,
            ) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                crate::python::model::to_dict(py, &$schema, &crate::python::json::json(self)?, options)
            }

            /// The object as a JSON string, on one line, or indented by this many spaces.
            #[pyo3(signature = (*, indent = None))]
            fn to_json(&self, indent: Option<usize>) -> pyo3::PyResult<String> {
                crate::python::json::to_json(&crate::python::json::json(self)?, indent)
            }

            /// Builds a model from the output of `to_dict`.
            #[staticmethod]
            fn from_dict(data: &pyo3::Bound<'_, pyo3::PyAny>) -> pyo3::PyResult<Self> {
                crate::python::model::from_dict(&$schema, data)
            }

            /// Parses a model from a JSON string.
            #[staticmethod]
            fn from_json(text: &str) -> pyo3::PyResult<Self> {
                crate::python::model::from_text(&$schema, text)
            }
        }
    };
}

pub(crate) use model;
