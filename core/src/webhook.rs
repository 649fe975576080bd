//! Verifies that a webhook call comes from the service, and signs calls for tests of webhook receivers.

mod names;
mod signing;

use crate::redaction::excerpt;
pub use names::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
pub use signing::{sign, signed_headers};
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

/// Length of a signature: 32 bytes in Base64.
const SIGNATURE_LENGTH: usize = 44;
/// Maximum number of signatures of a call. The service sends one for each of the webhook's two keys.
const MOST_SIGNATURES: usize = 4;
/// Number of digits of a Unix timestamp in seconds, from 2001 to 2286.
const TIMESTAMP_LENGTH: usize = 10;

/// Why a webhook request cannot be trusted. `found` is what the request had, in a printable form.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
#[non_exhaustive]
pub enum VerificationError {
    /// No signing key to verify with.
    NoKey,
    /// The tolerance is negative.
    BadTolerance,
    /// The id header does not have the form of an id of the service.
    BadId {
        /// The header.
        found: String,
    },
    /// The timestamp header is not a current Unix time in seconds.
    BadTimestamp {
        /// The header.
        found: String,
    },
    /// The signature header is not a list of one to four signatures.
    BadSignature {
        /// The header.
        found: String,
    },
    /// The call is older, or further in the future, than the tolerance allows.
    TooOld,
    /// No signature matches any of the keys.
    WrongSignature,
}

impl fmt::Display for VerificationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str("no signing key to verify with"),
            Self::BadTolerance => f.write_str("the tolerance must not be negative"),
            Self::BadId { found } => {
                write!(f, "the id must have 32 hexadecimal digits, with or without dashes, not \"{found}\"")
            }
            Self::BadTimestamp { found } => {
                write!(f, "the timestamp must have {TIMESTAMP_LENGTH} digits, not \"{found}\"")
            }
            Self::BadSignature { found } => {
                write!(
                    f,
                    "the signatures must be 1 to {MOST_SIGNATURES} of 32 bytes in Base64, not \"{found}\""
                )
            }
            Self::TooOld => f.write_str("the timestamp is outside of the tolerance"),
            Self::WrongSignature => f.write_str("no signature matches"),
        }
    }
}

impl std::error::Error for VerificationError {}

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
    any_id: bool,
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
        Self { keys, tolerance: Some(Duration::from_secs(300)), any_id: false }
    }

    /// Sets how far the timestamp may be from now, in the past or the future. `None` allows any distance, and thereby replay
    /// of old calls.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: Option<Duration>) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets whether to accept ids of any form. Default: no, only 32 hexadecimal digits, with or without the dashes of a UUID.
    ///
    /// The signature covers the id, the timestamp and the body without separators. Without the form of the id, an attacker
    /// who has recorded a call can move characters from the body to the timestamp, and thereby make an old call look current.
    #[must_use]
    pub const fn any_id(mut self, yes: bool) -> Self {
        self.any_id = yes;
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
        if !self.any_id && !is_id(id) {
            return Err(VerificationError::BadId { found: excerpt(id) });
        }
        let bad_timestamp = || VerificationError::BadTimestamp { found: excerpt(timestamp) };
        if timestamp.len() != TIMESTAMP_LENGTH || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(bad_timestamp());
        }
        let seconds: u64 = timestamp.parse().map_err(|_| bad_timestamp())?;
        let sent = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).ok_or_else(bad_timestamp)?;
        let signatures: Vec<&str> = signatures.split(',').map(str::trim).collect();
        if signatures.len() > MOST_SIGNATURES || signatures.iter().any(|text| text.len() != SIGNATURE_LENGTH)
        {
            return Err(VerificationError::BadSignature { found: excerpt(&signatures.join(",")) });
        }
        let apart = now.duration_since(sent).unwrap_or_else(|early| early.duration());
        // Compares every key with every signature, even after a match, so that timing reveals nothing.
        let mut matched = Choice::from(0);
        for key in &self.keys {
            let expected = sign(key, id, timestamp, body);
            for signature in &signatures {
                matched |= signature.as_bytes().ct_eq(expected.as_bytes());
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

/// Whether a string has 32 hexadecimal digits, either without dashes or with the dashes of a UUID.
fn is_id(id: &str) -> bool {
    let plain = id.len() == 32;
    (plain || id.len() == 36)
        && id.bytes().enumerate().all(|(at, byte)| match byte {
            b'-' => !plain && matches!(at, 8 | 13 | 18 | 23),
            _ => byte.is_ascii_hexdigit() && (plain || !matches!(at, 8 | 13 | 18 | 23)),
        })
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
        let two = format!("{}, {SIGNATURE}", SIGNATURE.replace('K', "L"));
        assert_eq!(verifier.verify_at(ID, TIME, &two, BODY, at(0)), Ok(()));
    }

    #[test]
    fn tampered_call_is_rejected() {
        let verifier = Verifier::new([KEY]);
        let wrong = Err(VerificationError::WrongSignature);
        assert_eq!(verifier.verify_at(&ID.replace('b', "c"), TIME, SIGNATURE, BODY, at(0)), wrong);
        assert_eq!(verifier.verify_at(ID, "1669629036", SIGNATURE, BODY, at(0)), wrong);
        assert_eq!(verifier.verify_at(ID, TIME, SIGNATURE, b"examplebodY", at(0)), wrong);
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
    }

    #[test]
    fn recut_call_is_rejected() {
        // The MAC of these is the same.
        let (old, body) = ("1667000000", "{\"at\":1669629035,\"flag\":1}");
        let signature = sign(KEY, ID, old, body.as_bytes());
        let (id, rest) = (format!("{ID}{old}{{\"at\":"), ",\"flag\":1}");
        assert_eq!(sign(KEY, &id, TIME, rest.as_bytes()), signature);
        let verifier = Verifier::new([KEY]);
        let verify = |verifier: &Verifier| verifier.verify_at(&id, TIME, &signature, rest.as_bytes(), at(0));
        assert!(matches!(verify(&verifier), Err(VerificationError::BadId { .. })));
        // As the documentation of the option says.
        assert_eq!(verify(&verifier.any_id(true)), Ok(()));
    }

    #[test]
    fn malformed_headers_are_rejected_with_what_was_found() {
        let verifier = Verifier::new([KEY]);
        let dashed = "b616ca65-9d15-4a5f-b907-dd8475792eeb";
        let upper = ID.to_uppercase();
        for id in [dashed, &upper] {
            let signature = sign(KEY, id, TIME, BODY);
            assert_eq!(verifier.verify_at(id, TIME, &signature, BODY, at(0)), Ok(()), "{id}");
        }
        let twice = format!("{ID}, {ID}");
        let moved = "b616ca659-d15-4a5f-b907-dd8475792eeb";
        for id in [
            "",
            "1",
            &ID[1..],
            &format!("{ID}0"),
            &twice,
            moved,
            &dashed[1..],
            &format!(" {ID}"),
            "\u{1b}[2J",
        ] {
            let error = verifier.verify_at(id, TIME, &sign(KEY, id, TIME, BODY), BODY, at(0)).unwrap_err();
            assert!(matches!(error, VerificationError::BadId { .. }), "{id:?}: {error}");
            assert!(!error.to_string().contains(char::is_control), "{error}");
        }
        for time in [
            "soon",
            "",
            "166962903",
            "01669629035",
            "+669629035",
            " 1669629035",
            "1669629035, 1669629035",
            "١٦٦٩٦",
        ] {
            let error = verifier.verify_at(ID, time, &sign(KEY, ID, time, BODY), BODY, at(0)).unwrap_err();
            assert_eq!(error, VerificationError::BadTimestamp { found: time.to_owned() });
        }
        let five = [SIGNATURE; 5].join(",");
        for signatures in ["", ",", &SIGNATURE[1..], &format!("{SIGNATURE},"), &five] {
            let error = verifier.verify_at(ID, TIME, signatures, BODY, at(0)).unwrap_err();
            assert!(matches!(error, VerificationError::BadSignature { .. }), "{signatures:?}: {error}");
        }
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
