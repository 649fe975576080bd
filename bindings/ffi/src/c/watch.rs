//! The rate limit of a client as it changes

use super::client::{ccm_client, ccm_rate_limit, shared};
use super::error::ccm_error;
use super::guard::guard;
use super::runtime::runtime;
use super::status::ccm_status;
use super::watching::{Watching, lock};
use std::ffi::c_void;
use std::sync::{Arc, Mutex};

/// Receives the state of the rate limit. Runs on a thread of the library: it must return quickly and must not call functions that
/// wait.
///
/// @param user_data The pointer that was passed with the callback.
/// @param state The state; valid until the callback returns.
pub type ccm_rate_limit_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, state: *const ccm_rate_limit)>;

struct Target {
    call: unsafe extern "C" fn(*mut c_void, *const ccm_rate_limit),
    user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on; the header states that the callback runs on another thread.
unsafe impl Send for Target {}

impl Target {
    fn deliver(&self, state: &ccm_rate_limit) {
        // SAFETY: the callback and its user data are valid until another callback is set, as the header requires.
        unsafe { (self.call)(self.user_data, state) };
    }
}

/// Sets a callback that receives the current state of the rate limit, and again when a response has changed it.
///
/// When this function returns, the previous callback of the client is not running and will not be called again, so that what its
/// user_data refers to may be freed. The exception is a call inside a callback, which does not wait. The callback is not called any more
/// either when the client has been freed and its calls have completed. Starts the threads of the library.
///
/// @param client The client.
/// @param callback Receives the state; NULL for none.
/// @param user_data Passed to the callback unchanged.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_client_set_rate_limit_callback(
    client: *const ccm_client,
    callback: ccm_rate_limit_callback,
    user_data: *mut c_void,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            let client = shared(client)?;
            // Before the next one is called, and without the lock, which the callback may need.
            client.watch.replace(None);
            let Some(call) = callback else { return Ok(ccm_status::CCM_OK) };
            let target = Target { call, user_data };
            let gate = Arc::new(Mutex::new(true));
            let opened = Arc::clone(&gate);
            let watching = client.client()?.watch_rate_limit(move |state| {
                let open = lock(&opened);
                if *open {
                    target.deliver(&state.into());
                }
            });
            let abort = runtime()?.spawn(watching).abort_handle();
            client.watch.replace(Some(Watching::new(abort, gate)));
            Ok(ccm_status::CCM_OK)
        })
    }
}
