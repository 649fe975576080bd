//! The forms of a credential that are searched for.

use super::escapes::{ESCAPES, View};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// Shorter secrets are masked only where they stand alone: elsewhere they would match unrelated text.
const DISTINCT: usize = 6;
/// Parts of a header's value from this length on, in bytes, are taken for tokens, as in cookies.
const TOKEN: usize = 16;
/// Shortest part of a Base64 or hexadecimal form that is searched for, in characters.
const SHORTEST_PART: usize = 6;

/// A form of a secret.
struct Needle {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether the form is Base64, in either alphabet. Other forms are compared without case.
    base64: bool,
    /// Whether it must not be a part of a longer word.
    alone: bool,
}

#[derive(Default)]
pub(super) struct Needles {
    list: Vec<Needle>,
    /// Which bytes a form begins with.
    first: Vec<bool>,
}

impl Needles {
    pub(super) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds all forms of a user name and a password.
    pub(super) fn add(&mut self, username: &str, password: &str) {
        let pair = Zeroizing::new(format!("{username}:{password}"));
        let token = Zeroizing::new(STANDARD_NO_PAD.encode(pair.as_bytes()));
        self.push(token.as_bytes(), true, false);
        self.parts(token.as_bytes());
        self.hexadecimal(token.as_bytes());
        for secret in [username, password].into_iter().filter(|secret| !secret.is_empty()) {
            self.secret(secret);
        }
        self.index();
    }

    /// Adds all forms of the value of a header. Short ones are common words, and not secret.
    pub(super) fn add_value(&mut self, value: &str) {
        let value = value.trim();
        let after_scheme = value.split_once(' ').map_or("", |(_, token)| token.trim());
        let tokens = value.split([' ', ',', ';', '=', '"']).filter(|token| token.len() >= TOKEN);
        for secret in
            [value, after_scheme].into_iter().chain(tokens).filter(|secret| secret.len() >= DISTINCT)
        {
            if !self.list.iter().any(|needle| *needle.bytes == secret.as_bytes()) {
                self.secret(secret);
            }
        }
        self.index();
    }

    /// Adds all forms of a secret.
    fn secret(&mut self, secret: &str) {
        self.push(secret.as_bytes(), false, secret.len() < DISTINCT);
        let trimmed = secret.trim();
        if trimmed.len() < secret.len() && !trimmed.is_empty() {
            self.push(trimmed.as_bytes(), false, trimmed.len() < DISTINCT);
        }
        self.parts(secret.as_bytes());
        self.hexadecimal(secret.as_bytes());
        if !secret.is_ascii() {
            self.misread(secret);
        }
        self.unescaped(secret);
    }

    /// Records which bytes a form begins with.
    fn index(&mut self) {
        self.first = vec![false; 256];
        for needle in &self.list {
            let Some(first) = needle.bytes.first() else { continue };
            let same = match (needle.base64, first) {
                (true, b'+' | b'-') => [b'+', b'-'],
                (true, b'/' | b'_') => [b'/', b'_'],
                (true, first) => [*first; 2],
                (false, first) => [first.to_ascii_lowercase(), first.to_ascii_uppercase()],
            };
            for byte in same {
                if let Some(known) = self.first.get_mut(usize::from(byte)) {
                    *known = true;
                }
            }
        }
    }

    fn push(&mut self, bytes: &[u8], base64: bool, alone: bool) {
        if bytes.is_empty() {
            return;
        }
        self.list.push(Needle { bytes: Zeroizing::new(bytes.to_vec()), base64, alone });
    }

    /// Adds the part of the Base64 of a longer text that depends on the secret only, for each of its three alignments.
    fn parts(&mut self, secret: &[u8]) {
        for before in 0..3_usize {
            let padded = Zeroizing::new([[0; 3].get(..before).unwrap_or_default(), secret].concat());
            let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&*padded));
            // Characters of 6 bits that lie completely in the secret.
            let (start, end) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
            let part = encoded.as_bytes().get(start..end).unwrap_or_default();
            if part.len() >= SHORTEST_PART {
                self.push(part, true, false);
            }
        }
    }

    fn hexadecimal(&mut self, secret: &[u8]) {
        let mut lower = Zeroizing::new(String::with_capacity(secret.len() * 2));
        for byte in secret {
            let _ = write!(lower, "{byte:02x}");
        }
        if lower.len() >= SHORTEST_PART {
            self.push(lower.as_bytes(), false, false);
        }
    }

    /// Adds what a secret becomes when a server writes it without escapes into a format that has some.
    fn unescaped(&mut self, secret: &str) {
        for escape in ESCAPES {
            if let Some(view) = View::new(secret.as_bytes()).unescaped(escape) {
                let bytes = Zeroizing::new(view.bytes.into_owned());
                self.push(&bytes, false, bytes.len() < DISTINCT);
            }
        }
    }

    /// Adds what non-ASCII characters become when a server reads or writes them in the wrong encoding.
    fn misread(&mut self, secret: &str) {
        let latin: Option<Zeroizing<Vec<u8>>> = secret
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok())
            .collect::<Option<_>>()
            .map(Zeroizing::new);
        if let Some(latin) = latin {
            let lossy = Zeroizing::new(String::from_utf8_lossy(&latin).into_owned());
            self.push(lossy.as_bytes(), false, false);
            self.push(&latin, false, false);
        }
        let twice: Zeroizing<String> = Zeroizing::new(secret.bytes().map(char::from).collect());
        self.push(twice.as_bytes(), false, false);
        for replacement in ["?", "\u{fffd}"] {
            let text = Zeroizing::new(secret.replace(|c: char| !c.is_ascii(), replacement));
            if text.len() >= DISTINCT {
                self.push(text.as_bytes(), false, false);
            }
        }
    }

    /// Reports the start and the end of every form in a string. A form that its end cuts off is reported, too.
    pub(super) fn find(&self, text: &[u8], mut report: impl FnMut(usize, usize)) {
        for (start, byte) in text.iter().enumerate() {
            if self.first.get(usize::from(*byte)) != Some(&true) {
                continue;
            }
            let rest = text.get(start..).unwrap_or_default();
            let longest = self.list.iter().filter_map(|needle| needle.at_start(rest, text, start)).max();
            if let Some(length) = longest {
                report(start, start + length);
            }
        }
    }
}

impl Needle {
    /// Returns the length of this form at the start of `rest`, which begins at `start` of `text`.
    fn at_start(&self, rest: &[u8], text: &[u8], start: usize) -> Option<usize> {
        let length = self.bytes.len().min(rest.len());
        let cut = length < self.bytes.len();
        if cut && length < DISTINCT {
            return None;
        }
        let same =
            |(a, b): (&u8, &u8)| if self.base64 { standard(*a) == *b } else { a.eq_ignore_ascii_case(b) };
        if !rest.iter().zip(self.bytes.iter()).all(same) {
            return None;
        }
        if self.alone {
            let word =
                |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
            if word(start.checked_sub(1).and_then(|before| text.get(before))) || word(rest.get(length)) {
                return None;
            }
        }
        Some(length)
    }
}

/// Returns a character of the URL-safe Base64 alphabet in the standard one.
const fn standard(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}
