//! JSON Patch

use super::document::{ccm_document, document};
use super::error::ccm_error;
use super::failure::{Failure, Outcome};
use super::guard::{guard, hand_out};
use super::status::ccm_status;
use super::text::required;
use configcat_management::patch::diff_json;
use serde_json::Value;
use std::ffi::c_char;

unsafe fn json(pointer: *const c_char, length: usize, name: &str) -> Outcome<Value> {
    let text = unsafe { required(pointer, length, name) }?;
    serde_json::from_slice(text).map_err(|error| {
        let message = format!("{name} is not JSON: {error}");
        Failure::new(ccm_status::CCM_BAD_REQUEST, message)
    })
}

/// The smallest JSON Patch (RFC 6902) that makes one document of another: what the functions that patch want as their body.
/// ccm_value_json() of its value is the text.
///
/// @param before JSON as it is; the names have to be those of the wire, as ccm_value_json() gives them.
/// @param before_length Bytes, or CCM_NUL.
/// @param after JSON as it should be.
/// @param after_length Bytes, or CCM_NUL.
/// @param patch Takes a list of operations, to be freed with ccm_document_free(); empty when nothing differs.
/// @return CCM_OK; CCM_BAD_REQUEST when one of them is not JSON; CCM_MISUSE.
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
