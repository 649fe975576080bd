//! Credentials that the application provides for each call.

use configcat_management::{CredentialFuture, CredentialProvider, Credentials, Error};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

type CredentialResult = Result<Credentials, Error>;

/// Pending request for the credentials of a call. Only the first result counts; the call fails if the request is dropped
/// without one.
#[derive(uniffi::Object)]
pub struct NativeCredentialRequest(Mutex<Option<oneshot::Sender<CredentialResult>>>);

impl std::fmt::Debug for NativeCredentialRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NativeCredentialRequest")
    }
}

#[uniffi::export]
impl NativeCredentialRequest {
    /// Provides the credentials.
    pub fn give(&self, username: String, password: String) {
        self.complete(Credentials::new(username, password));
    }

    /// Fails the call. `reason` says why there are no credentials, and must not contain secrets.
    pub fn refuse(&self, reason: String) {
        self.complete(Err(Error::bad_request(reason)));
    }
}

impl NativeCredentialRequest {
    fn complete(&self, result: CredentialResult) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waiting) = waiting {
            // Sending fails if the call was cancelled; the result is not needed then.
            let _ = waiting.send(result);
        }
    }
}

/// Callback that provides an application's credentials.
///
/// It receives a request, and completes it later on any thread. It is not an asynchronous function, because uniffi's code
/// for asynchronous callbacks does not pass the concurrency checks of Swift 6.
#[uniffi::export(with_foreign)]
pub trait NativeCredentialProvider: Send + Sync {
    /// Starts to obtain credentials, and returns immediately.
    fn begin(&self, request: Arc<NativeCredentialRequest>);
}

/// Adapts the application's provider to the core's [`CredentialProvider`].
pub(crate) struct Foreign(pub(crate) Arc<dyn NativeCredentialProvider>);

impl CredentialProvider for Foreign {
    fn credentials(&self) -> CredentialFuture<'_> {
        let (sender, receiver) = oneshot::channel();
        self.0.begin(Arc::new(NativeCredentialRequest(Mutex::new(Some(sender)))));
        Box::pin(async {
            receiver.await.unwrap_or_else(|_| {
                Err(Error::bad_request("the credential provider completed without credentials"))
            })
        })
    }
}
