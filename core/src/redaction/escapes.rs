//! Undoes escapes in text, and remembers where each byte came from.

use std::borrow::Cow;

/// A way to escape bytes in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// `\"`, `\u00e9`, `\u{e9}`, `\xe9` as a byte: JSON, and `Debug` of Rust.
    Backslash,
    /// The same, with `\xe9` as a character: `repr` of Python strings.
    Character,
    /// `%C3%A9`
    Percent,
    /// The same, with `+` for a space.
    Form,
    /// `&quot;`, `&#233;`
    Entity,
    /// Line breaks in Base64, and the zero bytes of UTF-16.
    Break,
    /// Everything but `Character` and `Form`.
    All,
}

pub(super) const ESCAPES: [Escape; 6] =
    [Escape::Backslash, Escape::Character, Escape::Percent, Escape::Form, Escape::Entity, Escape::Break];

/// Bytes with their places in the original text.
pub(super) struct View<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Start and end of each byte in the original text; `None` if the bytes are the original text.
    places: Option<Vec<(usize, usize)>>,
}

impl<'a> View<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { bytes: Cow::Borrowed(text), places: None }
    }

    /// The range of the original text from which a range of this view was made.
    pub(super) fn origin(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        match &self.places {
            None => Some((start, end)),
            Some(places) => Some((places.get(start)?.0, places.get(end.checked_sub(1)?)?.1)),
        }
    }

    /// Whether there may be any escape.
    pub(super) fn has_escapes(&self) -> bool {
        self.bytes.iter().any(|byte| matches!(byte, b'\\' | b'%' | b'+' | b'&' | b'\r' | b'\n' | 0))
    }

    /// Undoes one level of an escape. `None` if the bytes have none, or if another escape gives the same bytes.
    pub(super) fn unescaped(&self, escape: Escape) -> Option<View<'static>> {
        let markers: &[u8] = match escape {
            Escape::Backslash | Escape::Character => b"\\",
            Escape::Percent => b"%",
            Escape::Form => b"+",
            Escape::Entity => b"&",
            Escape::Break => b"\r\n\0",
            Escape::All => b"\\%&\r\n\0",
        };
        let marked = self.bytes.iter().any(|byte| markers.contains(byte));
        if !marked || (escape == Escape::Character && !has_hex(&self.bytes)) {
            return None;
        }
        let (mut bytes, mut places) = (Vec::with_capacity(self.bytes.len()), Vec::new());
        let (mut at, mut changed) = (0, false);
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (decoded, length) = undo(escape, rest).unwrap_or_else(|| (Bytes::byte(rest), 1));
            changed |= length > 1 || decoded.as_slice() != rest.get(..1).unwrap_or_default();
            let place = self.origin(at, at + length)?;
            places.extend(std::iter::repeat_n(place, decoded.as_slice().len()));
            bytes.extend_from_slice(decoded.as_slice());
            at += length;
        }
        changed.then_some(View { bytes: Cow::Owned(bytes), places: Some(places) })
    }
}

/// Whether text has `\x`, whose meaning differs between languages.
fn has_hex(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair == b"\\x")
}

/// A decoded character: up to four bytes.
struct Bytes([u8; 4], usize);

impl Bytes {
    fn byte(text: &[u8]) -> Self {
        Self([text.first().copied().unwrap_or_default(), 0, 0, 0], 1)
    }

    fn one(byte: u8) -> Self {
        Self([byte, 0, 0, 0], 1)
    }

    fn character(code: u32) -> Option<Self> {
        let mut bytes = [0; 4];
        let length = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        Some(Self(bytes, length))
    }

    fn as_slice(&self) -> &[u8] {
        self.0.get(..self.1).unwrap_or_default()
    }
}

/// Returns the bytes of the escape sequence at the start of a text, and its length.
fn undo(escape: Escape, text: &[u8]) -> Option<(Bytes, usize)> {
    match (escape, text) {
        (Escape::Backslash | Escape::Character | Escape::All, [b'\\', code, rest @ ..]) => {
            backslash(escape, *code, rest)
        }
        (Escape::Percent | Escape::Form | Escape::All, [b'%', rest @ ..]) => {
            Some((Bytes::one(u8::try_from(number(rest, 2, 16)?).ok()?), 3))
        }
        (Escape::Form, [b'+', ..]) => Some((Bytes::one(b' '), 1)),
        (Escape::Entity | Escape::All, [b'&', rest @ ..]) => entity(rest),
        (Escape::Break | Escape::All, [b'\r' | b'\n' | 0, ..]) => Some((Bytes([0; 4], 0), 1)),
        _ => None,
    }
}

fn backslash(escape: Escape, code: u8, rest: &[u8]) -> Option<(Bytes, usize)> {
    let byte = match code {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        b'0' => 0,
        b'"' | b'\\' | b'/' | b'\'' => code,
        b'x' => {
            let byte = number(rest, 2, 16)?;
            let character = if escape == Escape::Character {
                Bytes::character(byte)?
            } else {
                Bytes::one(u8::try_from(byte).ok()?)
            };
            return Some((character, 4));
        }
        b'u' if rest.first() == Some(&b'{') => {
            let digits = rest.iter().take(8).position(|byte| *byte == b'}')?.checked_sub(1)?;
            return Some((Bytes::character(number(rest.get(1..)?, digits, 16)?)?, digits + 4));
        }
        b'u' => return utf16(rest),
        _ => return None,
    };
    Some((Bytes::one(byte), 2))
}

/// Decodes what follows `\u`, which may be the first half of a surrogate pair.
fn utf16(rest: &[u8]) -> Option<(Bytes, usize)> {
    let first = number(rest, 4, 16)?;
    if let Some(character) = Bytes::character(first) {
        return Some((character, 6));
    }
    let second = number(rest.get(4..)?.strip_prefix(b"\\u")?, 4, 16)?;
    let (high, low) = (first.checked_sub(0xd800)?, second.checked_sub(0xdc00)?);
    Some((Bytes::character(0x10000 + (high << 10) + low)?, 12))
}

/// Decodes what follows `&`.
fn entity(rest: &[u8]) -> Option<(Bytes, usize)> {
    let end = rest.iter().take(10).position(|byte| *byte == b';')?;
    let code = match rest.get(..end)? {
        b"quot" => 34,
        b"amp" => 38,
        b"apos" => 39,
        b"lt" => 60,
        b"gt" => 62,
        [b'#', b'x' | b'X', digits @ ..] => number(digits, digits.len(), 16)?,
        [b'#', digits @ ..] => number(digits, digits.len(), 10)?,
        _ => return None,
    };
    Some((Bytes::character(code)?, end + 2))
}

/// Parses exactly `digits` digits.
fn number(text: &[u8], digits: usize, radix: u32) -> Option<u32> {
    let text = text.get(..digits).filter(|text| text.iter().all(u8::is_ascii_alphanumeric))?;
    u32::from_str_radix(std::str::from_utf8(text).ok()?, radix).ok()
}
