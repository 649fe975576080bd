//! Runs a simulator with a copy of a real product in this process.

use crate::changes::NativePlan;
use crate::errors;
use crate::job::{JobOutcome, from_dict};
use crate::simulator::{LAST_WAIT, configure, runtime, start_error};
use crate::task::{self, Inbox, Task};
use crate::wait::wait_for_job;
use configcat_management::Error;
use configcat_simulator::{Mirror, MirrorError};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// A simulator with a copy of a real product, and its own thread.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct NativeMirror {
    url: String,
    placeholders: Vec<String>,
    running: Mutex<Option<Running>>,
}

struct Running {
    mirror: Arc<Mirror>,
    runtime: Runtime,
    /// Id of the process that owns the thread: a child process after a fork does not have it.
    process: u32,
}

impl Running {
    fn stop(self) {
        if self.process != std::process::id() {
            std::mem::forget(self);
            return;
        }
        // If it is being compared, it stops when that has ended.
        if let Some(mirror) = Arc::into_inner(self.mirror) {
            self.runtime.block_on(mirror.stop());
        }
        self.runtime.shutdown_timeout(LAST_WAIT);
    }
}

/// Work on the thread of a simulator, which is cancelled when this is dropped.
struct Working<T>(JoinHandle<T>);

impl<T> Drop for Working<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn raise(py: Python<'_>, error: &MirrorError) -> PyErr {
    match error {
        MirrorError::Call(error) => errors::raise(py, error),
        MirrorError::Start(error) => start_error(error),
        other => PyValueError::new_err(other.to_string()),
    }
}

#[pymethods]
impl NativeMirror {
    /// Starts a simulator with the seed of a product, and with options by name.
    #[new]
    fn new(py: Python<'_>, seed: &str, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (builder, owner) = configure(options)?;
        let seed = serde_json::from_str(seed).map_err(|error| PyValueError::new_err(error.to_string()))?;
        py.detach(|| {
            let runtime = runtime()?;
            let start = Mirror::start(seed, builder, (&owner.username, &owner.password));
            let mirror = runtime.block_on(start)?;
            let (url, placeholders) = (mirror.simulator().url(), mirror.placeholders());
            let running = Running { mirror: Arc::new(mirror), runtime, process: std::process::id() };
            Ok(Self { url, placeholders, running: Mutex::new(Some(running)) })
        })
        .map_err(|error: MirrorError| raise(py, &error))
    }

    /// Base URL of the simulator.
    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    /// Secrets that cannot be read, for which the copy has placeholders.
    #[getter]
    fn placeholders(&self) -> Vec<String> {
        self.placeholders.clone()
    }

    /// Returns what has been changed since the product was copied, as a plan.
    fn changes(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<NativePlan> {
        match wait_for_job(py, self.job(options)?)? {
            JobOutcome::Plan(plan) => Ok(plan.into()),
            _ => Err(PyRuntimeError::new_err("the mirror has returned something else than a plan")),
        }
    }

    /// Starts to find out what has been changed. When it is known, wakes `future` through `inbox`.
    fn start_changes(
        &self,
        inbox: &Bound<'_, Inbox>,
        future: Py<PyAny>,
        options: &Bound<'_, PyAny>,
    ) -> PyResult<Task> {
        task::start_job(inbox, self.job(options)?, future)
    }

    /// Stops the simulator.
    fn stop(&self, py: Python<'_>) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| running.map(Running::stop));
    }
}

impl NativeMirror {
    fn job(
        &self,
        options: &Bound<'_, PyAny>,
    ) -> PyResult<impl Future<Output = Result<JobOutcome, Error>> + Send + 'static> {
        let options = from_dict(options)?;
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let here = running.as_ref().filter(|running| running.process == std::process::id());
        let Some(Running { mirror, runtime, .. }) = here else {
            return Err(PyRuntimeError::new_err("the mirror is closed"));
        };
        let mirror = Arc::clone(mirror);
        let mut working = Working(runtime.spawn(async move { mirror.changes_with(options).await }));
        Ok(async move {
            match (&mut working.0).await {
                Ok(Ok(plan)) => Ok(JobOutcome::Plan(plan)),
                Ok(Err(MirrorError::Call(error))) => Err(error),
                Ok(Err(other)) => Err(Error::configuration(other.to_string())),
                Err(_) => Err(Error::cancelled("the mirror was closed")),
            }
        })
    }
}

impl Drop for NativeMirror {
    fn drop(&mut self) {
        if let Some(running) = self.running.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            Python::attach(|py| py.detach(|| running.stop()));
        }
    }
}
