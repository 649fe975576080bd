//! Values: the contents of responses and documents

use super::text::tell;
use crate::tree::{Node, NodeKind, Value, at};
use configcat_management::Timestamp;
use std::ffi::{CStr, c_char};
use std::ptr;

/// Type of a value.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_kind {
    /// No value: a member that is absent, or an index past the last item.
    CCM_ABSENT = 0,
    /// null
    CCM_NULL = 1,
    /// true or false
    CCM_BOOLEAN = 2,
    /// An integer of up to 64 bits.
    CCM_INTEGER = 3,
    /// A decimal number.
    CCM_NUMBER = 4,
    /// A string.
    CCM_STRING = 5,
    /// A timestamp; ccm_value_string() returns its text.
    CCM_TIMESTAMP = 6,
    /// A list.
    CCM_LIST = 7,
    /// An object with named members.
    CCM_OBJECT = 8,
}

/// A value in a response or a document.
///
/// Belongs to the response or document that it was obtained from, is valid as long as that, and is never freed by itself. It
/// is immutable, so that any thread may read it. Member names are snake_case; members that this version of the library does
/// not know keep their wire name. Every function accepts NULL as an absent value, so that calls can be chained without
/// checking each result.
pub struct ccm_value {
    _private: [u8; 0],
}

/// A timestamp in UTC.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ccm_timestamp {
    /// Seconds since the start of 1970; negative before.
    pub seconds: i64,
    /// Nanoseconds after that second, from 0 to 999999999.
    pub nanoseconds: u32,
}

pub fn pointer(value: Option<Value<'_>>) -> *const ccm_value {
    value.map_or(ptr::null(), Value::as_ptr).cast()
}

/// Dereferences a value pointer, which must be NULL or refer to a tree that has not been freed.
pub unsafe fn node<'a>(value: *const ccm_value) -> Option<Value<'a>> {
    unsafe { Value::from_ptr(value.cast::<Node>()) }
}

/// Returns the type of the value.
///
/// @return CCM_ABSENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_kind(value: *const ccm_value) -> ccm_kind {
    match unsafe { node(value) }.map(Value::kind) {
        None => ccm_kind::CCM_ABSENT,
        Some(NodeKind::Null) => ccm_kind::CCM_NULL,
        Some(NodeKind::Boolean) => ccm_kind::CCM_BOOLEAN,
        Some(NodeKind::Integer) => ccm_kind::CCM_INTEGER,
        Some(NodeKind::Number) => ccm_kind::CCM_NUMBER,
        Some(NodeKind::String) => ccm_kind::CCM_STRING,
        Some(NodeKind::Timestamp) => ccm_kind::CCM_TIMESTAMP,
        Some(NodeKind::List) => ccm_kind::CCM_LIST,
        Some(NodeKind::Object) => ccm_kind::CCM_OBJECT,
    }
}

/// Returns whether the value is absent or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_is_null(value: *const ccm_value) -> bool {
    unsafe { node(value) }.is_none_or(|node| node.kind() == NodeKind::Null)
}

/// Returns the value of a boolean.
///
/// @param fallback Returned if the value is not a boolean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_boolean(value: *const ccm_value, fallback: bool) -> bool {
    unsafe { node(value) }.and_then(Value::boolean).unwrap_or(fallback)
}

/// Returns the value of an integer.
///
/// @param fallback Returned if the value is not an integer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_integer(value: *const ccm_value, fallback: i64) -> i64 {
    unsafe { node(value) }.and_then(Value::integer).unwrap_or(fallback)
}

/// Returns the value of an integer or decimal number.
///
/// @param fallback Returned if the value is not a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_number(value: *const ccm_value, fallback: f64) -> f64 {
    unsafe { node(value) }.and_then(Value::number).unwrap_or(fallback)
}

/// Returns the value of a string, or the text of a timestamp.
///
/// @param length Receives the number of bytes without the terminating NUL; may be NULL. For a string that contains NULs, it
///        is larger than strlen() returns.
/// @return NUL-terminated UTF-8 that is valid as long as the value; NULL if the value is not a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_string(value: *const ccm_value, length: *mut usize) -> *const c_char {
    let node = unsafe { node(value) };
    let text = node.and_then(Value::text);
    unsafe { tell(length, if text.is_some() { node.map_or(0, Value::length) } else { 0 }) };
    text.map_or(ptr::null(), |text| text.cast())
}

/// Reads a timestamp, or parses a string in RFC 3339 format, as it occurs in documents.
///
/// @param timestamp Receives the timestamp.
/// @return Whether the value is a timestamp; false if timestamp is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_timestamp(value: *const ccm_value, timestamp: *mut ccm_timestamp) -> bool {
    const SECOND: i128 = 1_000_000_000;
    let Some(parsed) =
        unsafe { node(value) }.and_then(Value::str).and_then(|text| text.parse::<Timestamp>().ok())
    else {
        return false;
    };
    let nanos = parsed.unix_nanos();
    let seconds = i64::try_from(nanos.div_euclid(SECOND)).unwrap_or_default();
    let nanoseconds = u32::try_from(nanos.rem_euclid(SECOND)).unwrap_or_default();
    if !timestamp.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { timestamp.write(ccm_timestamp { seconds, nanoseconds }) };
    }
    !timestamp.is_null()
}

/// Returns the number of items of a list, or of members of an object.
///
/// @return 0 for other types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_length(value: *const ccm_value) -> usize {
    unsafe { node(value) }.map_or(0, |node| node.children().len())
}

/// Returns an item of a list, or a member of an object, by index, in constant time.
///
/// @param index From 0 to ccm_value_length() - 1.
/// @return NULL if the index is out of range, and for other types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_item(value: *const ccm_value, index: usize) -> *const ccm_value {
    pointer(unsafe { node(value) }.and_then(|node| node.children().get(index)))
}

/// Returns a member of an object by name, such as "setting_id".
///
/// @return NULL if the object has no such member, and for other types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_get(value: *const ccm_value, name: *const c_char) -> *const ccm_value {
    if name.is_null() {
        return ptr::null();
    }
    let name = unsafe { CStr::from_ptr(name) };
    pointer(unsafe { node(value) }.and_then(|node| node.member(name.to_bytes())))
}

/// Returns the value at a path: names joined by dots, item indexes in brackets, such as "settings[3].key". The empty path is
/// the value itself.
///
/// @return NULL if there is no such value, or the path is malformed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_at(value: *const ccm_value, path: *const c_char) -> *const ccm_value {
    if path.is_null() {
        return ptr::null();
    }
    let path = unsafe { CStr::from_ptr(path) }.to_str().ok();
    pointer(unsafe { node(value) }.zip(path).and_then(|(node, path)| at(node, path)))
}

/// Returns the first item of a list or member of an object: for (v = ccm_value_first(list); v; v = ccm_value_next(v)).
///
/// @return NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_first(value: *const ccm_value) -> *const ccm_value {
    pointer(unsafe { node(value) }.and_then(|node| node.children().get(0)))
}

/// Returns the item or member after this one.
///
/// @return NULL after the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_next(value: *const ccm_value) -> *const ccm_value {
    pointer(unsafe { node(value) }.and_then(Value::next))
}

/// Returns the name of a member.
///
/// @return A string that is valid as long as the value; NULL if the value is not a member of an object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_name(value: *const ccm_value) -> *const c_char {
    unsafe { node(value) }.and_then(Value::key).map_or(ptr::null(), CStr::as_ptr)
}

/// Returns the JSON text of the value as the service sent it, with wire names. Nothing is copied.
///
/// @param length Receives the number of bytes; may be NULL.
/// @return UTF-8 that is valid as long as the value and is not NUL-terminated; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_value_json(value: *const ccm_value, length: *mut usize) -> *const c_char {
    let json = unsafe { node(value) }.map(Value::json);
    unsafe { tell(length, json.map_or(0, str::len)) };
    json.map_or(ptr::null(), |json| json.as_ptr().cast())
}
