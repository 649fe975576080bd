//! Documents: JSON that is not a response

use super::error::ccm_error;
use super::failure::{CResult, Failure, quiet};
use super::guard::{guard, hand_out};
use super::handle::{borrow, give, handle, take};
use super::status::ccm_status;
use super::text::required;
use super::value::{ccm_value, pointer};
use crate::tree::Tree;
use bytes::Bytes;
use configcat_management::spec::Type;
use std::ffi::c_char;

/// A JSON document with its values.
///
/// Belongs to the caller, who frees it with ccm_document_free(). Its values are valid until then. It is immutable, so that
/// any thread may read it.
pub struct ccm_document {
    tree: Tree,
}

handle!(ccm_document, b"ccmdocmt");

/// Parses JSON into a document handle for C.
pub fn document(json: impl Into<Bytes>) -> CResult<*mut ccm_document> {
    typed_document(json, &Type::Any)
}

/// Parses JSON of a type into a document handle for C.
pub fn typed_document(json: impl Into<Bytes>, ty: &Type) -> CResult<*mut ccm_document> {
    let tree = Tree::read(json.into(), ty).map_err(|p| {
        let location = if p.path.is_empty() { String::new() } else { format!(" at {}", p.path) };
        Failure::new(ccm_status::CCM_DECODE, format!("this is not JSON{location}: {}", p.message))
    })?;
    Ok(give(ccm_document { tree }))
}

/// Parses JSON, such as the body of a webhook.
///
/// @param json The JSON text; copied.
/// @param length Length in bytes, or CCM_NUL.
/// @param document Receives the document, to be freed with ccm_document_free().
/// @return CCM_OK; CCM_DECODE if the text is not JSON; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_document_parse(
    json: *const c_char,
    length: usize,
    document: *mut *mut ccm_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(document, "document")?;
            document.write(self::document(Bytes::copy_from_slice(required(json, length, "json")?))?);
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Returns the root value of the document.
///
/// @return A value that is valid as long as the document; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_document_value(document: *const ccm_document) -> *const ccm_value {
    quiet(std::ptr::null(), || Ok(pointer(unsafe { borrow(document) }?.tree.root())))
}

/// Frees a document and its values. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_document_free(document: *mut ccm_document) {
    drop(unsafe { take(document) });
}
