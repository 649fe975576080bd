//! HTTP Basic credentials: encoding, and providers.

use crate::error::{Error, ErrorKind, Result};
use crate::redaction::Redactor;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use zeroize::Zeroizing;

/// User name and password of a Public API credential. Wiped from memory when the last clone is dropped, and redacted in
/// `Debug` output.
#[derive(Clone)]
pub struct Credentials {
    header: HeaderValue,
    /// Created when it is first needed.
    redactor: Arc<OnceLock<Redactor>>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

impl Credentials {
    /// Creates credentials from a user name and a password.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when the user name is empty or contains a colon, or when the credentials cannot be sent
    /// in a header.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Result<Self> {
        Self::wiping(&Zeroizing::new(username.into()), &Zeroizing::new(password.into()))
    }

    /// Like [`new`](Self::new), from strings that are wiped on drop.
    pub(crate) fn wiping(username: &Zeroizing<String>, password: &Zeroizing<String>) -> Result<Self> {
        if username.is_empty() || username.contains(':') {
            return Err(Error::configuration("the user name must not be empty nor hold a colon"));
        }
        let plain = Zeroizing::new(format!("{}:{}", username.as_str(), password.as_str()));
        let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        let text = Zeroizing::new(format!("Basic {}", encoded.as_str()));
        // Every request shares the buffer of this header value. The buffer is wiped when the last reference is dropped.
        let owner = Wiped(Zeroizing::new(text.as_bytes().to_vec()));
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(owner))
            .map_err(|_| Error::configuration("the credentials cannot be sent in a header"))?;
        header.set_sensitive(true);
        Ok(Self { header, redactor: Arc::default() })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Returns what masks these credentials in text.
    pub(crate) fn redactor(&self) -> &Redactor {
        self.redactor.get_or_init(|| redactor(&self.header))
    }
}

/// Returns what masks the credentials of an Authorization header in text.
pub(super) fn redactor(header: &HeaderValue) -> Redactor {
    let encoded = header.as_bytes().strip_prefix(b"Basic ").unwrap_or_default();
    let plain = Zeroizing::new(STANDARD.decode(encoded).unwrap_or_default());
    let plain = std::str::from_utf8(&plain).unwrap_or_default();
    Redactor::new(plain.split_once(':'))
}

/// A buffer that is wiped on drop.
struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A future that resolves to credentials.
pub type CredentialFuture<'a> = Pin<Box<dyn Future<Output = Result<Credentials>> + Send + 'a>>;

/// Provides credentials when a call needs them, for example from a key store or a vault.
///
/// It is called once per call, before anything is sent and within the call's `timeout`. The client does not keep the
/// credentials for later calls.
pub trait CredentialProvider: Send + Sync {
    /// Returns the credentials of a call. On an error, nothing is sent and the call fails with
    /// [`ErrorKind::Authentication`].
    fn credentials(&self) -> CredentialFuture<'_>;
}

/// Source of a client's credentials.
#[derive(Clone)]
pub(crate) enum CredentialSource {
    Fixed(Credentials),
    Asked(Arc<dyn CredentialProvider>),
}

impl fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(***)",
            Self::Asked(_) => "Asked",
        })
    }
}

impl CredentialSource {
    /// Returns the credentials for a call.
    pub(crate) async fn give(&self) -> Result<Credentials> {
        match self {
            Self::Fixed(credentials) => Ok(credentials.clone()),
            Self::Asked(provider) => provider.credentials().await.map_err(|error| {
                let message = format!("not sent: the application gave no credentials: {}", error.message());
                Error::new(ErrorKind::Authentication, message).with_source(error)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_basic_and_redacted_in_debug() {
        let credentials = Credentials::new("Aladdin", "open sesame").unwrap();
        assert_eq!(credentials.header().as_bytes(), b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let shown = format!(
            "{credentials:?} {:?} {:?}",
            credentials.header(),
            CredentialSource::Fixed(credentials.clone())
        );
        assert!(!shown.contains("QWxh") && !shown.contains("sesame"), "{shown}");
        assert_eq!(format!("{:?}", CredentialSource::Fixed(credentials)), "Fixed(***)");
        assert!(shown.starts_with("Credentials"), "{shown}");
    }
}
