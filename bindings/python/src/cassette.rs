//! Cassettes: files with the requests and responses of a client.

use configcat_management::{Cassette, CassetteMode};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::path::PathBuf;

/// A file with the requests and responses of a client.
#[pyclass(frozen, name = "Cassette", module = "configcat_management.testing")]
pub struct PyCassette(pub Cassette);

#[pymethods]
impl PyCassette {
    #[new]
    #[pyo3(signature = (path, mode = "auto"))]
    fn new(path: PathBuf, mode: &str) -> PyResult<Self> {
        let mode = match mode {
            "auto" => CassetteMode::Auto,
            "record" => CassetteMode::Record,
            "replay" => CassetteMode::Replay,
            _ => {
                let message = format!("mode: must be 'auto', 'record' or 'replay', not {mode:?}");
                return Err(PyValueError::new_err(message));
            }
        };
        Ok(Self(Cassette::new(path, mode)))
    }

    /// The file.
    #[getter]
    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    fn __repr__(&self) -> String {
        format!("<Cassette {}>", self.0.path().display())
    }
}
