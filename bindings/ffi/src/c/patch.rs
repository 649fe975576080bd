//! JSON Patch

use super::document::{ccm_document, document};
use super::error::ccm_error;
use super::failure::{CResult, Failure};
use super::guard::{guard, hand_out};
use super::status::ccm_status;
use super::text::required;
use configcat_management::patch::diff_json;
use serde_json::Value;
use std::ffi::c_char;

unsafe fn json(pointer: *const c_char, length: usize, name: &str) -> CResult<Value> {
    let text = unsafe { required(pointer, length, name) }?;
    serde_json::from_slice(text).map_err(|error| {
        let message = format!("{name} is not JSON: {error}");
        Failure::new(ccm_status::CCM_BAD_REQUEST, message)
    })
}

/// Computes the smallest JSON Patch (RFC 6902) that turns one document into another. The patch functions take it as their
/// body: pass ccm_value_json() of the root value.
///
/// @param before The original JSON; member names must be wire names, as ccm_value_json() returns them.
/// @param before_length Length in bytes, or CCM_NUL.
/// @param after The changed JSON.
/// @param after_length Length in bytes, or CCM_NUL.
/// @param patch Receives a list of operations, to be freed with ccm_document_free(); empty if the documents are equal.
/// @return CCM_OK; CCM_BAD_REQUEST if a document is not JSON; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_patch_diff(
    before: *const c_char,
    before_length: usize,
    after: *const c_char,
    after_length: usize,
    patch: *mut *mut ccm_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(patch, "patch")?;
            let before = json(before, before_length, "before")?;
            let after = json(after, after_length, "after")?;
            let operations = serde_json::to_vec(&diff_json(&before, &after)).unwrap_or_default();
            patch.write(document(operations)?);
            Ok(ccm_status::CCM_OK)
        })
    }
}
