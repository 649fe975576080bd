//! Credentials that the application gives call by call.

use configcat_management::{CredentialProvider, Credentials, Error, Giving};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

type Answer = Result<Credentials, Error>;

/// A call that waits for its credentials. The first answer counts; dropped without one, the call fails.
#[derive(uniffi::Object)]
pub struct NativeCredentialRequest(Mutex<Option<oneshot::Sender<Answer>>>);

impl std::fmt::Debug for NativeCredentialRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NativeCredentialRequest")
    }
}

#[uniffi::export]
impl NativeCredentialRequest {
    /// Gives the credentials.
    pub fn give(&self, username: String, password: String) {
        self.answer(Credentials::new(username, password));
    }

    /// Says why there are none, without secrets.
    pub fn refuse(&self, reason: String) {
        self.answer(Err(Error::bad_request(reason)));
    }
}

impl NativeCredentialRequest {
    fn answer(&self, answer: Answer) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waiting) = waiting {
            // Nobody waits any more when the call was called off.
            let _ = waiting.send(answer);
        }
    }
}

/// Where the application keeps its credentials.
///
/// It is told of a request and answers in its own time and on a thread of its own: what uniffi has for functions of the
/// application that are awaited does not get through the checks of Swift 6.
#[uniffi::export(with_foreign)]
pub trait NativeCredentialProvider: Send + Sync {
    /// Begins to look for credentials, and returns at once.
    fn begin(&self, request: Arc<NativeCredentialRequest>);
}

/// The application's provider as the core knows providers.
pub(crate) struct Foreign(pub(crate) Arc<dyn NativeCredentialProvider>);

impl CredentialProvider for Foreign {
    fn credentials(&self) -> Giving<'_> {
        let (sender, receiver) = oneshot::channel();
        self.0.begin(Arc::new(NativeCredentialRequest(Mutex::new(Some(sender)))));
        Box::pin(async {
            receiver.await.unwrap_or_else(|_| Err(Error::bad_request("its provider ended without an answer")))
        })
    }
}
