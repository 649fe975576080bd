//! The value of a flag as it was read, which compares like the plain value.

use super::model;
use crate::models::FlagValue;
use pyo3::basic::CompareOp;
use pyo3::prelude::*;
use pyo3::types::PyNotImplemented;

model!(FlagValue, crate::schema::flag_values::FLAG_VALUE { value, predefined_variation_id } extra {
    /// Compares with another value by all attributes, and with a plain value by `value`. The order is that of `value`.
    fn __richcmp__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        op: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        let read = other.cast::<Self>().ok().map(Bound::get);
        if let (Some(read), CompareOp::Eq | CompareOp::Ne) = (read, op) {
            let equal = self == read;
            return Ok((equal == matches!(op, CompareOp::Eq)).into_pyobject(py)?.to_owned().into_any());
        }
        let Some(mine) = self.value.clone() else {
            return Ok(PyNotImplemented::get(py).to_owned().into_any());
        };
        let mine = mine.into_pyobject(py)?;
        match read {
            Some(read) => mine.rich_compare(read.value.clone().into_pyobject(py)?, op),
            None => mine.rich_compare(other, op),
        }
    }

    /// Whether `value` is true.
    fn __bool__(&self, py: Python<'_>) -> PyResult<bool> {
        self.value.clone().into_pyobject(py)?.is_truthy()
    }
});
