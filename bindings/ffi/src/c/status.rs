//! Statuses

use configcat_management::ErrorKind;
use std::ffi::{CStr, c_char};

/// What came of a call of a function.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_status {
    /// All went well.
    CCM_OK = 0,
    /// The client is set up wrong: a missing credential, a bad address.
    CCM_CONFIGURATION = 1,
    /// The request breaks a rule; found before sending, or answered with 400 or another 4xx.
    CCM_BAD_REQUEST = 2,
    /// The credentials are missing or wrong (401).
    CCM_AUTHENTICATION = 3,
    /// The credentials lack the right (403).
    CCM_PERMISSION = 4,
    /// Not found, or not visible to the credentials (404).
    CCM_NOT_FOUND = 5,
    /// The request meets a newer state (409, 412).
    CCM_CONFLICT = 6,
    /// The rate limit is used up (429), or the wait for it would be too long.
    CCM_RATE_LIMITED = 7,
    /// The service failed (5xx), or answered with a status that is none of the others.
    CCM_SERVER = 8,
    /// Time ran out.
    CCM_TIMEOUT = 9,
    /// No connection, or it broke.
    CCM_CONNECTION = 10,
    /// The answer is not what the description says.
    CCM_DECODE = 11,
    /// The call was cancelled.
    CCM_CANCELLED = 12,
    /// The function was called wrongly: NULL where something is needed, text that is not UTF-8, a handle that is none.
    CCM_MISUSE = 13,
    /// There is nothing more.
    CCM_DONE = 14,
    /// A defect of this library; the message says where.
    CCM_INTERNAL = 15,
}

/// The status of every kind of the core. A kind that is missing here does not compile.
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

/// The status as a word, such as "not_found".
///
/// @param status A status; an unknown number gives "unknown".
/// @return A text that lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_status_name(status: i32) -> *const c_char {
    let name = usize::try_from(status).ok().and_then(|i| NAMES.get(i).copied());
    name.unwrap_or(c"unknown").as_ptr()
}
