//! Status codes

use configcat_management::ErrorKind;
use std::ffi::{CStr, c_char};

/// Status code of a function.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_status {
    /// Success.
    CCM_OK = 0,
    /// The configuration of the client is invalid, for example a missing credential or an invalid URL.
    CCM_CONFIGURATION = 1,
    /// The request is invalid: validation failed before sending, or the response has the status 400 or another 4xx.
    CCM_BAD_REQUEST = 2,
    /// The credentials are missing or wrong (401).
    CCM_AUTHENTICATION = 3,
    /// The credentials lack the permission (403).
    CCM_PERMISSION = 4,
    /// Not found, or not visible to the credentials (404).
    CCM_NOT_FOUND = 5,
    /// The request conflicts with the current state of the resource (409, 412).
    CCM_CONFLICT = 6,
    /// The rate limit is exhausted (429), or the wait for it would be too long.
    CCM_RATE_LIMITED = 7,
    /// The service failed (5xx), or the response has an unexpected status.
    CCM_SERVER = 8,
    /// The call timed out.
    CCM_TIMEOUT = 9,
    /// The connection could not be established, or broke.
    CCM_CONNECTION = 10,
    /// The response does not match the spec.
    CCM_DECODE = 11,
    /// The call was cancelled.
    CCM_CANCELLED = 12,
    /// An argument is invalid: NULL for a required pointer, a string that is not UTF-8, or an invalid handle.
    CCM_MISUSE = 13,
    /// There are no more pages.
    CCM_DONE = 14,
    /// A bug in this library; see the message.
    CCM_INTERNAL = 15,
}

/// The status of every `ErrorKind` of the core. A missing kind is a compile error.
const OF_KINDS: [(ErrorKind, ccm_status); ErrorKind::ALL.len()] = [
    (ErrorKind::Configuration, ccm_status::CCM_CONFIGURATION),
    (ErrorKind::BadRequest, ccm_status::CCM_BAD_REQUEST),
    (ErrorKind::Authentication, ccm_status::CCM_AUTHENTICATION),
    (ErrorKind::Permission, ccm_status::CCM_PERMISSION),
    (ErrorKind::NotFound, ccm_status::CCM_NOT_FOUND),
    (ErrorKind::Conflict, ccm_status::CCM_CONFLICT),
    (ErrorKind::RateLimited, ccm_status::CCM_RATE_LIMITED),
    (ErrorKind::Server, ccm_status::CCM_SERVER),
    (ErrorKind::Timeout, ccm_status::CCM_TIMEOUT),
    (ErrorKind::Connection, ccm_status::CCM_CONNECTION),
    (ErrorKind::Decode, ccm_status::CCM_DECODE),
    (ErrorKind::Cancelled, ccm_status::CCM_CANCELLED),
];

impl ccm_status {
    pub fn of(kind: ErrorKind) -> Self {
        let found = OF_KINDS.iter().find(|(other, _)| *other == kind);
        found.map_or(Self::CCM_INTERNAL, |(_, status)| *status)
    }
}

const NAMES: [&CStr; 16] = [
    c"ok",
    c"configuration",
    c"bad_request",
    c"authentication",
    c"permission",
    c"not_found",
    c"conflict",
    c"rate_limited",
    c"server",
    c"timeout",
    c"connection",
    c"decode",
    c"cancelled",
    c"misuse",
    c"done",
    c"internal",
];

/// Returns the name of a status, such as "not_found".
///
/// @param status A status code.
/// @return A static string; "unknown" for unknown codes.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_status_name(status: i32) -> *const c_char {
    let name = usize::try_from(status).ok().and_then(|i| NAMES.get(i).copied());
    name.unwrap_or(c"unknown").as_ptr()
}
