//! Webhooks

use super::error::ccm_error;
use super::failure::Failure;
use super::guard::guard;
use super::status::ccm_status;
use super::text::{data, text};
use configcat_management::webhook::Verifier;
use std::ffi::c_char;
use std::time::Duration;

/// Verifies that a webhook request comes from the service. Sends no request. The duration does not depend on which key matches.
///
/// @param keys Signing keys as the service shows them: one, or two during a key rotation.
/// @param key_count Number of keys.
/// @param id Value of the header X-ConfigCat-Webhook-ID.
/// @param timestamp Value of the header X-ConfigCat-Webhook-Timestamp.
/// @param signatures Value of the header X-ConfigCat-Webhook-Signature-V1.
/// @param body The raw body, before any parsing.
/// @param body_length Length in bytes, or CCM_NUL.
/// @param tolerance_seconds Maximum difference between the timestamp and the current time, in seconds, in the past or the
///        future; 300 is recommended. -1 for no limit, which allows replay of old requests. Other negative numbers are misuse.
/// @param any_id Whether to accept ids of any form. If false, only 32 hexadecimal digits are accepted, with or without dashes:
///        the signature covers id, timestamp and body without separators, so that a recorded request could be divided
///        differently.
/// @return CCM_OK if the request is authentic; CCM_AUTHENTICATION if it is not, with the reason in the error; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_webhook_verify(
    keys: *const *const c_char,
    key_count: usize,
    id: *const c_char,
    timestamp: *const c_char,
    signatures: *const c_char,
    body: *const c_char,
    body_length: usize,
    tolerance_seconds: i64,
    any_id: bool,
    error: *mut *mut ccm_error,
) -> ccm_status {
    /// Maximum number of keys.
    const MOST: usize = 64;
    unsafe {
        guard(error, || {
            if keys.is_null() || key_count > MOST {
                return Err(Failure::misuse(format!("keys must have 1 to {MOST} elements")));
            }
            let keys = std::slice::from_raw_parts(keys, key_count).iter();
            let keys = keys.map(|key| text(*key, "key")).collect::<Result<Vec<_>, _>>()?;
            let (id, timestamp) = (text(id, "id")?, text(timestamp, "timestamp")?);
            let signatures = text(signatures, "signatures")?;
            let body = data(body, body_length, "body")?.unwrap_or_default();
            let tolerance = match u64::try_from(tolerance_seconds) {
                Ok(seconds) => Some(Duration::from_secs(seconds)),
                Err(_) if tolerance_seconds == -1 => None,
                Err(_) => {
                    let message = format!("tolerance_seconds must be at least -1, not {tolerance_seconds}");
                    return Err(Failure::misuse(message));
                }
            };
            let verifier = Verifier::new(keys).tolerance(tolerance).any_id(any_id);
            match verifier.verify(id, timestamp, signatures, body) {
                Ok(()) => Ok(ccm_status::CCM_OK),
                Err(reason) => Err(Failure::new(
                    ccm_status::CCM_AUTHENTICATION,
                    format!("untrusted webhook request: {reason}"),
                )),
            }
        })
    }
}
