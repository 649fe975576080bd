//! Redaction: removes credentials and control characters from text that came from the network.
//!
//! Every string that a server or a proxy can influence is tainted. It passes through a [`Redactor`] where an error or a header
//! leaves a call, and nowhere else.

mod escapes;
mod needles;
mod printable;
#[cfg(test)]
mod tests;

use escapes::{ESCAPES, Escape, View};
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

    /// Masks the value of a header, too, and the token in it.
    pub(crate) fn add_header(&mut self, value: &str) {
        self.needles.add_value(value);
    }

    /// Masks credentials in bytes. Only the first 64 KiB are kept.
    pub(crate) fn bytes<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        self.whole(text.get(..LONGEST).unwrap_or(text))
    }

    /// Masks credentials in bytes of any length.
    pub(crate) fn whole<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        if self.needles.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut found = Vec::new();
        self.search(&View::new(text), None, &mut found);
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

    /// Searches a view, and what remains of it after unescaping. The first level undoes one kind of escape; each further level
    /// undoes the same kind again, or all kinds at once.
    fn search(&self, view: &View<'_>, before: Option<(Escape, u32)>, found: &mut Vec<(usize, usize)>) {
        self.needles.find(&view.bytes, |start, end| found.extend(view.origin(start, end)));
        // Most headers have none, and need not be searched for each kind.
        if !view.has_escapes() {
            return;
        }
        let (kinds, depth): (&[Escape], u32) = match &before {
            None => (&ESCAPES, 1),
            Some((_, DEPTH)) => return,
            Some((Escape::All, depth)) => (&[Escape::All], depth + 1),
            Some((kind, depth)) => (&[*kind, Escape::All], depth + 1),
        };
        for kind in kinds {
            if let Some(view) = view.unescaped(*kind) {
                self.search(&view, Some((*kind, depth)), found);
            }
        }
    }
}

/// Masks the credentials of several redactors in bytes.
pub(crate) fn masked(redactors: &[&Redactor], text: &[u8]) -> Vec<u8> {
    redactors.iter().fold(text.to_vec(), |text, redactor| redactor.bytes(&text).into_owned())
}

/// Masks the credentials of several redactors in a string, escapes its control characters, and truncates it to `limit` bytes.
pub(crate) fn shown(redactors: &[&Redactor], text: &str, limit: usize) -> String {
    truncated(escaped(&String::from_utf8_lossy(&masked(redactors, text.as_bytes()))), limit)
}
