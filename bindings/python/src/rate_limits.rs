//! The rate limit of a client as it changes.

use crate::task::{self, Inbox, Task};
use crate::usage::RateLimit;
use crate::wait::wait_for_job;
use configcat_management::{Client, Error};
use futures_util::{Stream, StreamExt as _};
use pyo3::prelude::*;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Mutex;

/// States of a rate limit: an iterator. It does not keep the client open.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct RateLimits {
    states: Arc<Mutex<Pin<Box<dyn Stream<Item = configcat_management::RateLimit> + Send>>>>,
    /// Process whose client changes: a child process after a fork has a client of its own.
    process: u32,
}

impl RateLimits {
    pub fn of(client: &Client) -> Self {
        // Iterators may be asked again after their end.
        let states = client.rate_limits().fuse();
        Self { states: Arc::new(Mutex::new(Box::pin(states))), process: std::process::id() }
    }

    /// Waits for the next state; `None` is the end.
    fn next(&self) -> impl Future<Output = Result<Option<RateLimit>, Error>> + Send + 'static {
        let states = (self.process == std::process::id()).then(|| Arc::clone(&self.states));
        async move {
            let Some(states) = states else { return Ok(None) };
            Ok(states.lock().await.next().await.map(Into::into))
        }
    }
}

#[pymethods]
impl RateLimits {
    const fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<RateLimit>> {
        wait_for_job(py, self.next())
    }

    /// Starts to wait for the next state, whose end is `None`. When there is one, wakes `future` through `inbox`.
    fn start(&self, inbox: &Bound<'_, Inbox>, future: Py<PyAny>) -> PyResult<Task> {
        task::start_rate_limit(inbox, self.next(), future)
    }
}
