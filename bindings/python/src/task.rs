//! Calls for asyncio: a background task that notifies the event loop when it completes.

use crate::call::PyCall;
use crate::errors;
use crate::hooks::CallHooks;
use crate::job::JobOutcome;
use crate::logging;
use crate::outcome::CallOutcome;
use crate::relay::{Message, Relayed};
use crate::usage::RateLimit;
use configcat_management::{Client, Error, blocking};
use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// Result of a call, once it has completed.
type Slot = Arc<Mutex<Option<Result<TaskResult, Error>>>>;

/// Result of a successful call.
enum TaskResult {
    /// To be converted to a Python object by the event loop.
    Outcome(Box<CallOutcome>),
    /// A large result, which was converted on another thread.
    Object(PyResult<Py<PyAny>>),
    Job(Box<JobOutcome>),
    /// The next state of the rate limit; `None` after the last one.
    RateLimit(Option<RateLimit>),
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
            Some(Ok(TaskResult::Job(outcome))) => outcome.into_python(py),
            Some(Ok(TaskResult::RateLimit(state))) => {
                state.map_or_else(|| Ok(py.None()), |state| Ok(Py::new(py, state)?.into_any()))
            }
            Some(Err(error)) => Err(errors::raise(py, &error)),
            None => Err(PyRuntimeError::new_err("the call has not ended")),
        }
    }
}

/// What an event loop receives.
enum Delivery {
    /// The future of a completed call.
    Completed(Py<PyAny>),
    /// An event of a call, or its question for credentials.
    Message(Message),
}

/// The completed calls of one event loop, and what Python code does for calls in flight. One notification covers everything that
/// arrives before the loop handles it.
///
/// Only calls in flight own the inbox. Its futures keep their event loop alive, and a loop that was closed before it ran
/// `deliver` never takes them out: an inbox with a longer lifetime would leak the loop.
#[pyclass(frozen, weakref, module = "configcat_management._native")]
pub struct Inbox {
    arrived: Mutex<Vec<Delivery>>,
    /// A weak reference: the inbox itself does not keep the loop alive.
    event_loop: Py<PyAny>,
}

#[pymethods]
impl Inbox {
    #[new]
    fn new(event_loop: Py<PyAny>) -> Self {
        Self { arrived: Mutex::default(), event_loop }
    }

    // An abandoned call refers to its inbox, and the inbox refers to the call's future: a reference cycle.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Ok(arrived) = self.arrived.try_lock() {
            for delivery in arrived.iter() {
                if let Delivery::Completed(future) = delivery {
                    visit.call(future)?;
                }
            }
        }
        visit.call(&self.event_loop)
    }

    fn __clear__(&self) {
        drop(self.take());
    }

    /// Wakes the futures of the completed calls, and runs the Python code that others wait for. Runs in the event loop.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        let mut result = Ok(());
        for delivery in self.take() {
            // An exception such as `KeyboardInterrupt` is raised when all others have been delivered.
            result = result.and(delivery.deliver(py));
        }
        result
    }
}

impl Inbox {
    fn take(&self) -> Vec<Delivery> {
        std::mem::take(&mut *self.arrived.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Delivery {
    fn deliver(self, py: Python<'_>) -> PyResult<()> {
        match self {
            Self::Completed(future) => {
                let future = future.bind(py);
                if !future.call_method0(intern!(py, "done"))?.is_truthy()? {
                    future.call_method1(intern!(py, "set_result"), (py.None(),))?;
                }
                Ok(())
            }
            Self::Message(Message::Question(question)) => question.answer_in_event_loop(py),
            Self::Message(message) => message.deliver(),
        }
    }
}

/// Starts a call. When it completes, wakes `future` through `inbox`.
pub fn start(
    inbox: &Bound<'_, Inbox>,
    client: &Client,
    call: PyCall,
    whole: bool,
    hooks: Option<Arc<CallHooks>>,
    future: Py<PyAny>,
) -> PyResult<Task> {
    let client = client.clone();
    spawn(inbox, future, |inbox| async move {
        match of(&client, call, whole, hooks, &inbox).await {
            Ok(outcome) if outcome.is_large() => converted(outcome).await,
            other => other.map(|outcome| TaskResult::Outcome(Box::new(outcome))),
        }
    })
}

/// Starts a job. When it completes, wakes `future` through `inbox`.
pub fn start_job(
    inbox: &Bound<'_, Inbox>,
    job: impl Future<Output = Result<JobOutcome, Error>> + Send + 'static,
    future: Py<PyAny>,
) -> PyResult<Task> {
    spawn(inbox, future, |inbox| async move {
        relayed(Box::pin(job), None, inbox).await.map(|outcome| TaskResult::Job(Box::new(outcome)))
    })
}

/// Starts to wait for a state of the rate limit. When there is one, wakes `future` through `inbox`.
pub fn start_rate_limit(
    inbox: &Bound<'_, Inbox>,
    next: impl Future<Output = Result<Option<RateLimit>, Error>> + Send + 'static,
    future: Py<PyAny>,
) -> PyResult<Task> {
    spawn(inbox, future, |_| async move { next.await.map(TaskResult::RateLimit) })
}

/// Starts a task of the runtime.
fn spawn<F: Future<Output = Result<TaskResult, Error>> + Send + 'static>(
    inbox: &Bound<'_, Inbox>,
    future: Py<PyAny>,
    work: impl FnOnce(Arc<Py<Inbox>>) -> F,
) -> PyResult<Task> {
    let runtime = blocking::runtime().map_err(|e| errors::raise(inbox.py(), &e))?;
    let slot = Slot::default();
    let inbox = Arc::new(inbox.clone().unbind());
    let work = work(Arc::clone(&inbox));
    let running = runtime.spawn({
        let slot = Arc::clone(&slot);
        async move {
            let outcome = work.await;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            notify(&inbox, Delivery::Completed(future));
        }
    });
    Ok(Task { slot, running: running.abort_handle() })
}

/// Performs a call. Its events and its question for credentials go to the event loop.
async fn of(
    client: &Client,
    call: PyCall,
    whole: bool,
    hooks: Option<Arc<CallHooks>>,
    inbox: &Arc<Py<Inbox>>,
) -> Result<CallOutcome, Error> {
    if hooks.is_none() {
        return CallOutcome::of(client, call, whole).await;
    }
    let (client, inbox) = (client.clone(), Arc::clone(inbox));
    relayed(Box::pin(async move { CallOutcome::of(&client, call, whole).await }), hooks, inbox).await
}

/// Wraps a call whose messages go to the event loop.
fn relayed<F: Future>(call: Pin<Box<F>>, hooks: Option<Arc<CallHooks>>, inbox: Arc<Py<Inbox>>) -> Relayed<F> {
    Relayed::new(call, hooks, move |message| match message {
        Message::Log(message) => logging::enqueue(message),
        message => notify(&inbox, Delivery::Message(message)),
    })
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

/// Puts something into the inbox of an event loop. Notifies the loop unless an earlier notification is still pending.
fn notify(inbox: &Arc<Py<Inbox>>, delivery: Delivery) {
    let first = {
        let mut arrived = inbox.get().arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.push(delivery);
        arrived.len() == 1
    };
    // While the runtime shuts down, calls are dropped outside of it, and nothing waits for them.
    if !first || Handle::try_current().is_err() {
        return;
    }
    let inbox = Arc::clone(inbox);
    // Attaching to the interpreter may block, which the thread that serves the connections must not do.
    tokio::task::spawn_blocking(move || {
        let _ = Python::try_attach(|py| {
            let inbox = inbox.bind(py);
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
