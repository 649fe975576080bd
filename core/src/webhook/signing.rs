//! Signs webhook calls the way the service does, for tests of webhook receivers.

use super::names::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::time::{SystemTime, UNIX_EPOCH};

/// Signs a webhook call the way the service does, for tests of webhook receivers.
///
/// `key` is a complete signing key, `timestamp` is in Unix seconds. Returns one signature of [`SIGNATURE_HEADER`].
/// [`signed_headers`] returns all headers.
#[must_use]
pub fn sign(key: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC accepts a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(id.as_bytes());
    mac.update(timestamp.as_bytes());
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Returns the headers of a webhook call, ready to send: names and values of [`ID_HEADER`], [`TIMESTAMP_HEADER`] and
/// [`SIGNATURE_HEADER`], in this order. For tests of webhook receivers.
///
/// The signature header has one signature per key, as the service sends it during a key rotation. Empty keys are ignored;
/// without a key, the header is empty. `id` defaults to a random one, `timestamp` (Unix seconds) to the current time.
///
/// ```
/// use configcat_management::webhook::{Verifier, signed_headers};
///
/// let [(_, id), (_, timestamp), (name, signature)] = signed_headers(["configcat_whsk_..."], b"{}", None, None);
/// assert_eq!(name, "X-ConfigCat-Webhook-Signature-V1");
/// assert!(Verifier::new(["configcat_whsk_..."]).verify(&id, &timestamp, &signature, b"{}").is_ok());
/// ```
#[must_use]
pub fn signed_headers<K: AsRef<str>>(
    keys: impl IntoIterator<Item = K>,
    body: &[u8],
    id: Option<&str>,
    timestamp: Option<i64>,
) -> [(&'static str, String); 3] {
    let id = id.map_or_else(|| format!("{:032x}", fastrand::u128(..)), str::to_owned);
    let timestamp = timestamp.unwrap_or_else(now).to_string();
    let signatures: Vec<String> = keys
        .into_iter()
        .filter(|key| !key.as_ref().is_empty())
        .map(|key| sign(key.as_ref(), &id, &timestamp, body))
        .collect();
    [(ID_HEADER, id), (TIMESTAMP_HEADER, timestamp), (SIGNATURE_HEADER, signatures.join(","))]
}

/// The current time in Unix seconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{VerificationError, Verifier};
    use super::*;

    #[test]
    fn signed_headers_are_accepted_with_each_key() {
        let body = br#"{"flag":"on"}"#;
        let [(id_name, id), (time_name, time), (name, signatures)] =
            signed_headers(["one", "", "two"], body, None, None);
        assert_eq!([id_name, time_name, name], [ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER]);
        assert_eq!(signatures.split(',').count(), 2);
        for key in ["one", "two"] {
            assert_eq!(Verifier::new([key]).verify(&id, &time, &signatures, body), Ok(()), "{key}");
        }
        let [(_, other), ..] = signed_headers(["one"], body, None, None);
        assert_ne!(other, id);
    }

    #[test]
    fn id_and_timestamp_of_signed_headers_can_be_given() {
        let key = "configcat_whsk_VN3juirnVh5pNvCKd81RYRYchxUX4j3NykbZG2fAy88=";
        let id = "b616ca659d154a5fb907dd8475792eeb";
        let headers = signed_headers([key], b"examplebody", Some(id), Some(1_669_629_035));
        let [(_, sent_id), (_, time), (_, signature)] = headers;
        assert_eq!((sent_id.as_str(), time.as_str()), (id, "1669629035"));
        assert_eq!(signature, "Ks3cYsu9Lslfo+hVxNC3oQWnsF9e5d73TI5t94D9DRA=");
        let old = Verifier::new([key]).verify(id, &time, &signature, b"examplebody");
        assert_eq!(old, Err(VerificationError::TooOld));
    }

    #[test]
    fn headers_without_a_key_have_no_signature() {
        let [_, _, (_, signatures)] = signed_headers([""], b"", None, None);
        assert_eq!(signatures, "");
    }
}
