//! Basic credentials, and the care they need.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use std::fmt;
use zeroize::Zeroizing;

/// User name and password of a Public API credential; wiped from memory when the last user drops it.
#[derive(Clone)]
pub(crate) struct Credentials {
    header: HeaderValue,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

impl Credentials {
    /// Takes the two parts; both are wiped here.
    pub(crate) fn new(username: &Zeroizing<String>, password: &Zeroizing<String>) -> Option<Self> {
        let plain = Zeroizing::new(format!("{}:{}", username.as_str(), password.as_str()));
        let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        let text = Zeroizing::new(format!("Basic {}", encoded.as_str()));
        // The header value shares this buffer with every request, and the buffer wipes itself at the end.
        let owner = Wiped(Zeroizing::new(text.as_bytes().to_vec()));
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(owner)).ok()?;
        header.set_sensitive(true);
        Some(Self { header })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_basic_and_never_shown() {
        let credentials =
            Credentials::new(&Zeroizing::new("Aladdin".into()), &Zeroizing::new("open sesame".into()))
                .unwrap();
        assert_eq!(credentials.header().as_bytes(), b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let shown = format!("{credentials:?} {:?}", credentials.header());
        assert!(!shown.contains("QWxh") && !shown.contains("sesame"), "{shown}");
    }
}
