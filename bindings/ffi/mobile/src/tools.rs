//! Helpers that need no client: webhook signatures, JSON.

use crate::error::ConfigCatError;
use configcat_management::webhook::{VerificationError, Verifier, signed_headers};
use configcat_management::{Error, JsonValue, Result as CallResult};
use serde_json::Value as Json;
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

/// Parses JSON text.
///
/// # Errors
/// The text is not JSON.
#[uniffi::export]
pub fn parse_json(text: &str) -> Result<JsonValue, ConfigCatError> {
    let parsed: Result<Json, _> = serde_json::from_str(text);
    parsed.map(JsonValue::from).map_err(|error| Error::bad_request(format!("not JSON: {error}")).into())
}

/// Returns a value as JSON text without spaces, with the members of objects in the order of their names.
///
/// # Errors
/// A number is not finite.
#[uniffi::export]
pub fn json_text(value: JsonValue) -> Result<String, ConfigCatError> {
    Ok(json("value", value)?.to_string())
}

/// Converts a JSON value with a name.
pub(crate) fn json(name: &str, value: JsonValue) -> CallResult<Json> {
    value.try_into().map_err(|error| Error::bad_request(format!("{name}: {error}")))
}
