//! HTTP Basic credentials: encoding, redaction, and providers.

use crate::error::{Error, ErrorKind, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use zeroize::Zeroizing;

/// User name and password of a Public API credential. Wiped from memory when the last clone is dropped, and redacted in
/// `Debug` output.
#[derive(Clone)]
pub struct Credentials {
    header: HeaderValue,
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
        Ok(Self { header })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Redacts echoed credentials in a body that an error keeps: a failing proxy may echo the request.
    pub(crate) fn hidden_in<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        let encoded = self.header.as_bytes().strip_prefix(b"Basic ").unwrap_or_default();
        let plain = Zeroizing::new(STANDARD.decode(encoded).unwrap_or_default());
        hide(hide(Cow::Borrowed(body), encoded), password_of(&plain))
    }
}

/// Returns the password in `user:password`, or nothing if it is so short that it would match unrelated text.
fn password_of(plain: &[u8]) -> &[u8] {
    const SHORTEST: usize = 6;
    let colon = plain.iter().position(|byte| *byte == b':');
    let password = colon.and_then(|at| plain.get(at + 1..)).unwrap_or_default();
    if password.len() < SHORTEST { &[] } else { password }
}

/// Replaces every occurrence of a secret with `***`.
fn hide<'a>(text: Cow<'a, [u8]>, secret: &[u8]) -> Cow<'a, [u8]> {
    let found = |text: &[u8]| text.windows(secret.len().max(1)).position(|window| window == secret);
    if secret.is_empty() || found(&text).is_none() {
        return text;
    }
    let (mut rest, mut shown) = (&*text, Vec::new());
    while let Some(at) = found(rest) {
        shown.extend_from_slice(rest.get(..at).unwrap_or_default());
        shown.extend_from_slice(b"***");
        rest = rest.get(at + secret.len()..).unwrap_or_default();
    }
    shown.extend_from_slice(rest);
    Cow::Owned(shown)
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
    fn echoed_credentials_are_redacted() {
        let credentials = Credentials::new("Aladdin", "open:sesame").unwrap();
        let body = b"authorization: Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ== (open:sesame) twice: open:sesame";
        let hidden = credentials.hidden_in(body);
        assert_eq!(&*hidden, b"authorization: Basic *** (***) twice: ***");
        assert!(matches!(credentials.hidden_in(b"fine"), Cow::Borrowed(b"fine")));
        let shortest = Credentials::new("Aladdin", "sesame").unwrap();
        assert_eq!(&*shortest.hidden_in(b"open sesame"), b"open ***");
        // Too short to distinguish from ordinary text.
        let credentials = Credentials::new("Aladdin", "open").unwrap();
        assert_eq!(&*credentials.hidden_in(b"open: QWxhZGRpbjpvcGVu"), b"open: ***");
    }

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
