//! The result of a call: its value, or the whole response.

use crate::call::PyCall;
use crate::decode::{self, Decoded};
use crate::errors;
use crate::generated_decode;
use crate::usage::RateLimit;
use configcat_management::call::NameSearch;
use configcat_management::{CallResponse, Client, Error, header_pairs};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList};

/// Result of a successful call.
pub struct CallOutcome {
    decoded: Decoded,
    /// The response, if the caller requested it in addition to the value, or looks for an item.
    response: Option<CallResponse>,
    search: Option<Box<NameSearch>>,
    whole: bool,
    large: bool,
}

impl CallOutcome {
    /// Performs a call. Needs no interpreter.
    pub async fn of(client: &Client, call: PyCall, whole: bool) -> Result<Self, Error> {
        Self::decode(client.call(call.input, call.options).await?, call.search, whole).await
    }

    async fn decode(
        response: CallResponse,
        search: Option<Box<NameSearch>>,
        whole: bool,
    ) -> Result<Self, Error> {
        let (response, decoded) = response.decoded(decoded).await?;
        Ok(Self::new(response, decoded, search, whole))
    }

    fn new(response: CallResponse, decoded: Decoded, search: Option<Box<NameSearch>>, whole: bool) -> Self {
        let large = response.is_large();
        let response = (whole || search.is_some()).then_some(response);
        Self { decoded, response, search, whole, large }
    }

    /// Whether creating the Python objects takes so long that an event loop should not do it.
    pub const fn is_large(&self) -> bool {
        self.large
    }

    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let value = self.decoded.into_python(py)?;
        let Some(response) = self.response else { return Ok(value) };
        let value = match self.search {
            Some(search) => find(&search, &response, value.bind(py))?,
            None => value,
        };
        if !self.whole {
            return Ok(value);
        }
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

/// Returns the item of a list that a call looks for.
fn find(search: &NameSearch, response: &CallResponse, items: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let items = items.cast::<PyList>()?;
    let text = |index: usize, field| {
        let value = items.get_item(index).and_then(|item| item.getattr(field)).ok()?;
        if value.is_none() { None } else { Some(value.str().ok()?.to_string().into()) }
    };
    let index =
        search.pick(response, items.len(), text).map_err(|error| errors::raise_found(items.py(), &error))?;
    Ok(items.get_item(index)?.unbind())
}

/// Result of a call, as a waiting thread receives it.
pub enum Received {
    Outcome(CallOutcome),
    /// A response that the waiting thread decodes: threads of the runtime serve other calls.
    Undecoded(CallResponse, Option<Box<NameSearch>>),
}

impl Received {
    /// Performs a call. Needs no interpreter.
    pub async fn of(client: &Client, call: PyCall, whole: bool) -> Result<Self, Error> {
        let response = client.call(call.input, call.options).await?;
        if response.is_waited_for() {
            return Ok(Self::Undecoded(response, call.search));
        }
        CallOutcome::decode(response, call.search, whole).await.map(Self::Outcome)
    }

    /// Decodes the response, unless it has been decoded.
    pub fn outcome(self, whole: bool) -> Result<CallOutcome, Error> {
        match self {
            Self::Outcome(outcome) => Ok(outcome),
            Self::Undecoded(response, search) => {
                let decoded = decoded(&response)?;
                Ok(CallOutcome::new(response, decoded, search, whole))
            }
        }
    }
}
