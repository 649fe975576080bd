//! Helpers that need no client: webhook signatures.

use configcat_management::webhook::{VerificationError, Verifier};
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
