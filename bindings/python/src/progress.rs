//! Reports of the progress of a job.

use pyo3::prelude::*;
use pyo3::types::PyBool;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Progress of a job, for the function that wants to know it.
pub struct JobProgress {
    pub function: Arc<Py<PyAny>>,
    pub completed: usize,
    pub total: usize,
    /// Tells the job that it may go on.
    pub reported: oneshot::Sender<()>,
}

impl JobProgress {
    /// Calls the function on this thread. The job goes on, unless the function raises an exception or returns `False`.
    pub fn report(self) -> PyResult<()> {
        let reported = Python::try_attach(|py| {
            let returned = self.function.call1(py, (self.completed, self.total))?;
            if !returned.bind(py).is(PyBool::new(py, false)) {
                // Nothing waits for it after the last request.
                let _ = self.reported.send(());
            }
            Ok(())
        });
        reported.unwrap_or(Ok(()))
    }
}
