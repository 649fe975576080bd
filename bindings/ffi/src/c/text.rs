//! Texts and documents that come from C, and what goes to it.
//!
//! One rule: a text is UTF-8 and ends with a NUL; a document (JSON, PEM, the body of a webhook) is a pointer and a length,
//! and the length [`CCM_NUL`] says that it ends with a NUL too.

use super::failure::{Failure, Outcome};
use std::ffi::{CStr, CString, c_char};
use std::time::Duration;

/// As a length: the document ends with a NUL.
///
/// cbindgen:ignore
pub const CCM_NUL: usize = usize::MAX;

/// A text that has to be there.
pub unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Outcome<&'a str> {
    match unsafe { optional(pointer, name) }? {
        Some(text) => Ok(text),
        None => Err(Failure::misuse(format!("{name} is NULL"))),
    }
}

/// A text that may be left out.
pub unsafe fn optional<'a>(pointer: *const c_char, name: &str) -> Outcome<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's text ends with a NUL, as the header asks.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map(Some).map_err(|e| Failure::misuse(format!("{name} is not UTF-8: {e}")))
}

/// A document; NULL is one that is not there.
pub unsafe fn data<'a>(pointer: *const c_char, length: usize, name: &str) -> Outcome<Option<&'a [u8]>> {
    if pointer.is_null() {
        return match length {
            0 | CCM_NUL => Ok(None),
            _ => Err(Failure::misuse(format!("{name} is NULL, and its length is {length}"))),
        };
    }
    if length == CCM_NUL {
        // SAFETY: the caller's text ends with a NUL, as the header asks.
        return Ok(Some(unsafe { CStr::from_ptr(pointer) }.to_bytes()));
    }
    if isize::try_from(length).is_err() {
        return Err(Failure::misuse(format!("{name} cannot be {length} bytes long")));
    }
    // SAFETY: the caller's document is that long, as the header asks.
    Ok(Some(unsafe { std::slice::from_raw_parts(pointer.cast(), length) }))
}

/// A document that has to be there.
pub unsafe fn required<'a>(pointer: *const c_char, length: usize, name: &str) -> Outcome<&'a [u8]> {
    match unsafe { data(pointer, length, name) }? {
        Some(data) => Ok(data),
        None => Err(Failure::misuse(format!("{name} is NULL"))),
    }
}

/// A text for C; a NUL in it becomes a space, for it would end it.
pub fn owned(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

/// A time in milliseconds.
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A time in milliseconds that may be unknown, which is -1.
pub fn milliseconds_or_unknown(duration: Option<Duration>) -> i64 {
    duration.map_or(-1, |duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

/// Tells a length, if anybody asks.
pub unsafe fn tell(length: *mut usize, value: usize) {
    if !length.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { length.write(value) };
    }
}
