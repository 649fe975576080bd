//! Converts the hand-written types to Python.

use super::json::from_json;
use crate::Timestamp;
use crate::models::{Extra, SettingValue};
use pyo3::IntoPyObjectExt as _;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict, PyTzInfo};

const MICROS: i64 = 1_000_000;

impl<'py> IntoPyObject<'py> for Timestamp {
    type Target = PyDateTime;
    type Output = Bound<'py, PyDateTime>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let micros = self.unix_micros();
        let utc = PyTzInfo::utc(py)?.to_owned();
        // From whole seconds, because a float of current Unix seconds cannot hold all six fraction digits.
        #[allow(clippy::cast_precision_loss, reason = "whole seconds fit")]
        let whole = PyDateTime::from_timestamp(py, micros.div_euclid(MICROS) as f64, Some(&utc))?;
        let kwargs = PyDict::new(py);
        kwargs.set_item(intern!(py, "microsecond"), micros.rem_euclid(MICROS))?;
        Ok(whole.call_method(intern!(py, "replace"), (), Some(&kwargs))?.cast_into::<PyDateTime>()?)
    }
}

impl<'py> IntoPyObject<'py> for SettingValue {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Boolean(v) => v.into_bound_py_any(py),
            Self::String(v) => v.into_bound_py_any(py),
            Self::Int(v) => v.into_bound_py_any(py),
            Self::Double(v) => v.into_bound_py_any(py),
        }
    }
}

impl<'py> IntoPyObject<'py> for Extra {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let members = PyDict::new(py);
        for (name, value) in self.iter() {
            members.set_item(name, from_json(py, value)?)?;
        }
        Ok(members)
    }
}
