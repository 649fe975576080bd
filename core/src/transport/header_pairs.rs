//! Headers for bindings.

use http::HeaderMap;

/// Returns names, in lower case, and values. A value that is not UTF-8 has replacement characters.
#[doc(hidden)]
#[must_use]
pub fn header_pairs(headers: &HeaderMap) -> Vec<(&str, String)> {
    let pairs = headers.iter();
    pairs
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}
