//! JSON Patch

use super::document::{ccm_document, document};
use super::edit::edit;
use super::error::ccm_error;
use super::failure::CResult;
use super::guard::{guard, hand_out};
use super::status::ccm_status;
use super::text::{json, required};
use configcat_management::patch::diff_json;
use serde_json::Value;
use std::ffi::c_char;

unsafe fn parsed(pointer: *const c_char, length: usize, name: &str) -> CResult<Value> {
    json(unsafe { required(pointer, length, name) }?, format_args!("{name}"))
}

/// Computes a small JSON Patch (RFC 6902) that turns one document into another. The patch functions take it as their body: pass
/// ccm_value_json() of the root value. To read, change and write back, ccm_edit_begin() needs fewer steps.
///
/// @param before The original JSON. Member names must be wire names, as ccm_value_json() returns them: a patch of names of C would
///        be refused by the service. ccm_patch_diff_drafts() accepts both.
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
            let before = parsed(before, before_length, "before")?;
            let after = parsed(after, after_length, "after")?;
            let operations = serde_json::to_vec(&diff_json(&before, &after)).unwrap_or_default();
            patch.write(document(operations)?);
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Computes a small JSON Patch (RFC 6902) that turns one draft into another: JSON of what the service accepts as the state.
///
/// @param edit_name Name of the edit that the draft belongs to, such as "flag_values.edit"; see ccm_edit_begin().
/// @param before The original draft; names are those of C or wire names, and flag values may be plain.
/// @param before_length Length in bytes, or CCM_NUL.
/// @param after The changed draft.
/// @param after_length Length in bytes, or CCM_NUL.
/// @param patch Receives a list of operations with wire names, to be freed with ccm_document_free(); empty if the drafts are equal.
/// @return CCM_OK; CCM_BAD_REQUEST if a draft is not JSON, or has an unknown name or a value of another type; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_patch_diff_drafts(
    edit_name: *const c_char,
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
            let edit = edit(edit_name)?;
            let before = parsed(before, before_length, "before")?;
            let after = parsed(after, after_length, "after")?;
            let operations = serde_json::to_vec(&edit.diff(before, after)?).unwrap_or_default();
            patch.write(document(operations)?);
            Ok(ccm_status::CCM_OK)
        })
    }
}
