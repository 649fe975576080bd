//! Calls for asyncio: a background task that notifies the event loop when it completes.

use crate::call::PyCall;
use crate::errors;
use crate::outcome::CallOutcome;
use configcat_management::{Client, Error, blocking};
use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::AbortHandle;

/// Result of a call, once it has completed.
type Slot = Arc<Mutex<Option<Result<TaskResult, Error>>>>;

/// Result of a successful call.
enum TaskResult {
    /// To be converted to a Python object by the event loop.
    Outcome(Box<CallOutcome>),
    /// A large result, which was converted on another thread.
    Object(PyResult<Py<PyAny>>),
}

/// A call in flight.
#[pyclass(frozen, module = "configcat_management._native")]
pub struct Task {
    slot: Slot,
    running: AbortHandle,
}

#[pymethods]
impl Task {
    /// Cancels the call. A request that has not been sent yet is not sent.
    fn cancel(&self) {
        self.running.abort();
    }

    /// Returns the result once; only valid after the call's future has been woken.
    fn result(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self.slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(Ok(TaskResult::Outcome(outcome))) => outcome.into_python(py),
            Some(Ok(TaskResult::Object(object))) => object,
            Some(Err(error)) => Err(errors::raise(py, &error)),
            None => Err(PyRuntimeError::new_err("the call has not ended")),
        }
    }
}

/// The completed calls of one event loop. One notification covers all calls that complete before the loop handles it.
///
/// Only calls in flight own the inbox. Its futures keep their event loop alive, and a loop that was closed before it ran
/// `deliver` never takes them out: an inbox with a longer lifetime would leak the loop.
#[pyclass(frozen, weakref, module = "configcat_management._native")]
pub struct Inbox {
    ended: Mutex<Vec<Py<PyAny>>>,
    /// A weak reference: the inbox itself does not keep the loop alive.
    event_loop: Py<PyAny>,
}

#[pymethods]
impl Inbox {
    #[new]
    fn new(event_loop: Py<PyAny>) -> Self {
        Self { ended: Mutex::default(), event_loop }
    }

    // An abandoned call refers to its inbox, and the inbox refers to the call's future: a reference cycle.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Ok(ended) = self.ended.try_lock() {
            for future in ended.iter() {
                visit.call(future)?;
            }
        }
        visit.call(&self.event_loop)
    }

    fn __clear__(&self) {
        drop(std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner)));
    }

    /// Wakes the futures of the completed calls. Runs in the event loop.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        let ended = std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner));
        for future in ended {
            let future = future.bind(py);
            if !future.call_method0(intern!(py, "done"))?.is_truthy()? {
                future.call_method1(intern!(py, "set_result"), (py.None(),))?;
            }
        }
        Ok(())
    }
}

/// Starts a call. When it completes, wakes `future` through `inbox`.
pub fn start(
    inbox: &Bound<'_, Inbox>,
    client: &Client,
    call: PyCall,
    whole: bool,
    future: Py<PyAny>,
) -> PyResult<Task> {
    let py = inbox.py();
    let runtime = blocking::runtime().map_err(|e| errors::raise(py, &e))?;
    let slot = Slot::default();
    let inbox = inbox.clone().unbind();
    let client = client.clone();
    let running = runtime.spawn({
        let slot = Arc::clone(&slot);
        async move {
            let outcome = match CallOutcome::of(&client, call, whole).await {
                Ok(outcome) if outcome.is_large() => converted(outcome).await,
                other => other.map(|outcome| TaskResult::Outcome(Box::new(outcome))),
            };
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            notify(inbox, future);
        }
    });
    Ok(Task { slot, running: running.abort_handle() })
}

/// Converts a large result on a thread of its own.
async fn converted(outcome: CallOutcome) -> Result<TaskResult, Error> {
    let convert = || Python::try_attach(|py| outcome.into_python(py));
    match tokio::task::spawn_blocking(convert).await {
        Ok(Some(object)) => Ok(TaskResult::Object(object)),
        // The interpreter or the runtime shuts down.
        Ok(None) | Err(_) => Err(Error::cancelled("the interpreter shuts down")),
    }
}

/// Puts a future into the inbox of its event loop. Notifies the loop unless an earlier notification is still pending.
fn notify(inbox: Py<Inbox>, future: Py<PyAny>) {
    let first = {
        let mut ended = inbox.get().ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.push(future);
        ended.len() == 1
    };
    if !first {
        return;
    }
    // Attaching to the interpreter may block, which the thread that serves the connections must not do.
    tokio::task::spawn_blocking(move || {
        let _ = Python::try_attach(|py| {
            let inbox = inbox.into_bound(py);
            let event_loop = inbox.get().event_loop.call0(py)?;
            if !event_loop.is_none(py) {
                // A closed loop raises an error and needs no notification.
                let _ = event_loop.call_method1(
                    py,
                    intern!(py, "call_soon_threadsafe"),
                    (inbox.getattr(intern!(py, "deliver"))?,),
                );
            }
            PyResult::Ok(())
        });
    });
}
