//! Observers: events of a client

use super::status::ccm_status;
use super::text::{milliseconds, owned};
use configcat_management::ErrorKind;
use configcat_management::observer::{Attempt, Finished, Observer, Outcome, Wait, WaitReason};
use std::ffi::{c_char, c_void};
use std::ptr;

/// Type of an event.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ccm_event_kind {
    /// A request is about to be sent.
    CCM_EVENT_ATTEMPT = 0,
    /// A call is about to wait for the rate limit.
    CCM_EVENT_WAIT_RATE_LIMIT = 1,
    /// A call is about to wait before a retry.
    CCM_EVENT_WAIT_RETRY = 2,
    /// An attempt has completed, with or without a response.
    CCM_EVENT_OUTCOME = 3,
    /// A call has completed: with a response, with an error, or because it was cancelled. The last event of a call.
    CCM_EVENT_FINISHED = 4,
}

/// An event of a client. A later version may add fields at the end. Events contain neither credentials nor headers. Strings are
/// valid until the callback returns.
///
/// The events of one call have the same number and come in order: attempts, each with its outcome, waits before and between them,
/// and at last CCM_EVENT_FINISHED. An attempt during which the call is cancelled has no outcome. A call that is refused before it
/// begins, because its input violates the spec, has only the last event.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ccm_event {
    /// Type of the event.
    pub kind: ccm_event_kind,
    /// The operation, such as "configs.create"; method and path of a raw request.
    pub operation: *const c_char,
    /// Number of the attempt, from 1; of a wait, that of the attempt that follows; of a completed call, the number of attempts.
    pub attempt: u32,
    /// HTTP status of the response, of a completed call the last one; 0 if there is none, or none yet.
    pub http_status: i32,
    /// Expected duration of the wait, or duration of the completed attempt or call, in milliseconds; 0 for an attempt that begins.
    pub milliseconds: u64,
    /// Number of the call, shared by its events. Later calls of the process have larger ones.
    pub call: u64,
    /// HTTP method, such as "POST".
    pub method: *const c_char,
    /// Path with the names of its parameters, such as "/v1/products/{productId}/configs"; the path of a raw request, without its
    /// query.
    pub path_template: *const c_char,
    /// Why a completed attempt or call failed; CCM_OK if it did not, and for other events. Decoding the response comes later: a call
    /// that succeeded here may still fail with CCM_DECODE.
    pub error: ccm_status,
    /// Whether another attempt follows a completed one, unless a wait for the rate limit is too long.
    pub will_retry: bool,
    /// Port of the base URL, such as 443, of an attempt that begins; otherwise 0.
    pub server_port: u16,
    /// Host of the base URL, such as "api.configcat.com", of an attempt that begins; otherwise NULL.
    pub server_address: *const c_char,
    /// Size of the request body of a completed attempt in bytes.
    pub request_bytes: u64,
    /// Number of bytes that a completed attempt read of the response body, after decompression. Of the body of an unsuccessful
    /// response, only the start is read. 0 if there was no response, or if it was too large.
    pub response_bytes: u64,
    /// Milliseconds that a completed call spent waiting for the rate limit.
    pub waited_ms: u64,
    /// Milliseconds that a completed call spent waiting between failed attempts.
    pub backoff_ms: u64,
    /// Remaining budget of the rate limit when the call completed; -1 if unknown, and for other events.
    pub remaining: i64,
}

/// Receives the events of a client. Runs on a thread of the library and delays the call: it must return quickly, and must not
/// call functions of the library that wait.
pub type ccm_event_callback = Option<unsafe extern "C" fn(user_data: *mut c_void, event: *const ccm_event)>;

/// Passes events to a C callback.
#[derive(Debug, Clone, Copy)]
pub struct Watcher {
    pub callback: unsafe extern "C" fn(*mut c_void, *const ccm_event),
    pub user_data: *mut c_void,
}

// SAFETY: the pointer is only passed on; the header states that callbacks run on several threads.
unsafe impl Send for Watcher {}
unsafe impl Sync for Watcher {}

/// The fields that all events have.
struct Common<'a> {
    call: u64,
    operation: &'a str,
    method: &'a str,
    path_template: &'a str,
    attempt: u32,
}

/// Makes an event of the common fields and those that `complete` sets, and passes it on.
fn with_event(
    kind: ccm_event_kind,
    common: Common<'_>,
    complete: impl FnOnce(ccm_event) -> ccm_event,
    receive: impl FnOnce(*const ccm_event),
) {
    let Common { call, operation, method, path_template, attempt } = common;
    let (operation, method, path_template) = (owned(operation), owned(method), owned(path_template));
    let event = complete(ccm_event {
        kind,
        operation: operation.as_ptr(),
        attempt,
        http_status: 0,
        milliseconds: 0,
        call,
        method: method.as_ptr(),
        path_template: path_template.as_ptr(),
        error: ccm_status::CCM_OK,
        will_retry: false,
        server_port: 0,
        server_address: ptr::null(),
        request_bytes: 0,
        response_bytes: 0,
        waited_ms: 0,
        backoff_ms: 0,
        remaining: -1,
    });
    receive(&raw const event);
}

impl Watcher {
    fn receive(&self, event: *const ccm_event) {
        unsafe { (self.callback)(self.user_data, event) };
    }

    fn notify(
        &self,
        kind: ccm_event_kind,
        common: Common<'_>,
        complete: impl FnOnce(ccm_event) -> ccm_event,
    ) {
        with_event(kind, common, complete, |event| self.receive(event));
    }
}

/// Takes the common fields out of an event.
macro_rules! common {
    ($event:ident) => {
        common!($event, attempt)
    };
    ($event:ident, $attempt:ident) => {
        Common {
            call: $event.call,
            operation: $event.operation,
            method: $event.method,
            path_template: $event.path_template,
            attempt: $event.$attempt,
        }
    };
}

fn status(error: Option<ErrorKind>) -> ccm_status {
    error.map_or(ccm_status::CCM_OK, ccm_status::of)
}

/// Passes an attempt that begins on as an event.
pub fn with_attempt(event: &Attempt<'_>, receive: impl FnOnce(*const ccm_event)) {
    let address = owned(event.server_address);
    let complete =
        |common| ccm_event { server_address: address.as_ptr(), server_port: event.server_port, ..common };
    with_event(ccm_event_kind::CCM_EVENT_ATTEMPT, common!(event), complete, receive);
}

impl Observer for Watcher {
    fn attempt(&self, event: &Attempt<'_>) {
        with_attempt(event, |event| self.receive(event));
    }

    fn wait(&self, event: &Wait<'_>) {
        let kind = match event.reason {
            WaitReason::RateLimit => ccm_event_kind::CCM_EVENT_WAIT_RATE_LIMIT,
            _ => ccm_event_kind::CCM_EVENT_WAIT_RETRY,
        };
        self.notify(kind, common!(event), |common| ccm_event {
            milliseconds: milliseconds(event.expected),
            ..common
        });
    }

    fn outcome(&self, event: &Outcome<'_>) {
        self.notify(ccm_event_kind::CCM_EVENT_OUTCOME, common!(event), |common| ccm_event {
            http_status: event.status.map_or(0, i32::from),
            milliseconds: milliseconds(event.elapsed),
            error: status(event.error),
            will_retry: event.will_retry,
            request_bytes: event.request_bytes,
            response_bytes: event.response_bytes,
            ..common
        });
    }

    fn finished(&self, event: &Finished<'_>) {
        self.notify(ccm_event_kind::CCM_EVENT_FINISHED, common!(event, attempts), |common| ccm_event {
            http_status: event.status.map_or(0, i32::from),
            milliseconds: milliseconds(event.elapsed),
            error: status(event.error),
            waited_ms: milliseconds(event.waited),
            backoff_ms: milliseconds(event.backoff),
            remaining: event.remaining.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX)),
            ..common
        });
    }
}
