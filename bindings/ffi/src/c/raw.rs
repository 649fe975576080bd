//! Requests by method and path

use super::call::{PreparedCall, hand_over, hand_pending};
use super::client::{ccm_client, shared};
use super::completion::ccm_callback;
use super::error::ccm_error;
use super::failure::CResult;
use super::guard::guard;
use super::handle::optional;
use super::params::ccm_params;
use super::pending::ccm_pending;
use super::response::ccm_response;
use super::status::ccm_status;
use super::text::{data, text};
use configcat_management::CallOptions;
use configcat_management::call::RawInput;
use std::ffi::{c_char, c_void};

/// Arguments of a request.
struct Arguments {
    client: *const ccm_client,
    method: *const c_char,
    path: *const c_char,
    body: *const c_char,
    body_length: usize,
    params: *const ccm_params,
}

impl Arguments {
    unsafe fn prepare(&self) -> CResult<PreparedCall> {
        let client = unsafe { shared(self.client) }?;
        let (method, path) = unsafe { (text(self.method, "method")?, text(self.path, "path")?) };
        let mut input = RawInput::new(method, path);
        if let Some(bytes) = unsafe { data(self.body, self.body_length, "body") }? {
            input.set_json(bytes);
        }
        let (mut options, mut queue) = (CallOptions::default(), None);
        if let Some(params) = unsafe { optional(self.params) }? {
            options = params.apply_raw(&mut input)?;
            queue.clone_from(&params.queue);
        }
        Ok(PreparedCall { client, input: input.into(), options, queue, search: None })
    }
}

/// Makes a request by method and path, and waits for its response: for endpoints that this version does not have.
///
/// It is paced, retried, redacted and limited in time like any other call: GET, PUT and DELETE are repeated after a lost response,
/// POST and PATCH are not. The value of the response is any JSON, with the names of the service: CCM_NULL if the body is empty, or
/// if its Content-Type is not JSON. ccm_response_body() returns the body in any case.
///
/// @param client The client.
/// @param method HTTP method: "GET", "POST", "PUT", "PATCH" or "DELETE".
/// @param path Path relative to the base URL, such as "/v1/products". Characters that a path cannot have must be percent-encoded;
///        ccm_params_add_query() adds a query.
/// @param body Body, sent as JSON without a check; NULL for none.
/// @param body_length Length in bytes, or CCM_NUL.
/// @param params Query, limits and headers; may be NULL.
/// @param response Receives the response, to be freed with ccm_response_free(); may be NULL.
/// @param error Receives the cause of a failure; may be NULL. Its operation is method and path, such as "GET /v1/products".
/// @return CCM_OK; CCM_BAD_REQUEST if method or path is invalid; or the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_request(
    client: *const ccm_client,
    method: *const c_char,
    path: *const c_char,
    body: *const c_char,
    body_length: usize,
    params: *const ccm_params,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    let arguments = Arguments { client, method, path, body, body_length, params };
    unsafe { guard(error, || hand_over(response, || arguments.prepare())) }
}

/// Starts a request by method and path; see ccm_request().
///
/// @param callback Called once when the request has completed, perhaps before this function returns; not called if this function
///        fails.
/// @param user_data Passed to the callback unchanged.
/// @param pending Receives a handle to cancel the request, to be freed with ccm_pending_free(); may be NULL.
/// @return CCM_OK if the request was started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_request_start(
    client: *const ccm_client,
    method: *const c_char,
    path: *const c_char,
    body: *const c_char,
    body_length: usize,
    params: *const ccm_params,
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    error: *mut *mut ccm_error,
) -> ccm_status {
    let arguments = Arguments { client, method, path, body, body_length, params };
    unsafe { guard(error, || hand_pending(callback, user_data, pending, || arguments.prepare())) }
}
