//! Strings and documents passed from and to C.
//!
//! A string is NUL-terminated UTF-8. A document (JSON, PEM, the body of a webhook) is a pointer and a length; the length
//! [`CCM_NUL`] means that the document is NUL-terminated too.

use super::failure::{CResult, Failure};
use super::status::ccm_status;
use configcat_management::{HeaderMap, header_pairs};
use serde_json::Value;
use std::ffi::{CStr, CString, c_char};
use std::fmt;
use std::time::Duration;

/// Length of a NUL-terminated document.
///
/// cbindgen:ignore
pub const CCM_NUL: usize = usize::MAX;

/// Reads a required string.
pub unsafe fn text<'a>(pointer: *const c_char, name: &str) -> CResult<&'a str> {
    match unsafe { optional(pointer, name) }? {
        Some(text) => Ok(text),
        None => Err(Failure::misuse(format!("{name} is NULL"))),
    }
}

/// Reads an optional string; NULL is none.
pub unsafe fn optional<'a>(pointer: *const c_char, name: &str) -> CResult<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's string is NUL-terminated, as the header requires.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map(Some).map_err(|e| Failure::misuse(format!("{name} is not UTF-8: {e}")))
}

/// Reads an optional document; NULL is none.
pub unsafe fn data<'a>(pointer: *const c_char, length: usize, name: &str) -> CResult<Option<&'a [u8]>> {
    if pointer.is_null() {
        return match length {
            0 | CCM_NUL => Ok(None),
            _ => Err(Failure::misuse(format!("{name} is NULL, and its length is {length}"))),
        };
    }
    if length == CCM_NUL {
        // SAFETY: the caller's string is NUL-terminated, as the header requires.
        return Ok(Some(unsafe { CStr::from_ptr(pointer) }.to_bytes()));
    }
    if isize::try_from(length).is_err() {
        return Err(Failure::misuse(format!("{name} cannot be {length} bytes long")));
    }
    // SAFETY: the caller's document has this length, as the header requires.
    Ok(Some(unsafe { std::slice::from_raw_parts(pointer.cast(), length) }))
}

/// Reads a required document.
pub unsafe fn required<'a>(pointer: *const c_char, length: usize, name: &str) -> CResult<&'a [u8]> {
    match unsafe { data(pointer, length, name) }? {
        Some(data) => Ok(data),
        None => Err(Failure::misuse(format!("{name} is NULL"))),
    }
}

/// Parses JSON. The message for text that is not JSON begins with `what`, and tells of a length that counts the NUL at the end.
pub fn json(bytes: &[u8], what: fmt::Arguments<'_>) -> CResult<Value> {
    serde_json::from_slice(bytes).map_err(|error| {
        let hint = if bytes.ends_with(b"\0") { "; the length must not count the NUL at the end" } else { "" };
        Failure::new(ccm_status::CCM_BAD_REQUEST, format!("{what} is not JSON: {error}{hint}"))
    })
}

/// Converts to a C string. NULs become spaces, because they would truncate it.
pub fn owned(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

/// Converts headers to C strings.
pub fn owned_headers(headers: &HeaderMap) -> Vec<(CString, CString)> {
    header_pairs(headers).iter().map(|(name, value)| (owned(name), owned(value))).collect()
}

/// Returns the value of a header, whose name is compared without case; NULL if there is none.
pub fn find_header(headers: &[(CString, CString)], name: &str) -> *const c_char {
    let found = headers.iter().find(|(other, _)| other.as_bytes().eq_ignore_ascii_case(name.as_bytes()));
    found.map_or(std::ptr::null(), |(_, value)| value.as_ptr())
}

/// Returns the name of a header, and writes its value if the pointer is not NULL; NULL if the index is out of range.
pub unsafe fn header_at(
    headers: &[(CString, CString)],
    index: usize,
    value: *mut *const c_char,
) -> *const c_char {
    let found = headers.get(index);
    if !value.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { value.write(found.map_or(std::ptr::null(), |(_, value)| value.as_ptr())) };
    }
    found.map_or(std::ptr::null(), |(name, _)| name.as_ptr())
}

/// Converts a duration to milliseconds.
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Converts a duration to milliseconds; -1 if unknown.
pub fn milliseconds_or_unknown(duration: Option<Duration>) -> i64 {
    duration.map_or(-1, |duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

/// Writes the length if the pointer is not NULL.
pub unsafe fn tell(length: *mut usize, value: usize) {
    if !length.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { length.write(value) };
    }
}
