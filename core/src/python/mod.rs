//! What the models are in Python: classes with attributes, enums, plain identifiers, `datetime`.
//!
//! Stands here and not in the Python crate because a trait can only be given to a type where one of both lives.

mod convert;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use serde_json::Value;

pub use crate::generated::python::register;

/// `repr` shows no more than this many characters of a list or a long text.
const SHOWN: usize = 120;

/// `Name(field=value, …)`.
pub(crate) fn repr(name: &str, fields: &[(&str, Bound<'_, PyAny>)]) -> PyResult<String> {
    let mut out = format!("{name}(");
    for (i, (field, value)) in fields.iter().enumerate() {
        let text = match value.cast::<PyList>() {
            Ok(list) if list.len() > 3 => format!("[… {} items]", list.len()),
            _ => value.repr()?.to_string(),
        };
        let text = if text.chars().count() > SHOWN {
            text.chars().take(SHOWN).chain("…".chars()).collect()
        } else {
            text
        };
        out.push_str(if i == 0 { "" } else { ", " });
        out.push_str(field);
        out.push('=');
        out.push_str(&text);
    }
    out.push(')');
    Ok(out)
}

/// JSON as Python objects.
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

/// A model as the service wrote it.
pub(crate) fn to_dict<'py, T: serde::Serialize>(py: Python<'py>, model: &T) -> PyResult<Bound<'py, PyAny>> {
    let json =
        serde_json::to_value(model).map_err(|e| pyo3::exceptions::PyValueError::new_err(e.to_string()))?;
    from_json(py, &json)
}

/// Gives a model its methods.
macro_rules! model {
    ($name:ident { $($field:ident),* $(,)? }) => {
        #[pyo3::pymethods]
        impl $name {
            fn __repr__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<String> {
                use pyo3::IntoPyObjectExt as _;
                crate::python::repr(
                    stringify!($name),
                    &[$((stringify!($field).trim_start_matches("r#"), self.$field.clone().into_bound_py_any(py)?)),*],
                )
            }

            /// The object as the service wrote it: JSON names, lists and dictionaries.
            fn to_dict<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                crate::python::to_dict(py, self)
            }
        }
    };
}

/// Makes an enum a member of its Python class, or a plain text where the class does not know it.
macro_rules! enumeration {
    ($name:ident) => {
        impl<'py> pyo3::IntoPyObject<'py> for $name {
            type Target = pyo3::PyAny;
            type Output = pyo3::Bound<'py, pyo3::PyAny>;
            type Error = pyo3::PyErr;

            fn into_pyobject(self, py: pyo3::Python<'py>) -> pyo3::PyResult<Self::Output> {
                static CLASS: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::PyAny>> = pyo3::sync::PyOnceLock::new();
                crate::python::member(
                    py,
                    &CLASS,
                    stringify!($name),
                    self.as_str(),
                    matches!(self, Self::Unknown(_)),
                )
            }
        }
    };
}

/// Makes an identifier what it is on the wire.
macro_rules! id {
    ($name:ident, $repr:ty) => {
        impl<'py> pyo3::IntoPyObject<'py> for $name {
            type Target = pyo3::PyAny;
            type Output = pyo3::Bound<'py, pyo3::PyAny>;
            type Error = pyo3::PyErr;

            fn into_pyobject(self, py: pyo3::Python<'py>) -> pyo3::PyResult<Self::Output> {
                use pyo3::IntoPyObjectExt as _;
                crate::python::Plain::<$repr>::plain(&self).into_bound_py_any(py)
            }
        }
    };
}

pub(crate) use {enumeration, id, model};

/// The text or number behind an identifier.
pub(crate) trait Plain<T> {
    fn plain(&self) -> T;
}

impl<I: std::fmt::Display> Plain<String> for I {
    fn plain(&self) -> String {
        self.to_string()
    }
}

macro_rules! plain_number {
    ($($repr:ty),*) => {
        $(
            impl<I: Copy + Into<$repr>> Plain<$repr> for I {
                fn plain(&self) -> $repr {
                    (*self).into()
                }
            }
        )*
    };
}

plain_number!(i32, i64);

/// A member of a Python enum.
pub(crate) fn member<'py>(
    py: Python<'py>,
    class: &'static pyo3::sync::PyOnceLock<Py<PyAny>>,
    name: &str,
    text: &str,
    unknown: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if unknown {
        return Ok(PyString::new(py, text).into_any());
    }
    let class = class.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        Ok(py.import("configcat_management._generated.enums")?.getattr(name)?.unbind())
    })?;
    class.bind(py).call1((text,))
}

model!(FlagValue { value, predefined_variation_id });
use crate::value::FlagValue;
