//! Credentials that the application gives call by call.

use configcat_management::{CredentialProvider, Credentials, Error, Giving};
use std::sync::Arc;

/// User name and password on their way from the application; nothing shows them, and they end with the call.
#[derive(uniffi::Object)]
pub struct NativeCredentials(Credentials);

impl std::fmt::Debug for NativeCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NativeCredentials(***)")
    }
}

#[uniffi::export]
impl NativeCredentials {
    /// Takes the two parts.
    ///
    /// # Errors
    /// A part that cannot be sent.
    #[uniffi::constructor]
    pub fn new(username: String, password: String) -> Result<Self, crate::CallError> {
        Ok(Self(Credentials::new(username, password)?))
    }
}

/// The application has no credentials to give.
#[derive(Debug, uniffi::Error)]
pub enum ProviderError {
    /// For this reason.
    Failed {
        /// Why, without secrets.
        reason: String,
    },
}

impl std::fmt::Display for ProviderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Failed { reason } = self;
        f.write_str(reason)
    }
}

impl std::error::Error for ProviderError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for ProviderError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Where the application keeps its credentials.
#[uniffi::export(with_foreign)]
#[async_trait::async_trait]
pub trait NativeCredentialProvider: Send + Sync {
    /// Gives the credentials for a call.
    async fn credentials(&self) -> Result<Arc<NativeCredentials>, ProviderError>;
}

/// The application's provider as the core knows providers.
pub(crate) struct Foreign(pub(crate) Arc<dyn NativeCredentialProvider>);

impl CredentialProvider for Foreign {
    fn credentials(&self) -> Giving<'_> {
        Box::pin(async {
            let given = self.0.credentials().await;
            given.map(|c| c.0.clone()).map_err(|error| Error::bad_request(error.to_string()))
        })
    }
}
