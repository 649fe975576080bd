//! Finding items by name: the common part of the typed functions.

use super::call::{PathArgument, PreparedCall, hand_over, hand_pending};
use super::client::ccm_client;
use super::completion::ccm_callback;
use super::error::ccm_error;
use super::failure::CResult;
use super::guard::guard;
use super::params::ccm_params;
use super::pending::ccm_pending;
use super::response::ccm_response;
use super::status::ccm_status;
use super::text::text;
use configcat_management::call::NameSearch;
use configcat_management::spec::Operation;
use std::ffi::{c_char, c_void};

unsafe fn prepare(
    operation: &'static Operation,
    client: *const ccm_client,
    arguments: &[PathArgument],
    name: *const c_char,
    params: *const ccm_params,
) -> CResult<PreparedCall> {
    let call = unsafe { PreparedCall::typed(operation, client, arguments, None, params) }?;
    let argument = operation.find.map_or("name", |find| find.argument);
    let wanted = unsafe { text(name, argument) }?;
    Ok(call.searching(NameSearch::new(operation, wanted)?))
}

/// Implements the typed functions that wait.
pub unsafe fn find(
    operation: &'static Operation,
    client: *const ccm_client,
    arguments: &[PathArgument],
    name: *const c_char,
    params: *const ccm_params,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe { guard(error, || hand_over(response, || prepare(operation, client, arguments, name, params))) }
}

/// Implements the typed functions whose names end in `_start`.
#[allow(clippy::too_many_arguments, reason = "the parameters of a typed function")]
pub unsafe fn start_find(
    operation: &'static Operation,
    client: *const ccm_client,
    arguments: &[PathArgument],
    name: *const c_char,
    params: *const ccm_params,
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    error: *mut *mut ccm_error,
) -> ccm_status {
    let call = || unsafe { prepare(operation, client, arguments, name, params) };
    unsafe { guard(error, || hand_pending(callback, user_data, pending, call)) }
}
