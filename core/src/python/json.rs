//! Converts JSON to Python objects and to strings.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use serde::Serialize;
use serde_json::Value;

/// Converts JSON to Python objects.
///
/// # Errors
/// If Python cannot allocate memory.
pub fn from_json<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(v) => v.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(v) => match (v.as_i64(), v.as_u64(), v.as_f64()) {
            (Some(n), _, _) => n.into_pyobject(py)?.into_any(),
            (_, Some(n), _) => n.into_pyobject(py)?.into_any(),
            (_, _, n) => n.into_pyobject(py)?.into_any(),
        },
        Value::String(v) => PyString::new(py, v).into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(from_json(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(map) => {
            let dict = PyDict::new(py);
            for (key, item) in map {
                dict.set_item(key, from_json(py, item)?)?;
            }
            dict.into_any()
        }
    })
}

/// Serializes a model to JSON.
pub(crate) fn json<T: Serialize>(model: &T) -> PyResult<Value> {
    serde_json::to_value(model).map_err(|e| PyValueError::new_err(e.to_string()))
}

/// Formats JSON on one line, or indented by `indent` spaces, at most 16.
pub(crate) fn to_json(json: &Value, indent: Option<usize>) -> PyResult<String> {
    let Some(indent) = indent else { return Ok(json.to_string()) };
    let pad = vec![b' '; indent.min(16)];
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(&pad);
    let mut writer = serde_json::Serializer::with_formatter(&mut out, formatter);
    json.serialize(&mut writer).map_err(|e| PyValueError::new_err(e.to_string()))?;
    String::from_utf8(out).map_err(|e| PyValueError::new_err(e.to_string()))
}
