//! Observers: events of a client

use super::text::{milliseconds, owned};
use configcat_management::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use std::ffi::{CString, c_char, c_void};

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
}

/// An event of a client. A later version may add fields at the end.
#[repr(C)]
#[derive(Debug)]
pub struct ccm_event {
    /// Type of the event.
    pub kind: ccm_event_kind,
    /// The operation, such as "configs.create". Valid until the callback returns.
    pub operation: *const c_char,
    /// Number of the attempt, from 1; 0 for waits.
    pub attempt: u32,
    /// HTTP status of the response; 0 if there is none, or none yet.
    pub http_status: i32,
    /// Expected duration of the wait, or duration of the completed attempt, in milliseconds; 0 for an attempt that begins.
    pub milliseconds: u64,
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

impl Watcher {
    fn notify(&self, operation: &str, event: impl FnOnce(*const c_char) -> ccm_event) {
        let operation: CString = owned(operation);
        let event = event(operation.as_ptr());
        unsafe { (self.callback)(self.user_data, &raw const event) };
    }
}

impl Observer for Watcher {
    fn attempt(&self, event: &Attempt<'_>) {
        self.notify(event.operation, |operation| ccm_event {
            kind: ccm_event_kind::CCM_EVENT_ATTEMPT,
            operation,
            attempt: event.attempt,
            http_status: 0,
            milliseconds: 0,
        });
    }

    fn wait(&self, event: &Wait<'_>) {
        let kind = match event.reason {
            WaitReason::RateLimit => ccm_event_kind::CCM_EVENT_WAIT_RATE_LIMIT,
            _ => ccm_event_kind::CCM_EVENT_WAIT_RETRY,
        };
        self.notify(event.operation, |operation| ccm_event {
            kind,
            operation,
            attempt: 0,
            http_status: 0,
            milliseconds: milliseconds(event.expected),
        });
    }

    fn outcome(&self, event: &Outcome<'_>) {
        self.notify(event.operation, |operation| ccm_event {
            kind: ccm_event_kind::CCM_EVENT_OUTCOME,
            operation,
            attempt: event.attempt,
            http_status: event.status.map_or(0, i32::from),
            milliseconds: milliseconds(event.elapsed),
        });
    }
}
