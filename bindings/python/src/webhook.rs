//! Signs and verifies webhook requests.

use configcat_management::webhook::{self, Verifier};
use pyo3::prelude::*;
use std::time::Duration;

/// Returns why a webhook request is not authentic, or `None` if it is.
#[pyfunction]
pub fn webhook_problem(
    keys: Vec<String>,
    tolerance: Option<f64>,
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    any_id: bool,
) -> PyResult<Option<String>> {
    let verifier = Verifier::new(keys).any_id(any_id);
    let verifier = match tolerance {
        Some(tolerance) => verifier.tolerance(Some(crate::call::seconds("tolerance", tolerance)?)),
        None => verifier.tolerance(None::<Duration>),
    };
    Ok(verifier.verify(id, timestamp, signatures, body).err().map(|problem| problem.to_string()))
}

/// Returns the headers of a signed webhook request: names and values. Absent: a random id, the current time.
#[pyfunction]
pub fn webhook_signed_headers(
    keys: Vec<String>,
    body: &[u8],
    id: Option<&str>,
    timestamp: Option<i64>,
) -> Vec<(&'static str, String)> {
    webhook::signed_headers(keys, body, id, timestamp).into()
}

/// Signs a webhook request as the service does.
#[pyfunction]
pub fn webhook_sign(key: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    webhook::sign(key, id, timestamp, body)
}
