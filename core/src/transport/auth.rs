//! Basic credentials, the care they need, and who may give them.

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

/// User name and password of a Public API credential; wiped from memory when the last user drops it, and never shown.
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
    /// Takes the two parts.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when the user name is empty or has a colon, or a part has a character that a header
    /// cannot carry.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Result<Self> {
        Self::wiping(&Zeroizing::new(username.into()), &Zeroizing::new(password.into()))
    }

    /// Takes the two parts from where they are wiped.
    pub(crate) fn wiping(username: &Zeroizing<String>, password: &Zeroizing<String>) -> Result<Self> {
        if username.is_empty() || username.contains(':') {
            return Err(Error::configuration("the user name must not be empty nor hold a colon"));
        }
        let plain = Zeroizing::new(format!("{}:{}", username.as_str(), password.as_str()));
        let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        let text = Zeroizing::new(format!("Basic {}", encoded.as_str()));
        // The header value shares this buffer with every request, and the buffer wipes itself at the end.
        let owner = Wiped(Zeroizing::new(text.as_bytes().to_vec()));
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(owner))
            .map_err(|_| Error::configuration("the credentials cannot be sent in a header"))?;
        header.set_sensitive(true);
        Ok(Self { header })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// A body as an error may keep it: a proxy that fails may say what it was sent, credentials included.
    pub(crate) fn hidden_in<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        let encoded = self.header.as_bytes().strip_prefix(b"Basic ").unwrap_or_default();
        let plain = Zeroizing::new(STANDARD.decode(encoded).unwrap_or_default());
        hide(hide(Cow::Borrowed(body), encoded), password_of(&plain))
    }
}

/// The password in `user:password`; nothing if it is so short that it would be found where it does not stand.
fn password_of(plain: &[u8]) -> &[u8] {
    const SHORTEST: usize = 6;
    let colon = plain.iter().position(|byte| *byte == b':');
    let password = colon.and_then(|at| plain.get(at + 1..)).unwrap_or_default();
    if password.len() < SHORTEST { &[] } else { password }
}

/// Puts asterisks in place of a secret.
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

struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A future of credentials.
pub type Giving<'a> = Pin<Box<dyn Future<Output = Result<Credentials>> + Send + 'a>>;

/// Gives credentials when a call needs them, from wherever an application keeps them: a key store, a vault.
///
/// It is asked once per call, before anything is sent and within the call's `timeout`, and the client forgets the
/// answer with the call.
pub trait CredentialProvider: Send + Sync {
    /// Gives the credentials of a call. An error ends the call as [`ErrorKind::Authentication`], nothing sent.
    fn credentials(&self) -> Giving<'_>;
}

/// Where the credentials of a client come from.
#[derive(Clone)]
pub(crate) enum Source {
    Fixed(Credentials),
    Asked(Arc<dyn CredentialProvider>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(***)",
            Self::Asked(_) => "Asked",
        })
    }
}

impl Source {
    /// The credentials for a call.
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
    fn credentials_that_come_back_are_hidden() {
        let credentials = Credentials::new("Aladdin", "open:sesame").unwrap();
        let body = b"authorization: Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ== (open:sesame) twice: open:sesame";
        let hidden = credentials.hidden_in(body);
        assert_eq!(&*hidden, b"authorization: Basic *** (***) twice: ***");
        assert!(matches!(credentials.hidden_in(b"fine"), Cow::Borrowed(b"fine")));
        let shortest = Credentials::new("Aladdin", "sesame").unwrap();
        assert_eq!(&*shortest.hidden_in(b"open sesame"), b"open ***");
        // Too short to tell from text.
        let credentials = Credentials::new("Aladdin", "open").unwrap();
        assert_eq!(&*credentials.hidden_in(b"open: QWxhZGRpbjpvcGVu"), b"open: ***");
    }

    #[test]
    fn the_header_is_basic_and_never_shown() {
        let credentials = Credentials::new("Aladdin", "open sesame").unwrap();
        assert_eq!(credentials.header().as_bytes(), b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let shown =
            format!("{credentials:?} {:?} {:?}", credentials.header(), Source::Fixed(credentials.clone()));
        assert!(!shown.contains("QWxh") && !shown.contains("sesame"), "{shown}");
        assert_eq!(format!("{:?}", Source::Fixed(credentials)), "Fixed(***)");
        assert!(shown.starts_with("Credentials"), "{shown}");
    }
}
