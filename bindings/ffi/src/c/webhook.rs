//! Webhooks

use super::document::{ccm_document, document};
use super::error::ccm_error;
use super::failure::{CResult, Failure};
use super::guard::{guard, hand_out};
use super::status::ccm_status;
use super::text::{data, optional, text};
use configcat_management::webhook::{Verifier, signed_headers};
use serde_json::{Map, Value};
use std::ffi::c_char;
use std::time::Duration;

/// Maximum number of signing keys.
const MOST: usize = 64;

unsafe fn signing_keys<'a>(keys: *const *const c_char, count: usize) -> CResult<Vec<&'a str>> {
    if keys.is_null() || count > MOST {
        return Err(Failure::misuse(format!("keys must have 1 to {MOST} elements")));
    }
    // SAFETY: not NULL, and the caller's array has this length, as the header requires.
    let keys = unsafe { std::slice::from_raw_parts(keys, count) }.iter();
    keys.map(|key| unsafe { text(*key, "key") }).collect()
}

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
    unsafe {
        guard(error, || {
            let keys = signing_keys(keys, key_count)?;
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

/// Returns the headers of a signed webhook request, ready to send, for tests of webhook receivers. Sends no request.
///
/// @param keys Signing keys as the service shows them: one, or two for a request as it is sent during a key rotation.
/// @param key_count Number of keys, at least 1.
/// @param id Id of the request; NULL for a random one.
/// @param timestamp Timestamp of the request in Unix seconds; -1 for the current time. Other negative numbers are misuse.
/// @param body The raw body.
/// @param body_length Length in bytes, or CCM_NUL.
/// @param headers Receives an object with three members: the names of the headers and, as strings, their values. To be freed
///        with ccm_document_free().
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_webhook_signed_headers(
    keys: *const *const c_char,
    key_count: usize,
    id: *const c_char,
    timestamp: i64,
    body: *const c_char,
    body_length: usize,
    headers: *mut *mut ccm_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(headers, "headers")?;
            let keys = signing_keys(keys, key_count)?;
            if keys.iter().all(|key| key.is_empty()) {
                return Err(Failure::misuse("keys: signed headers need a signing key"));
            }
            if timestamp < -1 {
                return Err(Failure::misuse(format!("timestamp must be at least -1, not {timestamp}")));
            }
            let id = optional(id, "id")?;
            let body = data(body, body_length, "body")?.unwrap_or_default();
            let signed = signed_headers(keys, body, id, (timestamp >= 0).then_some(timestamp));
            let members = signed.map(|(name, value)| (name.to_owned(), Value::from(value)));
            headers.write(document(Value::Object(Map::from_iter(members)).to_string())?);
            Ok(ccm_status::CCM_OK)
        })
    }
}
