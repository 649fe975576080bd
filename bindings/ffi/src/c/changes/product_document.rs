//! Documents of products

use super::super::call::wait;
use super::super::client::{ccm_client, shared};
use super::super::document::{ccm_document, document};
use super::super::error::ccm_error;
use super::super::failure::{CResult, Failure};
use super::super::guard::handing_out;
use super::super::handle::{give, handle, take};
use super::super::status::ccm_status;
use super::super::text::{required, text};
use super::text::{KeptText, kept};
use configcat_management::changes::Document;
use std::ffi::c_char;

/// The desired state of a product, or of a part of it, by names and without ids. What a document does not mention is left alone.
///
/// Created by ccm_product_document_parse(), ccm_export() and ccm_report_undo(), freed by ccm_product_document_free(). It is
/// immutable, so that any thread may read it. Its strings are valid as long as the document.
pub struct ccm_product_document {
    pub(super) document: Document,
    product: KeptText,
    yaml: KeptText,
    json: KeptText,
}

handle!(ccm_product_document, b"ccmpdocu");

impl ccm_product_document {
    pub(super) fn hand(document: Document) -> *mut Self {
        let (product, yaml, json) = (KeptText::default(), KeptText::default(), KeptText::default());
        give(Self { document, product, yaml, json })
    }
}

/// Reads text that must be UTF-8.
pub(super) unsafe fn utf8<'a>(text: *const c_char, length: usize, name: &str) -> CResult<&'a str> {
    let bytes = unsafe { required(text, length, name) }?;
    std::str::from_utf8(bytes).map_err(|error| Failure::misuse(format!("{name} is not UTF-8: {error}")))
}

/// Parses a document from YAML or JSON.
///
/// @param text The text; copied.
/// @param length Length in bytes, or CCM_NUL.
/// @param document Receives the document, to be freed with ccm_product_document_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_BAD_REQUEST with the path, line and column of the first mistake; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_product_document_parse(
    text: *const c_char,
    length: usize,
    document: *mut *mut ccm_product_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(document, "document", error, || {
            let parsed = Document::from_yaml(utf8(text, length, "text")?)?;
            Ok(ccm_product_document::hand(parsed))
        })
    }
}

/// Reads a product as a document, and waits for it.
///
/// Reads everything with as few requests as possible: one per list, config, and environment of a config. What the service does not
/// return is not part of the document: members, secrets, history.
///
/// @param client The client.
/// @param product Name or id of the product.
/// @param document Receives the document, to be freed with ccm_product_document_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_NOT_FOUND with a similar name; CCM_CONFLICT if several products have the name; or the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_export(
    client: *const ccm_client,
    product: *const c_char,
    document: *mut *mut ccm_product_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(document, "document", error, || {
            let client = shared(client)?;
            let product = text(product, "product")?;
            let exported = wait("ccm_export()", client.client()?.export(product))?;
            Ok(ccm_product_document::hand(exported))
        })
    }
}

/// Reads a product as the seed of a mirror, with the same ids, versions and SDK keys, and waits for it. A mirror is a simulator, see
/// ccm_simulator_mirror_start() in the library of the simulator.
///
/// @param client The client.
/// @param product Name or id of the product.
/// @param seed Receives the seed, to be freed with ccm_document_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_NOT_FOUND with a similar name; CCM_CONFLICT if several products have the name; or the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_export_seed(
    client: *const ccm_client,
    product: *const c_char,
    seed: *mut *mut ccm_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(seed, "seed", error, || {
            let client = shared(client)?;
            let product = text(product, "product")?;
            let exported = wait("ccm_export_seed()", client.client()?.export_seed(product))?;
            document(exported.to_string())
        })
    }
}

/// Returns the name of the product.
///
/// @return A string that is valid as long as the document; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_product_document_product(
    document: *const ccm_product_document,
) -> *const c_char {
    unsafe { kept(document, |d| &d.product, |d| d.document.product().to_owned()) }
}

/// Writes the document as YAML.
///
/// @return A string that is valid as long as the document; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_product_document_yaml(document: *const ccm_product_document) -> *const c_char {
    unsafe { kept(document, |d| &d.yaml, |d| d.document.to_yaml()) }
}

/// Writes the document as JSON.
///
/// @return A string that is valid as long as the document; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_product_document_json(document: *const ccm_product_document) -> *const c_char {
    unsafe { kept(document, |d| &d.json, |d| d.document.to_json()) }
}

/// Frees a document. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_product_document_free(document: *mut ccm_product_document) {
    drop(unsafe { take(document) });
}
