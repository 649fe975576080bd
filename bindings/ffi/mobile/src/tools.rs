//! Helpers that need no client: JSON Patch and webhook signatures.

use crate::error::ConfigCatError;
use configcat_management::models::JsonPatch;
use configcat_management::webhook::{VerificationError, Verifier};
use configcat_management::{Error, patch};
use std::time::Duration;

/// Returns the smallest JSON Patch that turns one JSON document into another.
///
/// # Errors
/// A document is not JSON.
#[uniffi::export]
pub fn json_patch_diff(before: &str, after: &str) -> Result<JsonPatch, ConfigCatError> {
    let read = |name: &str, json: &str| {
        serde_json::from_str(json).map_err(|e| Error::bad_request(format!("{name} is not JSON: {e}")))
    };
    Ok(patch::diff_json(&read("before", before)?, &read("after", after)?))
}

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
