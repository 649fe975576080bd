//! The native half of the Python package: takes calls by name and returns model objects. The two halves exchange no
//! JSON text.
//!
//! The Python half (`python/configcat_management`) has the names, the signatures and the documentation; this half has
//! the transport and the simulator. A call passes the operation's id and its arguments by name. [`call`] converts them
//! to the core's input according to the spec, and [`decode`] turns the response into the core's own types, which are
//! Python classes.

mod adapter;
mod call;
mod cassette;
mod changes;
mod client;
mod command_line;
mod credentials;
mod decode;
mod describe;
mod edit;
mod errors;
mod events;
#[path = "generated/decode.rs"]
mod generated_decode;
mod hooks;
mod job;
mod logging;
mod mirror;
mod outcome;
mod progress;
mod rate_limits;
mod relay;
mod simulator;
mod task;
mod usage;
mod wait;
mod webhook;

use configcat_management::python::Absent;
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use std::sync::OnceLock;

/// Responses are many small strings, allocated on one thread and freed on another: mimalloc handles this pattern well.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stops the thread that serves the connections, unless a thread still waits for a call. Runs when the interpreter exits.
#[pyfunction]
fn shutdown(py: Python<'_>) {
    py.detach(wait::shutdown);
}

/// Rejects a second interpreter in this process: classes and caches belong to the interpreter that created them.
fn check_interpreter(py: Python<'_>) -> PyResult<()> {
    static OWNER: OnceLock<usize> = OnceLock::new();
    // Each interpreter has its own `builtins` module throughout its lifetime.
    let builtins = py.import("builtins")?.as_ptr() as usize;
    if *OWNER.get_or_init(|| builtins) == builtins {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "configcat_management does not work in several interpreters of one process: use processes or threads",
    ))
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    check_interpreter(module.py())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("ABSENT", Bound::new(module.py(), Absent)?)?;
    module.add_class::<cassette::PyCassette>()?;
    module.add_class::<client::NativeClient>()?;
    events::register(module)?;
    module.add_class::<rate_limits::RateLimits>()?;
    module.add_class::<usage::RateLimit>()?;
    module.add_class::<usage::Usage>()?;
    module.add_class::<simulator::NativeSimulator>()?;
    module.add_class::<edit::EditSnapshot>()?;
    module.add_class::<changes::NativeDocument>()?;
    module.add_class::<changes::NativePlan>()?;
    module.add_class::<changes::NativeReport>()?;
    module.add_class::<job::Job>()?;
    module.add_class::<mirror::NativeMirror>()?;
    module.add_class::<task::Inbox>()?;
    module.add_class::<task::Task>()?;
    module.add_class::<wait::Interrupt>()?;
    module.add_class::<configcat_management::models::FlagValue>()?;
    module.add_function(wrap_pyfunction!(changes::least_wait, module)?)?;
    module.add_function(wrap_pyfunction!(command_line::run_command_line, module)?)?;
    module.add_function(wrap_pyfunction!(describe::attributes, module)?)?;
    module.add_function(wrap_pyfunction!(describe::describe, module)?)?;
    module.add_function(wrap_pyfunction!(describe::fields, module)?)?;
    module.add_function(wrap_pyfunction!(describe::diff, module)?)?;
    module.add_function(wrap_pyfunction!(describe::suggestions, module)?)?;
    module.add_function(wrap_pyfunction!(describe::wire, module)?)?;
    module.add_function(wrap_pyfunction!(shutdown, module)?)?;
    module.add_function(wrap_pyfunction!(simulator::run_simulator, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::webhook_problem, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::webhook_sign, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::webhook_signed_headers, module)?)?;
    configcat_management::python::register(module)?;
    // The Python modules define what is public.
    module.as_any().delattr("__all__")
}
