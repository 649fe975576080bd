//! Runs the command line `configcat-management` in this process.

use pyo3::prelude::*;
use std::ffi::OsString;

/// Runs the command line, and returns its exit status. The first argument is the program's name.
#[pyfunction]
pub fn run_command_line(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| configcat_management_cli::run(arguments))
}
