//! Headers of attempts

use super::failure::{Failure, quiet};
use super::handle::{borrow_mut, give, handle, take};
use super::observer::{ccm_event, with_attempt};
use super::options::{ccm_options, change};
use super::status::ccm_status;
use super::text::text;
use configcat_management::ExtraHeaders;
use configcat_management::observer::Attempt;
use std::ffi::{c_char, c_void};

/// Receives the headers of one attempt. Owned by the library; valid until the callback returns.
pub struct ccm_attempt_headers {
    headers: ExtraHeaders,
}

handle!(ccm_attempt_headers, b"ccmahead");

/// Makes the headers of an attempt, with ccm_attempt_headers_set(): the context of a trace, or a signature.
///
/// Called before each attempt of a call: on the thread that waits for the call, or on a thread of the library for a call that was
/// started. Other calls may wait meanwhile: it must return quickly, and must not call functions of the library that wait. It must not
/// throw exceptions or call longjmp().
///
/// @param user_data The pointer that was passed with the callback.
/// @param attempt An event of the type CCM_EVENT_ATTEMPT; valid until the callback returns.
/// @param headers Receives the headers.
pub type ccm_attempt_headers_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        attempt: *const ccm_event,
        headers: *mut ccm_attempt_headers,
    ),
>;

/// Calls a C callback for the headers of each attempt.
#[derive(Debug, Clone, Copy)]
struct Source {
    callback: unsafe extern "C" fn(*mut c_void, *const ccm_event, *mut ccm_attempt_headers),
    user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on; the header states that callbacks run on several threads.
unsafe impl Send for Source {}
unsafe impl Sync for Source {}

impl Source {
    fn make(self, attempt: &Attempt<'_>) -> ExtraHeaders {
        let headers = give(ccm_attempt_headers { headers: ExtraHeaders::default() });
        with_attempt(attempt, |event| unsafe { (self.callback)(self.user_data, event, headers) });
        // SAFETY: the handle was made above; the tag tells if the callback has freed it.
        unsafe { take(headers) }.map(|headers| headers.headers).unwrap_or_default()
    }
}

/// Adds a header to the attempt, or replaces the one of this name. Headers of the call with the same name take precedence, see
/// ccm_params_set_header(). The strings are copied. Values are masked in errors and logs.
///
/// A header that the client sets itself, such as Authorization, or a value with control characters fails the call with
/// CCM_BAD_REQUEST.
///
/// @param name Name of the header; case does not matter.
/// @param value Value of the header.
/// @return CCM_OK; CCM_MISUSE if a pointer is NULL, or a string is not UTF-8: the header is not sent then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_attempt_headers_set(
    headers: *mut ccm_attempt_headers,
    name: *const c_char,
    value: *const c_char,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || unsafe {
        let (name, value) = (text(name, "name")?, text(value, "value")?);
        borrow_mut(headers)?.headers.set(name, value);
        Ok(ccm_status::CCM_OK)
    })
}

/// Sets a callback that adds headers to each attempt of each call. To send the same headers with all attempts, use
/// ccm_options_set_header().
///
/// @param callback Called for each attempt, until the client has been freed and its calls have completed.
/// @param user_data Passed to the callback unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_attempt_headers(
    options: *mut ccm_options,
    callback: ccm_attempt_headers_callback,
    user_data: *mut c_void,
) -> ccm_status {
    unsafe {
        change(options, |b| match callback {
            Some(callback) => {
                let source = Source { callback, user_data };
                Ok(b.attempt_headers(move |attempt| source.make(attempt)))
            }
            None => Err(Failure::misuse("callback is NULL")),
        })
    }
}
