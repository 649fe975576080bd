//! A position in a document, and the tokens at it.
//!
//! The tokens of which lists consist are read here: names that are expected, strings without escapes, short integers, and
//! punctuation without white space. jiter reads everything else from the same position, so that it alone decides what is not
//! JSON, and why.

use super::Problem;
use jiter::{Jiter, JiterResult, Peek};

type Result<T> = std::result::Result<T, Problem>;

/// Integers of this many digits fit into 64 bits.
const DIGITS: usize = 18;
/// Strings from this length in bytes on are searched by larger steps.
const LONG: usize = 32;

/// A position in a document.
pub(super) struct Cursor<'a> {
    document: &'a str,
    at: usize,
}

/// Where an object or a list continues: at its opening bracket, or after one of its values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    First,
    Next,
}

impl<'a> Cursor<'a> {
    pub const fn new(document: &'a str) -> Self {
        Self { document, at: 0 }
    }

    /// Number of bytes before the current position.
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Length of the document in bytes.
    pub const fn length(&self) -> usize {
        self.document.len()
    }

    fn rest(&self) -> &'a [u8] {
        self.document.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Lets jiter read, which can start at any token.
    #[inline(never)]
    fn jiter<T>(&mut self, read: impl FnOnce(&mut Jiter<'a>) -> JiterResult<T>) -> Result<T> {
        let mut jiter = Jiter::new(self.rest());
        let token = read(&mut jiter)
            .map_err(|e| Problem::new(format!("{} at byte {}", e.error_type, self.at + e.index)))?;
        self.at += jiter.current_index();
        Ok(token)
    }

    /// Skips a text if it is next.
    fn skips(&mut self, text: &[u8]) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Skips white space and returns the first byte of the value after it.
    pub fn peek(&mut self) -> Result<Peek> {
        match self.rest() {
            [byte, ..] if *byte > b' ' => Ok(Peek::new(*byte)),
            _ => self.jiter(Jiter::peek),
        }
    }

    pub fn null(&mut self) -> Result<()> {
        if self.skips(b"null") { Ok(()) } else { self.jiter(Jiter::known_null) }
    }

    pub fn boolean(&mut self, peek: Peek) -> Result<bool> {
        if self.skips(b"true") {
            return Ok(true);
        }
        if self.skips(b"false") { Ok(false) } else { self.jiter(|jiter| jiter.known_bool(peek)) }
    }

    /// Reads an integer without a sign if it has few digits; any other number is left to [`number`](Self::number).
    pub fn short_integer(&mut self) -> Option<i64> {
        let rest = self.rest();
        let mut number = 0;
        let mut digits = 0;
        while let Some(digit) = rest.get(digits).filter(|byte| byte.is_ascii_digit()) {
            if digits == DIGITS || (digits == 1 && number == 0) {
                return None;
            }
            number = 10 * number + i64::from(digit - b'0');
            digits += 1;
        }
        if digits == 0 || matches!(rest.get(digits), Some(b'.' | b'e' | b'E')) {
            return None;
        }
        self.at += digits;
        Some(number)
    }

    /// Reads a number and returns its text.
    pub fn number(&mut self, peek: Peek) -> Result<&'a str> {
        let begin = self.at;
        self.jiter(|jiter| jiter.known_number_bytes(peek).map(|_| ()))?;
        Ok(self.since(begin))
    }

    /// The document from an earlier position to the current one.
    pub fn since(&self, begin: usize) -> &'a str {
        self.document.get(begin..self.at).unwrap_or_default()
    }

    /// The same as bytes, which needs no check for the bounds of characters.
    pub fn bytes_since(&self, begin: usize) -> &'a [u8] {
        self.document.as_bytes().get(begin..self.at).unwrap_or_default()
    }

    /// Reads a string and passes it to a function.
    pub fn string<T>(&mut self, take: impl FnOnce(&str) -> T) -> Result<T> {
        let begin = self.at + 1;
        let length = self.document.as_bytes().get(begin..).and_then(plain);
        match length.and_then(|length| self.document.get(begin..begin + length)) {
            Some(text) => {
                self.at = begin + text.len() + 1;
                Ok(take(text))
            }
            None => self.jiter(|jiter| jiter.known_str().map(take)),
        }
    }

    /// Steps to an item of a list, and returns its first byte; `None` at the end of the list.
    pub fn item(&mut self, step: Step) -> Result<Option<Peek>> {
        match self.rest() {
            [byte, next, ..] if *byte == step.opening(b'[') && *next > b' ' && *next != b']' => {
                self.at += 1;
                Ok(Some(Peek::new(*next)))
            }
            [b']', ..] if step == Step::Next => {
                self.at += 1;
                Ok(None)
            }
            _ if step == Step::First => self.jiter(Jiter::known_array),
            _ => self.jiter(Jiter::array_step),
        }
    }

    /// Steps to the value of a member if it has this name, which consists of letters.
    pub fn member(&mut self, step: Step, name: &str) -> bool {
        let Some((head, _)) = self.rest().split_at_checked(name.len() + 4) else { return false };
        let [opening, b'"', found @ .., b'"', b':'] = head else { return false };
        if *opening != step.opening(b'{') || !same(found, name.as_bytes()) {
            return false;
        }
        self.at += head.len();
        true
    }

    /// Steps to the value of a member, and passes its name to a function; `None` at the end of the object.
    pub fn name<T>(&mut self, step: Step, take: impl FnOnce(&str) -> T) -> Result<Option<T>> {
        match self.rest() {
            [b'}', ..] if step == Step::Next => {
                self.at += 1;
                return Ok(None);
            }
            [opening, b'"', rest @ ..] if *opening == step.opening(b'{') => {
                let begin = self.at + 2;
                if let Some(length) = plain(rest)
                    && rest.get(length + 1) == Some(&b':')
                    && let Some(name) = self.document.get(begin..begin + length)
                {
                    self.at = begin + length + 2;
                    return Ok(Some(take(name)));
                }
            }
            _ => {}
        }
        self.jiter(|jiter| {
            let name = if step == Step::First { jiter.known_object()? } else { jiter.next_key()? };
            Ok(name.map(take))
        })
    }

    /// Skips the value at the current position.
    pub fn skip(&mut self) -> Result<()> {
        self.jiter(Jiter::next_skip)
    }

    /// Fails unless only white space follows.
    pub fn finish(&mut self) -> Result<()> {
        self.jiter(Jiter::finish)
    }
}

impl Step {
    /// The byte before a value: the opening bracket, or a comma.
    const fn opening(self, bracket: u8) -> u8 {
        match self {
            Self::First => bracket,
            Self::Next => b',',
        }
    }
}

/// Whether two texts of equal lengths are equal. They are too short for a call of `memcmp` to pay.
fn same(a: &[u8], b: &[u8]) -> bool {
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    match (a.first_chunk(), a.last_chunk(), b.first_chunk(), b.last_chunk()) {
        (Some(a_first), Some(a_last), Some(b_first), Some(b_last)) if a.len() <= 16 => {
            word(a_first) == word(b_first) && word(a_last) == word(b_last)
        }
        (None, ..) => a.iter().zip(b).all(|(a, b)| a == b),
        _ => a == b,
    }
}

/// Returns the number of bytes before the quote that ends a string. `None` if an escape comes before it, or a byte that no
/// string may contain.
fn plain(text: &[u8]) -> Option<usize> {
    let mut length = 0;
    while let Some(eight) = text.get(length..).and_then(<[u8]>::first_chunk) {
        let stops = stops(u64::from_le_bytes(*eight));
        if stops != 0 {
            length += stops.trailing_zeros() as usize / 8;
            return (text.get(length) == Some(&b'"')).then_some(length);
        }
        length += 8;
        if length == LONG {
            length += uninterrupted(text.get(length..).unwrap_or_default());
        }
    }
    let rest = text.get(length..)?;
    let end = length + rest.iter().position(|byte| is_stop(*byte))?;
    (text.get(end) == Some(&b'"')).then_some(end)
}

/// Returns the number of bytes, a multiple of 32, at the start of a long string in which it surely does not end.
fn uninterrupted(text: &[u8]) -> usize {
    // Without a branch per byte, the compiler tests 16 bytes at once.
    let stops = |part: &[u8; 32]| part.iter().fold(false, |any, byte| any | is_stop(*byte));
    let (parts, _) = text.as_chunks();
    32 * parts.iter().take_while(|part| !stops(part)).count()
}

/// Whether a byte ends the part of a string that is copied unchanged.
const fn is_stop(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < b' ')
}

/// Of eight bytes, marks quotes, backslashes and control characters by their highest bits. Only the lowest mark is exact:
/// subtractions carry into the bytes above.
const fn stops(eight: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const fn zeros(bytes: u64) -> u64 {
        bytes.wrapping_sub(ONES) & !bytes
    }
    let quotes = zeros(eight ^ (ONES * b'"' as u64));
    let backslashes = zeros(eight ^ (ONES * b'\\' as u64));
    let controls = eight.wrapping_sub(ONES * b' ' as u64) & !eight;
    (quotes | backslashes | controls) & (ONES * 0x80)
}
