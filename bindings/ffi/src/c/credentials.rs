//! Credential callbacks

use super::failure::{Failure, quiet};
use super::handle::{borrow_mut, give, handle, take};
use super::options::{ccm_options, change};
use super::status::ccm_status;
use super::text::text;
use configcat_management::{CredentialFuture, CredentialProvider, Credentials, Error};
use std::ffi::{c_char, c_void};
use tokio::runtime::{Handle, RuntimeFlavor};

/// Receives the credentials of one call. Owned by the library; valid until the callback returns.
pub struct ccm_credentials {
    result: Option<Result<Credentials, Error>>,
}

handle!(ccm_credentials, b"ccmcreds");

/// Provides the credentials of a call: calls ccm_credentials_set() or ccm_credentials_refuse() before it returns.
///
/// Called once per call, before anything is sent: on the thread that waits for the call, or on a thread of the library for a call
/// that was started. Other calls may wait meanwhile: it must return quickly, and must not call functions of the library that wait.
/// It must not throw exceptions or call longjmp().
///
/// @param user_data The pointer that was passed with the callback.
/// @param credentials Receives the credentials.
pub type ccm_credentials_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, credentials: *mut ccm_credentials)>;

/// Calls a C callback for the credentials of each call.
#[derive(Debug, Clone, Copy)]
struct Provider {
    callback: unsafe extern "C" fn(*mut c_void, *mut ccm_credentials),
    user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on; the header states that callbacks run on several threads.
unsafe impl Send for Provider {}
unsafe impl Sync for Provider {}

impl Provider {
    fn ask(self) -> Result<Credentials, Error> {
        let credentials = give(ccm_credentials { result: None });
        unsafe { (self.callback)(self.user_data, credentials) };
        // SAFETY: the handle was made above; the tag tells if the callback has freed it.
        let given = unsafe { take(credentials) }.and_then(|credentials| credentials.result);
        given.unwrap_or_else(|| Err(Error::configuration("the callback set no credentials")))
    }
}

impl CredentialProvider for Provider {
    fn credentials(&self) -> CredentialFuture<'_> {
        Box::pin(async {
            let threads = Handle::try_current().map(|handle| handle.runtime_flavor());
            if matches!(threads, Ok(RuntimeFlavor::MultiThread)) {
                // Other threads serve the other calls.
                tokio::task::block_in_place(|| self.ask())
            } else {
                self.ask()
            }
        })
    }
}

/// Sets the user name and password for the call. The strings are copied, and the copies are wiped when freed. Credentials that
/// cannot be sent fail the call.
///
/// @return CCM_OK; CCM_MISUSE if a pointer is NULL, or a string is not UTF-8: the call then fails, unless this function is called
///         again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_credentials_set(
    credentials: *mut ccm_credentials,
    username: *const c_char,
    password: *const c_char,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || unsafe {
        let given = Credentials::new(text(username, "username")?, text(password, "password")?);
        borrow_mut(credentials)?.result = Some(given);
        Ok(ccm_status::CCM_OK)
    })
}

/// Fails the call with CCM_AUTHENTICATION: there are no credentials.
///
/// @param reason Why; part of the error message, and therefore without secrets.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_credentials_refuse(
    credentials: *mut ccm_credentials,
    reason: *const c_char,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || unsafe {
        let reason = text(reason, "reason")?;
        borrow_mut(credentials)?.result = Some(Err(Error::configuration(reason)));
        Ok(ccm_status::CCM_OK)
    })
}

/// Sets a callback that provides the credentials of each call, in the place of those of ccm_options_set_credentials(). The client
/// does not keep them.
///
/// @param callback Called for each call, until the client has been freed and its calls have completed. If it provides nothing, the
///        call fails with CCM_AUTHENTICATION, and nothing is sent.
/// @param user_data Passed to the callback unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_options_set_credential_provider(
    options: *mut ccm_options,
    callback: ccm_credentials_callback,
    user_data: *mut c_void,
) -> ccm_status {
    unsafe {
        change(options, |b| match callback {
            Some(callback) => Ok(b.credential_provider(Provider { callback, user_data })),
            None => Err(Failure::misuse("callback is NULL")),
        })
    }
}
