//! Errors

use super::failure::{Cause, Failure, caught, quiet};
use super::handle::{Tag, borrow, give, handle, take};
use super::status::ccm_status;
use super::text::{milliseconds_or_unknown, owned, tell};
use std::ffi::{CString, c_char};
use std::ptr;

/// Why a function failed.
///
/// Made by functions that take a ccm_error **; belongs to the caller, who frees it with ccm_error_free(). It does not
/// change, so that any thread may read it. No error ever holds a credential. The texts live as long as the error.
pub struct ccm_error {
    tag: Tag,
    status: ccm_status,
    message: CString,
    operation: Option<CString>,
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
        // Making the error must not fail either: there is nobody left to tell.
        let status = failure.status;
        let made = caught(|| Ok(Self::make(failure)));
        let made = made.unwrap_or_else(|_| Self::plain(status, CString::default()));
        give(made)
    }

    fn plain(status: ccm_status, message: CString) -> Self {
        Self {
            tag: Tag::of::<Self>(),
            status,
            message,
            operation: None,
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
            Cause::Text(text) => return Self::plain(failure.status, owned(&text)),
            Cause::Call(error) => error,
        };
        let fields = error.field_errors().iter();
        let fields = fields.flat_map(|(name, messages)| messages.iter().map(|m| (owned(name), owned(m))));
        Self {
            operation: error.operation().map(owned),
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

/// Frees an error. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_free(error: *mut ccm_error) {
    drop(unsafe { take(error) });
}

/// What kind of thing went wrong: the status that the function returned.
///
/// @return CCM_MISUSE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_status(error: *const ccm_error) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || Ok(unsafe { borrow(error) }?.status))
}

/// What went wrong, in a sentence or two, with the operation and the number of attempts.
///
/// @return A text that lives as long as the error; "" for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_message(error: *const ccm_error) -> *const c_char {
    quiet(c"".as_ptr(), || Ok(unsafe { borrow(error) }?.message.as_ptr()))
}

/// The operation that failed, such as "configs.create".
///
/// @return A text that lives as long as the error, or NULL when no operation was under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_operation(error: *const ccm_error) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.operation.as_ref())))
}

/// The HTTP status of the answer, such as 404.
///
/// @return 0 when there was no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_http_status(error: *const ccm_error) -> i32 {
    quiet(0, || Ok(unsafe { borrow(error) }?.http_status))
}

/// How many messages about fields there are: from the answer (400), or from the check before sending.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_field_count(error: *const ccm_error) -> usize {
    quiet(0, || Ok(unsafe { borrow(error) }?.fields.len()))
}

/// The field that a message is about.
///
/// @param index From 0 to ccm_error_field_count() - 1.
/// @return A text that lives as long as the error, or NULL beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_field_name(error: *const ccm_error, index: usize) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.fields.get(index).map(|f| &f.0))))
}

/// A message about a field.
///
/// @param index From 0 to ccm_error_field_count() - 1.
/// @return A text that lives as long as the error, or NULL beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_field_message(error: *const ccm_error, index: usize) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.fields.get(index).map(|f| &f.1))))
}

/// How long to wait before trying again, in milliseconds, when the service or the pacing said so.
///
/// @return -1 when nobody said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_retry_after_ms(error: *const ccm_error) -> i64 {
    quiet(-1, || Ok(unsafe { borrow(error) }?.retry_after_ms))
}

/// How often the request was sent; 0 when it never left.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_attempts(error: *const ccm_error) -> u32 {
    quiet(0, || Ok(unsafe { borrow(error) }?.attempts))
}

/// Whether the service may have done what was asked although the call failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_maybe_applied(error: *const ccm_error) -> bool {
    quiet(false, || Ok(unsafe { borrow(error) }?.maybe_applied))
}

/// Whether the same call may succeed later, because nothing is wrong with it: the rate limit was used up, the service or the
/// connection failed, or time ran out. It may have been carried out: see ccm_error_maybe_applied().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_is_retryable(error: *const ccm_error) -> bool {
    quiet(false, || Ok(unsafe { borrow(error) }?.retryable))
}

/// The JSON path of what could not be read (CCM_DECODE), such as "[1].order".
///
/// @return A text that lives as long as the error, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_path(error: *const ccm_error) -> *const c_char {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(error) }?.path.as_ref())))
}

/// The body of the answer as it came, at most its first 16 KiB.
///
/// @param length Takes the number of bytes; may be NULL.
/// @return Bytes that live as long as the error and do not end with a NUL; NULL when there was no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_error_body(error: *const ccm_error, length: *mut usize) -> *const c_char {
    let body = quiet(&[] as &[u8], || Ok(unsafe { borrow(error) }?.body.as_slice()));
    unsafe { tell(length, body.len()) };
    if body.is_empty() { ptr::null() } else { body.as_ptr().cast() }
}

fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(ptr::null(), |text| text.as_ptr())
}
