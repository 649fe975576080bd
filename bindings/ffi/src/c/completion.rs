//! The end of an asynchronous call, and its callback

use super::error::ccm_error;
use super::failure::{Failure, Outcome};
use super::response::ccm_response;
use super::status::ccm_status;
use std::ffi::c_void;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Is told once that an asynchronous call has ended, whatever came of it.
///
/// Runs on a thread of the library, or where the queue of the call is emptied. On a thread of the library: return quickly,
/// and call no function that waits. It must not throw nor jump out.
///
/// @param user_data What was given with the call.
/// @param status CCM_OK, or why there is no response.
/// @param response The answer, to be freed with ccm_response_free(); NULL on failure.
/// @param error Why it failed, to be freed with ccm_error_free(); NULL on success.
pub type ccm_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        status: ccm_status,
        response: *mut ccm_response,
        error: *mut ccm_error,
    ),
>;

/// Whom to tell of the end.
#[derive(Debug, Clone, Copy)]
pub struct Callback {
    call: unsafe extern "C" fn(*mut c_void, ccm_status, *mut ccm_response, *mut ccm_error),
    user_data: *mut c_void,
}

// SAFETY: what the pointer leads to is the caller's, who has been told that callbacks come from other threads.
unsafe impl Send for Callback {}

impl Callback {
    pub fn of(callback: ccm_callback, user_data: *mut c_void) -> Outcome<Self> {
        let call = callback.ok_or_else(|| Failure::misuse("callback is NULL"))?;
        Ok(Self { call, user_data })
    }
}

/// Whether a call has ended.
#[derive(Debug, Default)]
pub struct End {
    pub told: Mutex<bool>,
    pub changed: Condvar,
}

/// The end of a call, to be told by its callback.
#[derive(Debug)]
pub struct Completion {
    pub callback: Callback,
    pub status: ccm_status,
    pub response: *mut ccm_response,
    pub error: *mut ccm_error,
    pub end: Arc<End>,
}

// SAFETY: response and error are handed over as a whole.
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
