//! Runs the simulator in this process.

use configcat_simulator::seed::Seed;
use configcat_simulator::{RateLimit, ResetFormat, Simulator, command_line};
use pyo3::exceptions::{PyKeyError, PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;

/// Maximum time for shutting down the runtime after the simulator has stopped.
pub const LAST_WAIT: Duration = Duration::from_millis(200);

/// A simulator with its own thread.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct NativeSimulator {
    url: String,
    running: Mutex<Option<Running>>,
}

struct Running {
    simulator: Simulator,
    runtime: Runtime,
    /// Id of the process that owns the thread: a child process after a fork does not have it.
    process: u32,
}

impl Running {
    fn stop(self) {
        if self.process == std::process::id() {
            self.runtime.block_on(self.simulator.stop());
            self.runtime.shutdown_timeout(LAST_WAIT);
        } else {
            std::mem::forget(self);
        }
    }
}

#[pymethods]
impl NativeSimulator {
    /// Starts a simulator with options by name.
    #[new]
    fn new(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (builder, credentials) = configure(options)?;
        let builder = builder.credentials(credentials.username, credentials.password);
        py.detach(|| {
            let runtime = runtime()?;
            let simulator = runtime.block_on(builder.start())?;
            let url = simulator.url();
            let running = Running { simulator, runtime, process: std::process::id() };
            Ok(Self { url, running: Mutex::new(Some(running)) })
        })
        .map_err(|error: io::Error| start_error(&error))
    }

    /// Base URL of the simulator.
    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    /// Stops the simulator.
    fn stop(&self, py: Python<'_>) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| running.map(Running::stop));
    }
}

impl Drop for NativeSimulator {
    fn drop(&mut self) {
        if let Some(running) = self.running.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            Python::attach(|py| py.detach(|| running.stop()));
        }
    }
}

/// Starts the thread of a simulator.
pub fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("configcat-simulator")
        .enable_all()
        .build()
}

/// Converts the error of a simulator that cannot be started.
pub fn start_error(error: &io::Error) -> PyErr {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => PyValueError::new_err(error.to_string()),
        _ => PyOSError::new_err(error.to_string()),
    }
}

/// User name and password of the owner.
pub struct Owner {
    pub username: String,
    pub password: String,
}

/// Converts options by name.
pub fn configure(options: &Bound<'_, PyDict>) -> PyResult<(configcat_simulator::Builder, Owner)> {
    let mut builder = Simulator::builder();
    let (mut username, mut password) = ("simulator".to_owned(), "simulator".to_owned());
    for (name, value) in options {
        let name: String = name.extract()?;
        let string = || value.extract::<String>();
        // A seed that is a dictionary comes as its JSON.
        let shown = name.trim_end_matches("_json");
        let parsed = |problem: String| PyValueError::new_err(format!("{shown}: {problem}"));
        builder = match name.as_str() {
            "username" => {
                username = string()?;
                builder
            }
            "password" => {
                password = string()?;
                builder
            }
            "port" => builder.port(value.extract()?),
            "rate_limit" => {
                builder.rate_limit(string()?.parse::<RateLimit>().map_err(|e| parsed(e.to_string()))?)
            }
            "rate_limit_reset" => {
                builder.rate_limit_reset(string()?.parse::<ResetFormat>().map_err(|e| parsed(e.to_string()))?)
            }
            "seed" => builder.seed(command_line::seed(&string()?).map_err(parsed)?),
            "seed_json" => builder.seed(Seed::from_json(&string()?).map_err(|e| parsed(e.to_string()))?),
            "state" => builder.state_dir(string()?),
            "journal" => builder.journal(value.extract()?),
            "webhooks_anywhere" => builder.webhooks_anywhere(value.extract()?),
            _ => return Err(PyKeyError::new_err(name)),
        };
    }
    Ok((builder, Owner { username, password }))
}

/// Runs the simulator's command line with these arguments until a signal ends it. Returns the exit status.
#[pyfunction]
pub fn run_simulator(py: Python<'_>, arguments: Vec<String>) -> PyResult<u8> {
    py.detach(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(runtime.block_on(command_line::run(arguments)))
    })
    .map_err(|error: io::Error| PyRuntimeError::new_err(error.to_string()))
}
