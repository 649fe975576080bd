//! Values: what answers are made of

use super::text::tell;
use crate::tree::{Kind, Node, at};
use configcat_management::Timestamp;
use std::ffi::{CStr, c_char};
use std::ptr;

/// What a value is.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_kind {
    /// There is no value: a member that the answer does not have, or an item beyond the last.
    CCM_ABSENT = 0,
    /// null
    CCM_NULL = 1,
    /// true or false
    CCM_BOOLEAN = 2,
    /// A whole number of up to 64 bits.
    CCM_INTEGER = 3,
    /// A decimal number.
    CCM_NUMBER = 4,
    /// A text.
    CCM_TEXT = 5,
    /// A moment in time; its text can be read too.
    CCM_TIMESTAMP = 6,
    /// A list.
    CCM_LIST = 7,
    /// An object with named members.
    CCM_OBJECT = 8,
}

/// A value in an answer or a document.
///
/// Belongs to the response or document that it was reached from, and lives as long; never freed by itself. It does not
/// change, so that any thread may read it. Names of members are snake_case, as everywhere in C; what this version of the
/// library does not know keeps its name on the wire. Every function takes NULL for a value that is not there, so that steps
/// can be chained without checking each.
pub struct ccm_value {
    _private: [u8; 0],
}

/// A moment in time, in UTC.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ccm_timestamp {
    /// Seconds since the start of 1970; negative before.
    pub seconds: i64,
    /// Nanoseconds after that second, from 0 to 999999999.
    pub nanoseconds: u32,
}

pub fn pointer(node: Option<&Node>) -> *const ccm_value {
    node.map_or(ptr::null(), ptr::from_ref).cast()
}

/// The value behind a pointer: a pointer leads into a living tree, or is NULL.
pub unsafe fn node<'a>(value: *const ccm_value) -> Option<&'a Node> {
    unsafe { value.cast::<Node>().as_ref() }
}

/// What the value is.
///
/// @return CCM_ABSENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_kind(value: *const ccm_value) -> ccm_kind {
    match unsafe { node(value) }.map(Node::kind) {
        None => ccm_kind::CCM_ABSENT,
        Some(Kind::Null) => ccm_kind::CCM_NULL,
        Some(Kind::Boolean) => ccm_kind::CCM_BOOLEAN,
        Some(Kind::Integer) => ccm_kind::CCM_INTEGER,
        Some(Kind::Number) => ccm_kind::CCM_NUMBER,
        Some(Kind::Text) => ccm_kind::CCM_TEXT,
        Some(Kind::Timestamp) => ccm_kind::CCM_TIMESTAMP,
        Some(Kind::List) => ccm_kind::CCM_LIST,
        Some(Kind::Object) => ccm_kind::CCM_OBJECT,
    }
}

/// Whether the value is absent or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_is_null(value: *const ccm_value) -> bool {
    unsafe { node(value) }.is_none_or(|node| node.kind() == Kind::Null)
}

/// A boolean.
///
/// @param fallback What to give when the value is no boolean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_boolean(value: *const ccm_value, fallback: bool) -> bool {
    unsafe { node(value) }.and_then(Node::boolean).unwrap_or(fallback)
}

/// A whole number.
///
/// @param fallback What to give when the value is no whole number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_integer(value: *const ccm_value, fallback: i64) -> i64 {
    unsafe { node(value) }.and_then(Node::integer).unwrap_or(fallback)
}

/// A number, whole or decimal.
///
/// @param fallback What to give when the value is no number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_number(value: *const ccm_value, fallback: f64) -> f64 {
    unsafe { node(value) }.and_then(Node::number).unwrap_or(fallback)
}

/// A text, or the text of a moment in time.
///
/// @param length Takes the number of bytes without the NUL; may be NULL. A text that holds a NUL itself is longer than
///        strlen() finds.
/// @return UTF-8 that ends with a NUL and lives as long as the value; NULL when the value is no text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_text(value: *const ccm_value, length: *mut usize) -> *const c_char {
    let node = unsafe { node(value) };
    let text = node.and_then(Node::text);
    unsafe { tell(length, if text.is_some() { node.map_or(0, Node::length) } else { 0 }) };
    text.map_or(ptr::null(), CStr::as_ptr)
}

/// A moment in time, or a text in which one is written (RFC 3339), as documents have it.
///
/// @param timestamp Takes it.
/// @return Whether the value is a moment in time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_timestamp(value: *const ccm_value, timestamp: *mut ccm_timestamp) -> bool {
    const SECOND: i128 = 1_000_000_000;
    let Some(moment) =
        unsafe { node(value) }.and_then(Node::str).and_then(|text| text.parse::<Timestamp>().ok())
    else {
        return false;
    };
    let nanos = moment.unix_nanos();
    let seconds = i64::try_from(nanos.div_euclid(SECOND)).unwrap_or_default();
    let nanoseconds = u32::try_from(nanos.rem_euclid(SECOND)).unwrap_or_default();
    if !timestamp.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { timestamp.write(ccm_timestamp { seconds, nanoseconds }) };
    }
    !timestamp.is_null()
}

/// How many items a list or members an object has.
///
/// @return 0 for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_length(value: *const ccm_value) -> usize {
    unsafe { node(value) }.map_or(0, |node| node.children().len())
}

/// An item of a list, or a member of an object by its place. Takes the same time for each.
///
/// @param index From 0 to ccm_value_length() - 1.
/// @return NULL beyond the last, and for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_item(value: *const ccm_value, index: usize) -> *const ccm_value {
    pointer(unsafe { node(value) }.and_then(|node| node.children().get(index)))
}

/// A member of an object by name, such as "setting_id".
///
/// @return NULL when the object has none, and for anything that is no object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_get(value: *const ccm_value, name: *const c_char) -> *const ccm_value {
    if name.is_null() {
        return ptr::null();
    }
    let name = unsafe { CStr::from_ptr(name) };
    pointer(unsafe { node(value) }.and_then(|node| node.member(name.to_bytes())))
}

/// The value at a path: names joined by dots, numbers of items in brackets, such as "settings[3].key". The empty path is the
/// value itself.
///
/// @return NULL when there is none, or the path is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_at(value: *const ccm_value, path: *const c_char) -> *const ccm_value {
    if path.is_null() {
        return ptr::null();
    }
    let path = unsafe { CStr::from_ptr(path) }.to_str().ok();
    pointer(unsafe { node(value) }.zip(path).and_then(|(node, path)| at(node, path)))
}

/// The first item of a list or member of an object: for (v = ccm_value_first(list); v; v = ccm_value_next(v)).
///
/// @return NULL when there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_first(value: *const ccm_value) -> *const ccm_value {
    pointer(unsafe { node(value) }.and_then(|node| node.children().first()))
}

/// The item or member after this one.
///
/// @return NULL after the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_next(value: *const ccm_value) -> *const ccm_value {
    pointer(unsafe { node(value) }.and_then(Node::next))
}

/// The name of a member.
///
/// @return A text that lives as long as the value; NULL for what is no member of an object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_name(value: *const ccm_value) -> *const c_char {
    unsafe { node(value) }.and_then(Node::key).map_or(ptr::null(), CStr::as_ptr)
}

/// The JSON text of the value as the service wrote it, with the names of the wire. Nothing is copied.
///
/// @param length Takes the number of bytes; may be NULL.
/// @return UTF-8 that lives as long as the value and does not end with a NUL; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_json(value: *const ccm_value, length: *mut usize) -> *const c_char {
    let json = unsafe { node(value) }.map(Node::json);
    unsafe { tell(length, json.map_or(0, str::len)) };
    json.map_or(ptr::null(), |json| json.as_ptr().cast())
}
