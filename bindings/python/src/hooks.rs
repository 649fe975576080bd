//! The observer and the credential provider of a client, as its calls use them.
//!
//! Only the client's Python object refers to them for long, so that the garbage collector finds cycles.

use crate::call::{PyCall, extra_headers};
use crate::events::{AttemptEvent, BeginEvent, Event};
use crate::logging::{self, Quiet};
use configcat_management::ExtraHeaders;
use configcat_management::call::{CallInput, Input};
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pyclass::PyClass;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Methods of an observer.
const METHODS: [&str; 5] = ["begin", "attempt", "wait", "outcome", "finished"];

/// The observer and the credential provider of a client.
#[derive(Default)]
pub struct Hooks {
    observer: Option<Py<PyAny>>,
    credentials: Option<Py<PyAny>>,
}

/// The hooks of one call, and the context (`contextvars`) in which they run.
pub struct CallHooks {
    observer: Option<Py<PyAny>>,
    pub credentials: Option<Py<PyAny>>,
    pub context: Py<PyAny>,
}

impl Hooks {
    /// Reads the options `observer` and `credentials`.
    pub fn new(options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (observer, credentials) = (options.get_item("observer")?, options.get_item("credentials")?);
        observer.as_ref().map_or(Ok(()), check_observer)?;
        if credentials.as_ref().is_some_and(|provider| !provider.is_callable()) {
            return Err(PyTypeError::new_err("credentials: must be a function that returns them"));
        }
        Ok(Self { observer: observer.map(Bound::unbind), credentials: credentials.map(Bound::unbind) })
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.observer)?;
        visit.call(&self.credentials)
    }

    pub fn again(&self, py: Python<'_>) -> Self {
        let copy = |object: &Option<Py<PyAny>>| object.as_ref().map(|object| object.clone_ref(py));
        Self { observer: copy(&self.observer), credentials: copy(&self.credentials) }
    }

    /// Prepares the hooks of a call, and lets the observer add headers to it. Returns `None` if it has none. A call that an
    /// observer or a log handler makes is not observed.
    pub fn begin(&self, py: Python<'_>, call: &mut PyCall) -> PyResult<Option<Arc<CallHooks>>> {
        let Some(hooks) = self.of_call(py)? else { return Ok(None) };
        let mut headers = hooks.begin(py, || begin_event(&call.input))?;
        headers.merge(&call.options.headers);
        call.options.headers = headers;
        Ok(Some(Arc::new(hooks)))
    }

    /// Prepares the hooks of the calls of a job. Returns `None` if it has none.
    pub fn job(&self, py: Python<'_>) -> PyResult<Option<Arc<JobHooks>>> {
        Ok(self.of_call(py)?.map(|hooks| Arc::new(JobHooks(hooks))))
    }

    fn of_call(&self, py: Python<'_>) -> PyResult<Option<CallHooks>> {
        static COPY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let Self { observer, credentials } = self.again(py);
        let observer = observer.filter(|_| !logging::is_quiet());
        if observer.is_none() && credentials.is_none() {
            return Ok(None);
        }
        let context = COPY.import(py, "contextvars", "copy_context")?.call0()?.unbind();
        Ok(Some(CallHooks { observer, credentials, context }))
    }
}

/// The hooks of a job, whose calls have a copy of its context each.
pub struct JobHooks(CallHooks);

/// A call of a job begins: its observer adds headers, where the job is waited for.
pub struct Beginning {
    hooks: Arc<JobHooks>,
    event: BeginEvent,
    reply: oneshot::Sender<(Arc<CallHooks>, ExtraHeaders)>,
}

impl Beginning {
    /// Returns the event, and where the headers arrive.
    pub fn new(
        hooks: &Arc<JobHooks>,
        input: &CallInput,
    ) -> (Self, oneshot::Receiver<(Arc<CallHooks>, ExtraHeaders)>) {
        let (reply, answer) = oneshot::channel();
        let operation = input.operation();
        let event = BeginEvent {
            operation: operation.id.to_owned(),
            method: operation.http.as_str().to_owned(),
            path_template: operation.path.to_owned(),
        };
        (Self { hooks: Arc::clone(hooks), event, reply }, answer)
    }

    /// Tells the observer, and sends the headers. They are not sent if an exception ends the program.
    pub fn answer(self) -> PyResult<()> {
        if self.reply.is_closed() {
            // The job was cancelled.
            return Ok(());
        }
        let answered = Python::try_attach(|py| {
            let copy = |object: &Option<Py<PyAny>>| object.as_ref().map(|object| object.clone_ref(py));
            let CallHooks { observer, credentials, context } = &self.hooks.0;
            let context = context.call_method0(py, intern!(py, "copy"))?;
            let hooks = CallHooks { observer: copy(observer), credentials: copy(credentials), context };
            let headers = hooks.begin(py, || self.event)?;
            // Nothing waits for it if the job was cancelled.
            let _ = self.reply.send((Arc::new(hooks), headers));
            Ok(())
        });
        answered.unwrap_or(Ok(()))
    }
}

/// An attempt is about to be sent: its observer adds headers, where the call is waited for.
pub struct Attempting {
    pub hooks: Arc<CallHooks>,
    pub event: AttemptEvent,
    pub made: oneshot::Sender<ExtraHeaders>,
}

impl Attempting {
    /// Tells the observer, and sends the headers. They are not sent if an exception ends the program.
    pub fn answer(self) -> PyResult<()> {
        let answered = Python::try_attach(|py| {
            let headers = self.hooks.headers(py, "attempt", || self.event)?;
            // Nothing waits for it if the call was cancelled.
            let _ = self.made.send(headers);
            Ok(())
        });
        answered.unwrap_or(Ok(()))
    }
}

/// Refuses what could not receive an event. The methods of a class need an object.
fn check_observer(observer: &Bound<'_, PyAny>) -> PyResult<()> {
    if let Ok(class) = observer.cast::<PyType>() {
        let name = class.name()?;
        return Err(PyTypeError::new_err(format!(
            "observer: must be an object, not the class {name}; pass {name}()"
        )));
    }
    let mut known = METHODS.into_iter().map(|name| observer.hasattr(name));
    if known.any(|found| found.unwrap_or(false)) {
        return Ok(());
    }
    let (methods, kind) = (METHODS.join(", "), observer.get_type().name()?);
    let message = format!("observer: must have at least one of the methods {methods}, unlike {kind}");
    Err(PyTypeError::new_err(message))
}

impl CallHooks {
    pub const fn is_observed(&self) -> bool {
        self.observer.is_some()
    }

    /// Tells the observer that a call begins. Returns the headers to send, over which those of the call take precedence.
    fn begin(&self, py: Python<'_>, event: impl FnOnce() -> BeginEvent) -> PyResult<ExtraHeaders> {
        self.headers(py, "begin", event)
    }

    /// Passes an event to a method of the observer that may return headers.
    fn headers<T: Into<PyClassInitializer<T>> + PyClass>(
        &self,
        py: Python<'_>,
        method: &'static str,
        event: impl FnOnce() -> T,
    ) -> PyResult<ExtraHeaders> {
        let event = || Py::new(py, event()).map(Py::into_any);
        let mut headers = ExtraHeaders::default();
        self.run(py, method, event, |returned| {
            if !returned.is_none() {
                headers = extra_headers(returned)?;
            }
            Ok(())
        })?;
        Ok(headers)
    }

    /// Passes an event to the observer.
    pub fn notify(&self, event: Event) -> PyResult<()> {
        let method = event.method();
        let notified = Python::try_attach(|py| self.run(py, method, || event.into_python(py), |_| Ok(())));
        notified.unwrap_or(Ok(()))
    }

    /// Calls a method of the observer, if it has it. Its exceptions are logged and ignored, except those that end a program, such as
    /// `KeyboardInterrupt`.
    fn run(
        &self,
        py: Python<'_>,
        name: &'static str,
        event: impl FnOnce() -> PyResult<Py<PyAny>>,
        then: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<()>,
    ) -> PyResult<()> {
        let Some(observer) = &self.observer else { return Ok(()) };
        let _quiet = Quiet::new();
        let called = (|| {
            let Some(method) = observer.bind(py).getattr_opt(name)? else { return Ok(()) };
            then(&self.context.bind(py).call_method1(intern!(py, "run"), (method, event()?))?)
        })();
        logging::ignore_exception(py, called, || format!("the method {name} of the observer failed"))
    }
}

fn begin_event(input: &Input) -> BeginEvent {
    let operation = input.id().into_owned();
    let (method, path_template) = match input {
        Input::Operation(input) => (input.operation().http.as_str(), input.operation().path),
        Input::Raw(_) => operation.split_once(' ').unwrap_or_default(),
    };
    BeginEvent { method: method.to_owned(), path_template: path_template.to_owned(), operation }
}
