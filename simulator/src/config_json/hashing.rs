//! Hashes in the files: confidential comparison values, names of variations, tags.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use configcat_management::models::{SettingId, SettingValue};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The first bytes of a hash over parts.
pub fn short(parts: &[&[u8]], bytes: usize) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hex(hash.finalize().get(..bytes).unwrap_or_default())
}

/// A comparison value of a V6 file that nobody may read: hashed with the salt of the file and the name of the flag or
/// the segment.
pub fn sensitive(value: &str, salt: &str, context: &str) -> String {
    short(&[value.as_bytes(), salt.as_bytes(), context.as_bytes()], 32)
}

/// The beginning or end of a confidential text: its length in bytes, and its hash.
pub fn sensitive_part(value: &str, salt: &str, context: &str) -> String {
    format!("{}_{}", value.len(), sensitive(value, salt, context))
}

/// A comparison value of a V5 file that nobody may read.
pub fn sensitive_v5(value: &str) -> String {
    hex(&Sha1::digest(value.as_bytes()))
}

/// The salt of a file: the same as long as its SDK key.
pub fn salt(sdk_key: &str) -> String {
    STANDARD.encode(Sha256::digest(format!("salt of {sdk_key}").as_bytes()))
}

/// What SDKs call a value of a flag.
pub fn variation(setting: SettingId, value: &SettingValue) -> String {
    let value = serde_json::to_string(value).unwrap_or_default();
    short(&[setting.to_string().as_bytes(), b"=", value.as_bytes()], 4)
}
