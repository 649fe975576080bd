//! The rules of edits.

use crate::errors;
use configcat_management::edit::Snapshot;
use configcat_management::models::JsonPatch;
use configcat_management::python::{Side, convert, from_json};
use configcat_management::spec::Type;
use configcat_management::{Error, find_edit, unknown_edit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::Value;

/// A state that was read, as the draft that it can be changed to.
#[pyclass(frozen)]
pub struct EditSnapshot(Snapshot);

#[pymethods]
impl EditSnapshot {
    /// `edit` is the name of an edit, such as `flag_values.edit`; `state` is the state in its wire form.
    #[new]
    fn new(edit: &str, state: &Bound<'_, PyAny>) -> PyResult<Self> {
        let edit = find_edit(edit).ok_or_else(|| errors::raise(state.py(), &unknown_edit(edit)))?;
        let json = plain(state)?.to_string();
        edit.snapshot(json.as_bytes()).map(Self).map_err(|e| PyValueError::new_err(e.to_string()))
    }

    /// The draft in its wire form.
    #[getter]
    fn draft<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_json(py, self.0.draft())
    }

    /// The version that changes apply to, for resources with versions.
    #[getter]
    fn version(&self) -> Option<&str> {
        self.0.version()
    }

    /// Returns the patch that changes the state to a draft.
    fn changes<'py>(&self, draft: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let json = self
            .0
            .changes(&plain(draft)?)
            .and_then(|patch| serde_json::to_value(patch).map_err(|e| Error::bad_request(e.to_string())));
        from_json(draft.py(), &json.map_err(|e| PyValueError::new_err(e.to_string()))?)
    }

    /// Returns a draft of a boolean flag that is turned on, or off.
    fn turned<'py>(&self, draft: &Bound<'py, PyAny>, on: bool) -> PyResult<Bound<'py, PyAny>> {
        changed(draft.py(), self.0.turned(plain(draft)?, on))
    }

    /// Returns a draft of a boolean flag that serves true to a percentage of the users.
    fn with_percentage<'py>(
        &self,
        draft: &Bound<'py, PyAny>,
        percentage: i32,
    ) -> PyResult<Bound<'py, PyAny>> {
        changed(draft.py(), self.0.with_percentage(plain(draft)?, percentage))
    }

    /// Whether a patch of this state may be applied to a newer one.
    fn may_rebase(&self, patch: &Bound<'_, PyAny>, newer: &Self) -> PyResult<bool> {
        let patch: JsonPatch =
            serde_json::from_value(plain(patch)?).map_err(|e| PyValueError::new_err(e.to_string()))?;
        Ok(self.0.may_rebase(&patch, &newer.0))
    }
}

fn changed(py: Python<'_>, draft: Result<Value, Error>) -> PyResult<Bound<'_, PyAny>> {
    from_json(py, &draft.map_err(|error| errors::raise(py, &error))?)
}

fn plain(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    convert(value, &Type::Any, "", Side::Response)
}
