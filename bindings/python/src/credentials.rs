//! Credentials that a Python function provides.

use crate::hooks::CallHooks;
use configcat_management::{Credentials, Error};
use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Credentials, or why there are none.
pub type Answer = Result<Credentials, Error>;

/// A call needs credentials.
pub struct Question {
    pub hooks: Arc<CallHooks>,
    pub reply: oneshot::Sender<Answer>,
}

impl Question {
    /// Calls the function on this thread. Exceptions fail the call; those that end a program, such as `KeyboardInterrupt`, are
    /// raised.
    pub fn answer(self) -> PyResult<()> {
        let answered = Python::try_attach(|py| {
            let returned = self.call(py);
            let fatal = match &returned {
                Err(error) if !error.is_instance_of::<PyException>(py) => Some(error.clone_ref(py)),
                _ => None,
            };
            // It fails if the call has timed out.
            let _ = self.reply.send(read(py, returned));
            fatal.map_or(Ok(()), Err)
        });
        answered.unwrap_or(Ok(()))
    }

    /// Calls the function, which may be a coroutine function, in the event loop of the call.
    pub fn answer_in_event_loop(self, py: Python<'_>) -> PyResult<()> {
        static ENSURE_FUTURE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        match self.call(py) {
            Ok(awaitable) if awaitable.hasattr(intern!(py, "__await__"))? => {
                let ensure_future = ENSURE_FUTURE.import(py, "asyncio", "ensure_future")?;
                let context = self.hooks.context.bind(py);
                let future = context.call_method1(intern!(py, "run"), (ensure_future, awaitable))?;
                let reply = Bound::new(py, Reply(Mutex::new(Some(self.reply))))?;
                future.call_method1(intern!(py, "add_done_callback"), (reply,)).map(drop)
            }
            returned => {
                let _ = self.reply.send(read(py, returned));
                Ok(())
            }
        }
    }

    fn call<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let function = self.hooks.credentials.as_ref();
        self.hooks.context.bind(py).call_method1(intern!(py, "run"), (function,))
    }
}

/// Receives the result of a coroutine.
#[pyclass(frozen, module = "configcat_management._native")]
struct Reply(Mutex<Option<oneshot::Sender<Answer>>>);

#[pymethods]
impl Reply {
    fn __call__(&self, future: &Bound<'_, PyAny>) {
        let reply = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let py = future.py();
        let returned = future.call_method0(intern!(py, "result"));
        if let Some(reply) = reply {
            let _ = reply.send(read(py, returned));
        }
    }
}

/// Reads what the function returned.
fn read(py: Python<'_>, returned: PyResult<Bound<'_, PyAny>>) -> Answer {
    let wrong = |message: String| Error::configuration(message);
    let name =
        |object: &Bound<'_, PyAny>| object.get_type().name().map_or_else(|_| "?".into(), |n| n.to_string());
    let returned = returned.map_err(|error| {
        let value = error.value(py);
        let text = value.str().map_or_else(|_| String::new(), |text| text.to_string());
        wrong(format!("{}: {text}", name(value.as_any())))
    })?;
    if let Ok(close) = returned.getattr(intern!(py, "close"))
        && returned.hasattr(intern!(py, "__await__")).unwrap_or(false)
    {
        // Otherwise Python warns that the coroutine was never awaited.
        let _ = close.call0();
        return Err(wrong("the function is a coroutine function: use AsyncClient".to_owned()));
    }
    let (username, password) = returned.extract::<(String, String)>().map_err(|_| {
        wrong(format!("the function must return (username, password), not {}", name(&returned)))
    })?;
    Credentials::new(username, password)
}
