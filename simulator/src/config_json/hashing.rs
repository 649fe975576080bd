//! Hashes for the config files: confidential comparison values, variation IDs, salts.

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

/// Returns the first `bytes` bytes of the SHA-256 hash over the parts, in hexadecimal.
pub fn short(parts: &[&[u8]], bytes: usize) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hex(hash.finalize().get(..bytes).unwrap_or_default())
}

/// Hashes a confidential comparison value of a V6 file, with the salt of the file and the key of the flag or the name
/// of the segment.
pub fn sensitive(value: &str, salt: &str, context: &str) -> String {
    short(&[value.as_bytes(), salt.as_bytes(), context.as_bytes()], 32)
}

/// Hashes a confidential prefix or suffix. Returns its length in bytes, and its hash.
pub fn sensitive_part(value: &str, salt: &str, context: &str) -> String {
    format!("{}_{}", value.len(), sensitive(value, salt, context))
}

/// Hashes a confidential comparison value of a V5 file.
pub fn sensitive_v5(value: &str) -> String {
    hex(&Sha1::digest(value.as_bytes()))
}

/// Returns the salt of a file, which depends only on the SDK key.
pub fn salt(sdk_key: &str) -> String {
    STANDARD.encode(Sha256::digest(format!("salt of {sdk_key}").as_bytes()))
}

/// Returns the variation ID of a flag's value.
pub fn variation(setting: SettingId, value: &SettingValue) -> String {
    let value = serde_json::to_string(value).unwrap_or_default();
    short(&[setting.to_string().as_bytes(), b"=", value.as_bytes()], 4)
}
