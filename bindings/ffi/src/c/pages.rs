//! Paged lists

use super::call::find;
use super::client::{ClientState, ccm_client, shared};
use super::error::ccm_error;
use super::failure::Failure;
use super::guard::{guard, hand_out};
use super::handle::{borrow_mut, give, handle, optional, take};
use super::params::ccm_params;
use super::response::ccm_response;
use super::status::ccm_status;
use configcat_management::CallOptions;
use configcat_management::call::CallInput;
use serde_json::Value;
use std::ffi::c_char;
use std::sync::Arc;

/// Iterator over the pages of a list.
///
/// Created by ccm_pages_new(), freed by ccm_pages_free(). One thread at a time may use it.
pub struct ccm_pages {
    client: Arc<ClientState>,
    input: CallInput,
    options: CallOptions,
    next: Option<i64>,
}

handle!(ccm_pages, b"ccmpages");

/// Name of the parameter that selects a page.
const PAGE: &str = "page_number";

/// Creates an iterator over the pages of a list. Sends no request.
///
/// @param operation A paged operation, such as "audit_logs.list".
/// @param arguments A JSON object with parameters by name, as for ccm_call(); NULL for none. "page_number" is the first page;
///        default: 1.
/// @param arguments_length Length in bytes, or CCM_NUL.
/// @param params Limits of each call and further parameters; may be NULL.
/// @param pages Receives the iterator, to be freed with ccm_pages_free().
/// @return CCM_OK; CCM_BAD_REQUEST if the operation is unknown or not paged; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pages_new(
    client: *const ccm_client,
    operation: *const c_char,
    arguments: *const c_char,
    arguments_length: usize,
    params: *const ccm_params,
    pages: *mut *mut ccm_pages,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(pages, "pages")?;
            let client = shared(client)?;
            let operation = find(operation)?;
            let refuse = |text: String| Failure::new(ccm_status::CCM_BAD_REQUEST, text);
            if operation.pages.is_none() {
                return Err(refuse(format!("{} is not a paged operation", operation.id)));
            }
            let mut input = super::call::named(operation, Some((arguments, arguments_length)))?;
            let options = match optional(params)? {
                Some(params) => params.apply(&mut input)?,
                None => CallOptions::default(),
            };
            let first = match input.take_parameter(PAGE) {
                None => 1,
                Some(text) => text
                    .parse()
                    .map_err(|_| refuse(format!("{PAGE} must be a whole number, not {text:?}")))?,
            };
            let made = ccm_pages { client, input, options, next: Some(first) };
            pages.write(give(made));
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Requests the next page.
///
/// @param response Receives the page, to be freed with ccm_response_free(); ccm_response_items() returns its items.
/// @return CCM_OK; CCM_DONE after the last page; otherwise the cause of the failure. After a failure, the next call requests
///         the same page again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pages_next(
    pages: *mut ccm_pages,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(response, "response")?;
            let pages = borrow_mut(pages)?;
            let Some(page) = pages.next else { return Ok(ccm_status::CCM_DONE) };
            let mut input = pages.input.clone();
            input.set_parameter(PAGE, Value::from(page))?;
            let received = super::call::run(Arc::clone(&pages.client), input, pages.options.clone())?;
            // Stop at an empty page: a service that still reports a next page would cause an endless loop.
            let empty = received.items().is_none_or(|items| items.children().is_empty());
            pages.next = if received.has_next() && !empty { page.checked_add(1) } else { None };
            response.write(give(received));
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Frees the iterator. The responses remain valid. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pages_free(pages: *mut ccm_pages) {
    drop(unsafe { take(pages) });
}
