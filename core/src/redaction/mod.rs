//! Redaction: removes credentials and control characters from text that came from the network.
//!
//! Every string that a server or a proxy can influence is tainted. It passes through a [`Redactor`] where an error or a header
//! leaves a call, and nowhere else.

mod escapes;
mod needles;
mod printable;
#[cfg(test)]
mod tests;

use escapes::{ESCAPES, View};
use needles::Needles;
use printable::{escaped, truncated};
pub(crate) use printable::{excerpt, without_credentials};
use std::borrow::Cow;
use std::fmt;

/// Replaces a credential.
const MASK: &str = "***";
/// How often a text may have been escaped: JSON in JSON in JSON.
const DEPTH: u32 = 3;
/// Maximum length of a text in which credentials are searched for, in bytes. The rest is dropped.
const LONGEST: usize = 64 << 10;

/// Finds the credentials of a call in text, in any of the usual encodings.
#[derive(Default)]
pub(crate) struct Redactor {
    needles: Needles,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor(***)")
    }
}

impl Redactor {
    /// Creates a redactor for pairs of user name and password.
    pub(crate) fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut needles = Needles::default();
        for (username, password) in pairs {
            needles.add(username, password);
        }
        Self { needles }
    }

    /// Masks credentials in bytes. Only the first 64 KiB are kept.
    pub(crate) fn bytes<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let text = text.get(..LONGEST).unwrap_or(text);
        let mut found = Vec::new();
        self.search(&View::new(text), DEPTH, &mut found);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable();
        let (mut shown, mut at) = (Vec::with_capacity(text.len()), 0);
        for (start, end) in found {
            if start >= at {
                shown.extend_from_slice(text.get(at..start).unwrap_or_default());
                shown.extend_from_slice(MASK.as_bytes());
            }
            at = at.max(end);
        }
        shown.extend_from_slice(text.get(at..).unwrap_or_default());
        Cow::Owned(shown)
    }

    /// Masks credentials in a string, escapes its control characters, and truncates it to `limit` bytes.
    pub(crate) fn text(&self, text: &str, limit: usize) -> String {
        let masked = self.bytes(text.as_bytes());
        truncated(escaped(&String::from_utf8_lossy(&masked)), limit)
    }

    /// Searches a view, and what remains of it after each kind of unescaping.
    fn search(&self, view: &View<'_>, depth: u32, found: &mut Vec<(usize, usize)>) {
        self.needles.find(&view.bytes, |start, end| found.extend(view.origin(start, end)));
        if depth > 0 {
            for escape in ESCAPES {
                if let Some(view) = view.unescaped(escape) {
                    self.search(&view, depth - 1, found);
                }
            }
        }
    }
}
