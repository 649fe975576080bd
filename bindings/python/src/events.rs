//! Events of a call, as Python objects.

use configcat_management::observer::{Attempt, Finished, Outcome, Wait};
use pyo3::prelude::*;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Defines the class of an event, with `__repr__`.
macro_rules! event {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[pyclass(frozen, get_all, module = "configcat_management.observer")]
        pub struct $name {
            $(pub(crate) $field: $type,)*
        }

        #[pymethods]
        impl $name {
            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                let mut fields = Vec::new();
                $(fields.push(format!("{}={}", stringify!($field), slf.getattr(stringify!($field))?.repr()?));)*
                Ok(format!("{}({})", stringify!($name), fields.join(", ")))
            }
        }
    };
}

event! {
    /// A call is about to begin.
    BeginEvent {
        operation: String,
        method: String,
        path_template: String,
    }
}

event! {
    /// A request is about to be sent.
    AttemptEvent {
        call: u64,
        operation: String,
        method: &'static str,
        path_template: String,
        time: f64,
        attempt: u32,
        server_address: String,
        server_port: u16,
    }
}

event! {
    /// A call is about to wait.
    WaitEvent {
        call: u64,
        operation: String,
        method: &'static str,
        path_template: String,
        time: f64,
        attempt: u32,
        reason: &'static str,
        expected: f64,
    }
}

event! {
    /// An attempt has ended.
    OutcomeEvent {
        call: u64,
        operation: String,
        method: &'static str,
        path_template: String,
        time: f64,
        attempt: u32,
        status: Option<u16>,
        error: Option<&'static str>,
        will_retry: bool,
        elapsed: f64,
        request_bytes: u64,
        response_bytes: u64,
    }
}

event! {
    /// A call has ended.
    FinishedEvent {
        call: u64,
        operation: String,
        method: &'static str,
        path_template: String,
        time: f64,
        attempts: u32,
        status: Option<u16>,
        error: Option<&'static str>,
        elapsed: f64,
        waited: f64,
        backoff: f64,
        remaining: Option<u64>,
    }
}

/// An event of a call, but for those that add headers to it.
pub enum Event {
    Wait(WaitEvent),
    Outcome(OutcomeEvent),
    Finished(FinishedEvent),
}

/// The time of day: events are delivered later than they happen.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs_f64()
}

impl Event {
    /// Name of the observer's method that receives the event.
    pub const fn method(&self) -> &'static str {
        match self {
            Self::Wait(_) => "wait",
            Self::Outcome(_) => "outcome",
            Self::Finished(_) => "finished",
        }
    }

    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(match self {
            Self::Wait(event) => Py::new(py, event)?.into_any(),
            Self::Outcome(event) => Py::new(py, event)?.into_any(),
            Self::Finished(event) => Py::new(py, event)?.into_any(),
        })
    }
}

impl From<&Attempt<'_>> for AttemptEvent {
    fn from(event: &Attempt<'_>) -> Self {
        Self {
            call: event.call,
            operation: event.operation.to_owned(),
            method: event.method,
            path_template: event.path_template.to_owned(),
            time: now(),
            attempt: event.attempt,
            server_address: event.server_address.to_owned(),
            server_port: event.server_port,
        }
    }
}

impl From<&Wait<'_>> for Event {
    fn from(event: &Wait<'_>) -> Self {
        Self::Wait(WaitEvent {
            call: event.call,
            operation: event.operation.to_owned(),
            method: event.method,
            path_template: event.path_template.to_owned(),
            time: now(),
            attempt: event.attempt,
            reason: event.reason.as_str(),
            expected: event.expected.as_secs_f64(),
        })
    }
}

impl From<&Outcome<'_>> for Event {
    fn from(event: &Outcome<'_>) -> Self {
        Self::Outcome(OutcomeEvent {
            call: event.call,
            operation: event.operation.to_owned(),
            method: event.method,
            path_template: event.path_template.to_owned(),
            time: now(),
            attempt: event.attempt,
            status: event.status,
            error: event.error.map(|kind| kind.as_str()),
            will_retry: event.will_retry,
            elapsed: event.elapsed.as_secs_f64(),
            request_bytes: event.request_bytes,
            response_bytes: event.response_bytes,
        })
    }
}

impl From<&Finished<'_>> for Event {
    fn from(event: &Finished<'_>) -> Self {
        Self::Finished(FinishedEvent {
            call: event.call,
            operation: event.operation.to_owned(),
            method: event.method,
            path_template: event.path_template.to_owned(),
            time: now(),
            attempts: event.attempts,
            status: event.status,
            error: event.error.map(|kind| kind.as_str()),
            elapsed: event.elapsed.as_secs_f64(),
            waited: event.waited.as_secs_f64(),
            backoff: event.backoff.as_secs_f64(),
            remaining: event.remaining,
        })
    }
}

/// Adds the classes to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<BeginEvent>()?;
    module.add_class::<AttemptEvent>()?;
    module.add_class::<WaitEvent>()?;
    module.add_class::<OutcomeEvent>()?;
    module.add_class::<FinishedEvent>()
}
