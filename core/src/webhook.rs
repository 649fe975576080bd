//! Verifies that a webhook call comes from the service.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

/// Header with the id of the call.
pub const ID_HEADER: &str = "X-ConfigCat-Webhook-ID";
/// Header with the time of the call, in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "X-ConfigCat-Webhook-Timestamp";
/// Header with the signatures.
pub const SIGNATURE_HEADER: &str = "X-ConfigCat-Webhook-Signature-V1";

/// Why a webhook request cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
#[non_exhaustive]
pub enum VerificationError {
    /// No signing key to verify with.
    NoKey,
    /// The timestamp header is not a number of seconds.
    BadTimestamp,
    /// The call is older, or further in the future, than the tolerance allows.
    TooOld,
    /// No signature matches any of the keys.
    WrongSignature,
}

impl fmt::Display for VerificationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => "no signing key to verify with",
            Self::BadTimestamp => "the timestamp is not a number of seconds",
            Self::TooOld => "the timestamp is outside of the tolerance",
            Self::WrongSignature => "no signature matches",
        })
    }
}

impl std::error::Error for VerificationError {}

/// Signs a webhook call the way the service does, for tests of webhook receivers.
///
/// `key` is a complete signing key, `timestamp` is in Unix seconds. Returns one signature of [`SIGNATURE_HEADER`].
#[must_use]
pub fn sign(key: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC accepts a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(id.as_bytes());
    mac.update(timestamp.as_bytes());
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Verifies webhook calls with one signing key, or with two during key rotation.
///
/// ```
/// use configcat_management::webhook::Verifier;
///
/// let verifier = Verifier::new(["configcat_whsk_..."]);
/// let trusted = verifier.verify("id", "1669629035", "signature", b"body").is_ok();
/// assert!(!trusted);
/// ```
#[derive(Clone)]
pub struct Verifier {
    keys: Vec<Zeroizing<String>>,
    tolerance: Option<Duration>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.keys.len())
            .field("tolerance", &self.tolerance)
            .finish()
    }
}

impl Verifier {
    /// Creates a verifier with these signing keys, as the service shows them. Empty keys are ignored. The default tolerance
    /// for the timestamp is 5 minutes.
    pub fn new(keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let keys = keys.into_iter().map(|k| Zeroizing::new(k.into())).filter(|k| !k.is_empty()).collect();
        Self { keys, tolerance: Some(Duration::from_secs(300)) }
    }

    /// Sets how far the timestamp may be from now, in the past or the future. `None` allows any distance, and thereby replay
    /// of old calls.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: Option<Duration>) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Verifies a call now.
    ///
    /// `id`, `timestamp` and `signatures` are the values of [`ID_HEADER`], [`TIMESTAMP_HEADER`] and
    /// [`SIGNATURE_HEADER`]; `body` is the body as received, before any parsing.
    ///
    /// # Errors
    /// [`VerificationError`] with the reason why the call cannot be trusted.
    pub fn verify(
        &self,
        id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
    ) -> Result<(), VerificationError> {
        self.verify_at(id, timestamp, signatures, body, SystemTime::now())
    }

    /// Verifies a call as of the time `now`.
    ///
    /// # Errors
    /// [`VerificationError`] with the reason why the call cannot be trusted.
    pub fn verify_at(
        &self,
        id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), VerificationError> {
        if self.keys.is_empty() {
            return Err(VerificationError::NoKey);
        }
        let seconds: u64 = timestamp.trim().parse().map_err(|_| VerificationError::BadTimestamp)?;
        let sent =
            UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).ok_or(VerificationError::BadTimestamp)?;
        let apart = now.duration_since(sent).unwrap_or_else(|early| early.duration());
        // Compares every key with every signature, even after a match, so that timing reveals nothing.
        let mut matched = Choice::from(0);
        for key in &self.keys {
            let expected = sign(key, id, timestamp, body);
            for signature in signatures.split(',') {
                matched |= signature.trim().as_bytes().ct_eq(expected.as_bytes());
            }
        }
        if !bool::from(matched) {
            return Err(VerificationError::WrongSignature);
        }
        if self.tolerance.is_some_and(|tolerance| apart > tolerance) {
            return Err(VerificationError::TooOld);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "configcat_whsk_VN3juirnVh5pNvCKd81RYRYchxUX4j3NykbZG2fAy88=";
    const ID: &str = "b616ca659d154a5fb907dd8475792eeb";
    const TIME: &str = "1669629035";
    const BODY: &[u8] = b"examplebody";
    const SIGNATURE: &str = "Ks3cYsu9Lslfo+hVxNC3oQWnsF9e5d73TI5t94D9DRA=";

    fn at(offset: i64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_669_629_035_u64.checked_add_signed(offset).unwrap())
    }

    #[test]
    fn known_signature_is_accepted() {
        let verifier = Verifier::new([KEY]);
        assert_eq!(verifier.verify_at(ID, TIME, SIGNATURE, BODY, at(0)), Ok(()));
        assert_eq!(verifier.verify(ID, TIME, SIGNATURE, BODY), Err(VerificationError::TooOld));
    }

    #[test]
    fn any_key_and_any_signature_may_match() {
        let verifier = Verifier::new(["configcat_whsk_old", KEY]);
        let two = format!("AAAA=, {SIGNATURE}");
        assert_eq!(verifier.verify_at(ID, TIME, &two, BODY, at(0)), Ok(()));
    }

    #[test]
    fn tampered_call_is_rejected() {
        let verifier = Verifier::new([KEY]);
        let wrong = Err(VerificationError::WrongSignature);
        assert_eq!(verifier.verify_at("other", TIME, SIGNATURE, BODY, at(0)), wrong);
        assert_eq!(verifier.verify_at(ID, "1669629036", SIGNATURE, BODY, at(0)), wrong);
        assert_eq!(verifier.verify_at(ID, TIME, SIGNATURE, b"examplebodY", at(0)), wrong);
        assert_eq!(verifier.verify_at(ID, TIME, "", BODY, at(0)), wrong);
        assert_eq!(Verifier::new(["other"]).verify_at(ID, TIME, SIGNATURE, BODY, at(0)), wrong);
    }

    #[test]
    fn timestamp_tolerance_applies_to_past_and_future() {
        let verifier = Verifier::new([KEY]).tolerance(Some(Duration::from_secs(10)));
        for (offset, expected) in [
            (10, Ok(())),
            (-10, Ok(())),
            (11, Err(VerificationError::TooOld)),
            (-11, Err(VerificationError::TooOld)),
        ] {
            assert_eq!(verifier.verify_at(ID, TIME, SIGNATURE, BODY, at(offset)), expected, "{offset}");
        }
        let any = Verifier::new([KEY]).tolerance(None);
        assert_eq!(any.verify_at(ID, TIME, SIGNATURE, BODY, at(1 << 30)), Ok(()));
        assert_eq!(any.verify_at(ID, "soon", SIGNATURE, BODY, at(0)), Err(VerificationError::BadTimestamp));
    }

    #[test]
    fn verifier_without_keys_rejects_every_call() {
        let error = Verifier::new([""]).verify(ID, TIME, SIGNATURE, BODY).unwrap_err();
        assert_eq!(error, VerificationError::NoKey);
        assert_eq!(error.to_string(), "no signing key to verify with");
    }

    #[test]
    fn debug_shows_the_number_of_keys_only() {
        let shown = format!("{:?}", Verifier::new([KEY, "another"]));
        assert_eq!(shown, "Verifier { keys: 2, tolerance: Some(300s) }");
    }
}
