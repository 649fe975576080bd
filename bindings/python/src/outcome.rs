//! The result of a call: its value, or the whole response.

use crate::call::PyCall;
use crate::decode::Decoded;
use crate::generated_decode;
use crate::usage::RateLimit;
use configcat_management::{CallResponse, Client};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyList;

/// Result of a successful call.
pub struct CallOutcome {
    decoded: Decoded,
    /// The response, if the caller requested it in addition to the value.
    response: Option<CallResponse>,
    large: bool,
}

impl CallOutcome {
    /// Performs a call. Needs no interpreter.
    pub async fn of(client: &Client, call: PyCall, whole: bool) -> Result<Self, configcat_management::Error> {
        let response = client.call(call.input, call.options).await?;
        let large = response.is_large();
        let (response, decoded) =
            response.decoded(|response| generated_decode::decode(response.operation(), response)).await?;
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
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers = PyList::new(py, headers.collect::<Vec<_>>())?;
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
        ))?;
        Ok(object.unbind())
    }
}
