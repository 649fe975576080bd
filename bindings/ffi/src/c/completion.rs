//! Completion of asynchronous calls, and their callbacks

use super::error::ccm_error;
use super::failure::{CResult, Failure};
use super::response::ccm_response;
use super::status::ccm_status;
use std::ffi::c_void;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Called once when an asynchronous call has completed, whether it succeeded or not.
///
/// Runs on a thread of the library, or on the thread that dispatches the queue of the call. On a thread of the library, it must
/// return quickly and must not call functions that wait. It must not throw exceptions or call longjmp().
///
/// @param user_data The pointer that was passed with the callback.
/// @param status CCM_OK, or why there is no response.
/// @param response The response, to be freed with ccm_response_free(); NULL on failure.
/// @param error The cause of the failure, to be freed with ccm_error_free(); NULL on success.
pub type ccm_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        status: ccm_status,
        response: *mut ccm_response,
        error: *mut ccm_error,
    ),
>;

/// A callback with its user data.
#[derive(Debug, Clone, Copy)]
pub struct Callback {
    call: unsafe extern "C" fn(*mut c_void, ccm_status, *mut ccm_response, *mut ccm_error),
    user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on; the header states that callbacks run on other threads.
unsafe impl Send for Callback {}

impl Callback {
    pub fn of(callback: ccm_callback, user_data: *mut c_void) -> CResult<Self> {
        let call = callback.ok_or_else(|| Failure::misuse("callback is NULL"))?;
        Ok(Self { call, user_data })
    }
}

/// Whether the callback of a call has returned.
#[derive(Debug, Default)]
pub struct End {
    pub told: Mutex<bool>,
    pub changed: Condvar,
}

/// Outcome of a completed call, to be passed to its callback.
#[derive(Debug)]
pub struct Completion {
    pub callback: Callback,
    pub status: ccm_status,
    pub response: *mut ccm_response,
    pub error: *mut ccm_error,
    pub end: Arc<End>,
}

// SAFETY: the completion owns the response and the error.
unsafe impl Send for Completion {}

impl Completion {
    /// Runs the callback.
    pub fn deliver(self) {
        let Callback { call, user_data } = self.callback;
        unsafe { call(user_data, self.status, self.response, self.error) };
        *self.end.told.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.end.changed.notify_all();
    }
}
