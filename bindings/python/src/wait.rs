//! Waits for a call without holding the interpreter, and lets Ctrl-C end the wait.

use configcat_management::blocking;
use pyo3::prelude::*;
use std::future::Future;
use std::time::Duration;

/// How often the main thread looks for a pending Ctrl-C.
const SIGNALS: Duration = Duration::from_millis(20);

/// Runs a call to its end; when Python has an exception for us, the call is dropped and so cancelled.
pub fn wait<T: Send>(
    py: Python<'_>,
    call: impl Future<Output = configcat_management::Result<T>> + Send,
) -> PyResult<T> {
    let runtime = blocking::runtime().map_err(|e| crate::errors::raise(py, &e))?;
    let result = py.detach(|| {
        runtime.block_on(async {
            let mut call = std::pin::pin!(call);
            loop {
                tokio::select! {
                    biased;
                    result = &mut call => return Ok(result),
                    () = tokio::time::sleep(SIGNALS) => Python::attach(|py| py.check_signals())?,
                }
            }
        })
    });
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(crate::errors::raise(py, &error)),
        Err(interrupted) => Err(interrupted),
    }
}
