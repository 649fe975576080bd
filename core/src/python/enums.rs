//! Enums as members of their Python classes.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Converts an enum to a member of its Python class, or to an `UnknownValue` if the class does not know it.
macro_rules! enumeration {
    ($name:ident) => {
        impl<'py> pyo3::IntoPyObject<'py> for $name {
            type Target = pyo3::PyAny;
            type Output = pyo3::Bound<'py, pyo3::PyAny>;
            type Error = pyo3::PyErr;

            fn into_pyobject(self, py: pyo3::Python<'py>) -> pyo3::PyResult<Self::Output> {
                static CLASS: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::PyAny>> = pyo3::sync::PyOnceLock::new();
                crate::python::enums::member(
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

pub(crate) use enumeration;

static UNKNOWN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

fn unknown_class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    UNKNOWN.import(py, "configcat_management._types", "UnknownValue")
}

/// Whether a string is an `UnknownValue`: a value that this version does not know.
pub(crate) fn is_unknown(value: &Bound<'_, pyo3::types::PyString>) -> PyResult<bool> {
    value.is_instance(unknown_class(value.py())?)
}

/// Returns a member of a Python enum.
pub(crate) fn member<'py>(
    py: Python<'py>,
    class: &'static PyOnceLock<Py<PyAny>>,
    name: &str,
    text: &str,
    unknown: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if unknown {
        return unknown_class(py)?.call1((text,));
    }
    let class = class.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        Ok(py.import("configcat_management._generated.enums")?.getattr(name)?.unbind())
    })?;
    class.bind(py).call1((text,))
}
