//! Errors

use super::failure::{Cause, Failure, caught, quiet};
use super::handle::{borrow, give, handle, take};
use super::status::ccm_status;
use super::text::{find_header, header_at, milliseconds_or_unknown, owned, owned_headers, tell, text};
use std::ffi::{CString, c_char};
use std::ptr;

/// An error: why a function failed.
///
/// Created by functions that take a ccm_error **; belongs to the caller, who frees it with ccm_error_free(). It is immutable,
/// so that any thread may read it. It never contains a credential. Its strings are valid as long as the error.
pub struct ccm_error {
    status: ccm_status,
    message: CString,
    operation: Option<CString>,
    method: Option<CString>,
    path_template: Option<CString>,
    headers: Vec<(CString, CString)>,
    path: Option<CString>,
    fields: Vec<(CString, CString)>,
    http_status: i32,
    retry_after_ms: i64,
    attempts: u32,
    maybe_applied: bool,
    retryable: bool,
    body: Vec<u8>,
}

handle!(ccm_error, b"ccmerror");

impl ccm_error {
    pub(super) fn of(failure: Failure) -> *mut Self {
        // A failure while creating the error cannot be reported, so it leaves an error without a message.
        let status = failure.status;
        let made = caught(|| Ok(Self::make(failure)));
        let made = made.unwrap_or_else(|_| Self::plain(status, CString::default()));
        give(made)
    }

    fn plain(status: ccm_status, message: CString) -> Self {
        Self {
            status,
            message,
            operation: None,
            method: None,
            path_template: None,
            headers: Vec::new(),
            path: None,
            fields: Vec::new(),
            http_status: 0,
            retry_after_ms: -1,
            attempts: 0,
            maybe_applied: false,
            retryable: false,
            body: Vec::new(),
        }
    }

    fn make(failure: Failure) -> Self {
        let error = match failure.cause {
            Cause::String(text) => return Self::plain(failure.status, owned(&text)),
            Cause::Call(error) => error,
        };
        let fields = error.field_errors().iter();
        let fields = fields.flat_map(|(name, messages)| messages.iter().map(|m| (owned(name), owned(m))));
        Self {
            operation: error.operation().map(owned),
            method: error.method().map(owned),
            path_template: error.path_template().map(owned),
            headers: owned_headers(error.headers()),
            path: error.path().map(owned),
            fields: fields.collect(),
            http_status: error.status().map_or(0, i32::from),
            retry_after_ms: milliseconds_or_unknown(error.retry_after()),
            attempts: error.attempts(),
            maybe_applied: error.maybe_applied(),
            retryable: error.is_retryable(),
            body: error.body().to_vec(),
            ..Self::plain(failure.status, owned(&error.to_string()))
        }
    }
}

/// Frees an error. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_free(error: *mut ccm_error) {
    drop(unsafe { take(error) });
}

/// Returns the status that the failed function returned.
///
/// @return CCM_MISUSE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_status(error: *const ccm_error) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || Ok(unsafe { borrow(error) }?.status))
}

/// Returns a message of a sentence or two, with the operation and the number of attempts.
///
/// @return A string that is valid as long as the error; "" for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_message(error: *const ccm_error) -> *const c_char {
    quiet(c"".as_ptr(), || Ok(unsafe { borrow(error) }?.message.as_ptr()))
}

/// Returns the operation that failed, such as "configs.create"; method and path of ccm_request(), such as "GET /v1/products".
///
/// @return A string that is valid as long as the error; NULL if the error does not belong to an operation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_operation(error: *const ccm_error) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.operation.as_ref())))
}

/// Returns the HTTP status of the response, such as 404.
///
/// @return 0 if there was no response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_http_status(error: *const ccm_error) -> i32 {
    quiet(0, || Ok(unsafe { borrow(error) }?.http_status))
}

/// Returns the HTTP method of the request, such as "POST".
///
/// @return A string that is valid as long as the error; NULL if the error does not belong to an operation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_method(error: *const ccm_error) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.method.as_ref())))
}

/// Returns the path of the operation with the names of its parameters, such as "/v1/configs/{configId}"; the path of ccm_request().
///
/// @return A string that is valid as long as the error; NULL if the error does not belong to an operation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_path_template(error: *const ccm_error) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.path_template.as_ref())))
}

/// Returns a header of the response, without credentials. An error has the first 16 KiB of headers.
///
/// @param name Case-insensitive name, such as "x-request-id".
/// @return A string that is valid as long as the error; NULL if there is no such header, or no response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_header(error: *const ccm_error, name: *const c_char) -> *const c_char {
    quiet(ptr::null(), || {
        let name = unsafe { text(name, "name") }?;
        Ok(find_header(&unsafe { borrow(error) }?.headers, name))
    })
}

/// Returns the number of headers of the response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_header_count(error: *const ccm_error) -> usize {
    quiet(0, || Ok(unsafe { borrow(error) }?.headers.len()))
}

/// Returns a header of the response by index.
///
/// @param index From 0 to ccm_error_header_count() - 1.
/// @param value Receives the value, which is valid as long as the error; may be NULL.
/// @return The name in lower case, which is valid as long as the error; NULL if the index is out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_header_at(
    error: *const ccm_error,
    index: usize,
    value: *mut *const c_char,
) -> *const c_char {
    quiet(ptr::null(), || Ok(unsafe { header_at(&borrow(error)?.headers, index, value) }))
}

/// Returns the number of messages about fields, from the response (400) or from the validation before sending.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_field_count(error: *const ccm_error) -> usize {
    quiet(0, || Ok(unsafe { borrow(error) }?.fields.len()))
}

/// Returns the name of the field that a message refers to.
///
/// @param index From 0 to ccm_error_field_count() - 1.
/// @return A string that is valid as long as the error; NULL if the index is out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_field_name(error: *const ccm_error, index: usize) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.fields.get(index).map(|f| &f.0))))
}

/// Returns a message about a field.
///
/// @param index From 0 to ccm_error_field_count() - 1.
/// @return A string that is valid as long as the error; NULL if the index is out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_field_message(error: *const ccm_error, index: usize) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.fields.get(index).map(|f| &f.1))))
}

/// Returns how long to wait before a retry, in milliseconds, if the service or the rate limiter has determined it.
///
/// @return -1 if unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_retry_after_ms(error: *const ccm_error) -> i64 {
    quiet(-1, || Ok(unsafe { borrow(error) }?.retry_after_ms))
}

/// Returns the number of attempts; 0 if no request was sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_attempts(error: *const ccm_error) -> u32 {
    quiet(0, || Ok(unsafe { borrow(error) }?.attempts))
}

/// Returns whether the service may have carried out the request although the call failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_maybe_applied(error: *const ccm_error) -> bool {
    quiet(false, || Ok(unsafe { borrow(error) }?.maybe_applied))
}

/// Returns whether the same call may succeed later, because the call itself is valid: the rate limit was exhausted, the service
/// or the connection failed, or the call timed out. It may have been carried out: see ccm_error_maybe_applied().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_is_retryable(error: *const ccm_error) -> bool {
    quiet(false, || Ok(unsafe { borrow(error) }?.retryable))
}

/// Returns the JSON path of the value that could not be decoded (CCM_DECODE), such as "[1].order".
///
/// @return A string that is valid as long as the error, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_path(error: *const ccm_error) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.path.as_ref())))
}

/// Returns the unmodified body of the response, truncated to 16 KiB.
///
/// @param length Receives the number of bytes; may be NULL.
/// @return Bytes that are valid as long as the error and are not NUL-terminated; NULL if there was no response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_body(error: *const ccm_error, length: *mut usize) -> *const c_char {
    let body = quiet(&[] as &[u8], || Ok(unsafe { borrow(error) }?.body.as_slice()));
    unsafe { tell(length, body.len()) };
    if body.is_empty() { ptr::null() } else { body.as_ptr().cast() }
}

fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(ptr::null(), |text| text.as_ptr())
}
