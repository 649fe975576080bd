//! Helpers that need no client: webhook signatures.

use configcat_management::webhook::{VerificationError, Verifier, signed_headers};
use std::collections::HashMap;
use std::time::Duration;

/// Verifies that a webhook request comes from the service. `any_id` accepts ids of any form.
///
/// # Errors
/// The reason why the verification failed.
#[uniffi::export]
pub fn verify_webhook(
    keys: Vec<String>,
    id: &str,
    timestamp: &str,
    signature: &str,
    body: Vec<u8>,
    tolerance: Option<Duration>,
    any_id: bool,
) -> Result<(), VerificationError> {
    Verifier::new(keys).tolerance(tolerance).any_id(any_id).verify(id, timestamp, signature, &body)
}

/// Returns the headers of a signed webhook request. Absent: a random id, the current time. `timestamp` is in Unix seconds.
#[uniffi::export]
#[must_use]
pub fn sign_webhook(
    keys: Vec<String>,
    body: Vec<u8>,
    id: Option<String>,
    timestamp: Option<i64>,
) -> HashMap<String, String> {
    let headers = signed_headers(keys, &body, id.as_deref(), timestamp);
    headers.map(|(name, value)| (name.to_owned(), value)).into()
}
