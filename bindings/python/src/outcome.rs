//! The result of a call: its value, or the whole response.

use crate::call::PyCall;
use crate::decode::{self, Decoded};
use crate::generated_decode;
use crate::usage::RateLimit;
use configcat_management::{CallResponse, Client, Error, header_pairs};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList};

/// Result of a successful call.
pub struct CallOutcome {
    decoded: Decoded,
    /// The response, if the caller requested it in addition to the value.
    response: Option<CallResponse>,
    large: bool,
}

impl CallOutcome {
    /// Performs a call. Needs no interpreter.
    pub async fn of(client: &Client, call: PyCall, whole: bool) -> Result<Self, Error> {
        Self::decode(client.call(call.input, call.options).await?, whole).await
    }

    async fn decode(response: CallResponse, whole: bool) -> Result<Self, Error> {
        let large = response.is_large();
        let (response, decoded) = response.decoded(decoded).await?;
        Ok(Self { decoded, response: whole.then_some(response), large })
    }

    /// Whether creating the Python objects takes so long that an event loop should not do it.
    pub const fn is_large(&self) -> bool {
        self.large
    }

    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let value = self.decoded.into_python(py)?;
        let Some(response) = self.response else { return Ok(value) };
        let headers = PyList::new(py, header_pairs(response.headers()))?;
        let class = CLASS.import(py, "configcat_management._response", "Response")?;
        let object = class.call1((
            value,
            response.status(),
            headers,
            RateLimit::from(response.rate_limit()),
            response.attempts(),
            response.elapsed().as_secs_f64(),
            response.waited().as_secs_f64(),
            response.already_deleted(),
            PyBytes::new(py, response.body()),
        ))?;
        Ok(object.unbind())
    }
}

/// Decodes the body by the type of the operation, or as any JSON.
fn decoded(response: &CallResponse) -> Result<Decoded, Error> {
    match response.operation() {
        Some(operation) => generated_decode::decode(operation, response),
        None => decode::json(response),
    }
}

/// Result of a call, as a waiting thread receives it.
pub enum Received {
    Outcome(CallOutcome),
    /// A small response, which the waiting thread decodes: threads of the runtime serve other calls.
    Undecoded(CallResponse),
}

impl Received {
    /// Performs a call. Needs no interpreter.
    pub async fn of(client: &Client, call: PyCall, whole: bool) -> Result<Self, Error> {
        let response = client.call(call.input, call.options).await?;
        if response.is_large() {
            return CallOutcome::decode(response, whole).await.map(Self::Outcome);
        }
        Ok(Self::Undecoded(response))
    }

    /// Decodes the response, unless it has been decoded.
    pub fn outcome(self, whole: bool) -> Result<CallOutcome, Error> {
        match self {
            Self::Outcome(outcome) => Ok(outcome),
            Self::Undecoded(response) => {
                let decoded = decoded(&response)?;
                Ok(CallOutcome { decoded, response: whole.then_some(response), large: false })
            }
        }
    }
}
