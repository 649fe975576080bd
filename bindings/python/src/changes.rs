//! Documents, plans and reports of the core. The classes of `configcat_management.changes` are made of them.

use crate::errors;
use configcat_management::changes::{Document, Plan, Price, Report};
use configcat_management::python::{Side, convert, from_json};
use configcat_management::spec::Type;
use configcat_management::{Error, RateLimit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Does something that takes long, without the interpreter.
fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    py.detach(work).map_err(|error| errors::raise(py, &error))
}

/// Converts a part to dictionaries and lists.
fn to_python<'py>(py: Python<'py>, part: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let json = serde_json::to_value(part).map_err(|error| PyValueError::new_err(error.to_string()))?;
    from_json(py, &json)
}

/// Desired state of a product.
#[pyclass(frozen, eq, module = "configcat_management._native")]
#[derive(PartialEq)]
pub struct NativeDocument(pub Arc<Document>);

impl From<Document> for NativeDocument {
    fn from(document: Document) -> Self {
        Self(Arc::new(document))
    }
}

#[pymethods]
impl NativeDocument {
    #[new]
    fn new(product: String) -> Self {
        Document::new(product).into()
    }

    #[staticmethod]
    fn from_yaml(py: Python<'_>, text: &str) -> PyResult<Self> {
        detached(py, || Document::from_yaml(text)).map(Self::from)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        detached(py, || Document::from_json(text)).map(Self::from)
    }

    #[staticmethod]
    fn from_dict(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let json: Value = convert(value, &Type::Any, "document", Side::Request)?;
        detached(value.py(), || Document::from_value(json)).map(Self::from)
    }

    #[getter]
    fn product(&self) -> &str {
        self.0.product()
    }

    #[getter]
    fn organization(&self) -> Option<&str> {
        self.0.organization()
    }

    fn renamed(&self, product: Option<&str>, organization: Option<&str>) -> Self {
        Document::clone(&self.0).renamed(product, organization).into()
    }

    fn to_yaml(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_yaml())
    }

    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_json())
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &*self.0)
    }
}

/// Ordered steps to the desired state.
#[pyclass(frozen, eq, module = "configcat_management._native")]
#[derive(PartialEq)]
pub struct NativePlan(pub Arc<Plan>);

impl From<Plan> for NativePlan {
    fn from(plan: Plan) -> Self {
        Self(Arc::new(plan))
    }
}

#[pymethods]
impl NativePlan {
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        detached(py, || Plan::from_json(text)).map(Self::from)
    }

    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_json())
    }

    #[getter]
    fn document(&self) -> NativeDocument {
        self.0.document.clone().into()
    }

    #[getter]
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[getter]
    fn summary(&self) -> String {
        self.0.summary()
    }

    fn to_text(&self, py: Python<'_>, color: bool) -> String {
        py.detach(|| self.0.to_text(color))
    }

    fn to_markdown(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_markdown())
    }

    fn to_html(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_html())
    }

    /// Steps, requests, price and options.
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let Plan { steps, requests, price, options, .. } = &*self.0;
        to_python(py, &json!({ "steps": steps, "requests": requests, "price": price, "options": options }))
    }
}

/// What applying a plan did.
#[pyclass(frozen, eq, module = "configcat_management._native")]
#[derive(PartialEq)]
pub struct NativeReport(pub Report);

#[pymethods]
impl NativeReport {
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        detached(py, || Report::from_json(text)).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_json())
    }

    #[getter]
    fn plan(&self) -> NativePlan {
        self.0.plan.clone().into()
    }

    #[getter]
    fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    #[getter]
    fn requests(&self) -> u32 {
        self.0.requests
    }

    #[getter]
    fn summary(&self) -> String {
        self.0.summary()
    }

    fn to_text(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_text())
    }

    fn to_html(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_html())
    }

    /// The outcome of each step.
    fn outcomes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.outcomes)
    }

    fn undo(&self, py: Python<'_>) -> NativeDocument {
        py.detach(|| self.0.undo()).into()
    }

    /// Raises an error if a step did not succeed.
    fn raise_for_failures(&self, py: Python<'_>) -> PyResult<()> {
        detached(py, || self.0.error_for_failures())
    }
}

/// Returns the least number of seconds that a number of requests waits for the rate limit, if the service has reported one.
#[pyfunction]
pub fn least_wait(requests: u32, remaining: Option<u64>, resets_in: Option<f64>) -> Option<f64> {
    let mut limit = RateLimit::default();
    limit.remaining = remaining;
    limit.resets_in = resets_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let mut price = Price::default();
    price.requests = requests;
    price.least_wait(&limit).map(|wait| wait.as_secs_f64())
}
