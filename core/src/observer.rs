//! A hook for the events of a client: attempts, waits, responses, ends of calls.

use crate::error::ErrorKind;
use std::fmt;
use std::time::Duration;

/// Receives the events of a client. Every method has an empty default.
///
/// The methods run on the path of the call: return quickly, and hand longer work to a thread of your own.
///
/// The events of one call have the same `call` and come in order: attempts, each with its outcome, waits before and between them, and
/// at last [`finished`](Self::finished). An attempt during which the call is dropped has no outcome. A call that is refused before it
/// begins, because its input violates the spec, has only the last event. Events contain neither credentials nor headers.
pub trait Observer: Send + Sync {
    /// A request is about to be sent.
    fn attempt(&self, event: &Attempt<'_>) {
        let _ = event;
    }

    /// A call is about to wait, for the rate limit or between two attempts.
    fn wait(&self, event: &Wait<'_>) {
        let _ = event;
    }

    /// An attempt has ended, with or without a response.
    fn outcome(&self, event: &Outcome<'_>) {
        let _ = event;
    }

    /// A call has ended: with a response, with an error, or because it was dropped.
    fn finished(&self, event: &Finished<'_>) {
        let _ = event;
    }
}

impl fmt::Debug for dyn Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Start of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: u64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: &'a str,
    /// HTTP method, such as `POST`.
    pub method: &'static str,
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    pub path_template: &'a str,
    /// Number of the attempt, counted from 1.
    pub attempt: u32,
    /// Host of the base URL, such as `api.configcat.com`.
    pub server_address: &'a str,
    /// Port of the base URL, such as 443.
    pub server_port: u16,
}

/// Why a call waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum WaitReason {
    /// The budget of the rate limit is used up.
    RateLimit,
    /// The last attempt failed.
    Retry,
}

impl WaitReason {
    /// Returns the reason as a string: `rate_limit` or `retry`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::Retry => "retry",
        }
    }
}

/// Start of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait<'a> {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: u64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: &'a str,
    /// HTTP method, such as `POST`.
    pub method: &'static str,
    /// Path with the names of its parameters; the path of a raw request, without its query.
    pub path_template: &'a str,
    /// Number of the attempt that the call waits for, counted from 1.
    pub attempt: u32,
    /// Why the call waits.
    pub reason: WaitReason,
    /// Expected duration of the wait.
    pub expected: Duration,
}

impl Wait<'_> {
    /// Whether the wait is for the rate limit and longer than 2 s. The log reports it at level INFO, for people who watch a program
    /// that seems to do nothing.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.reason == WaitReason::RateLimit && self.expected > Duration::from_secs(2)
    }
}

/// End of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: u64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: &'a str,
    /// HTTP method, such as `POST`.
    pub method: &'static str,
    /// Path with the names of its parameters; the path of a raw request, without its query.
    pub path_template: &'a str,
    /// Number of the attempt, counted from 1.
    pub attempt: u32,
    /// HTTP status of the response; `None` if there was no response.
    pub status: Option<u16>,
    /// Kind of the failure; `None` if the attempt completes the call.
    pub error: Option<ErrorKind>,
    /// Whether another attempt follows, unless a wait for the rate limit is too long.
    pub will_retry: bool,
    /// Duration of the attempt.
    pub elapsed: Duration,
    /// Size of the request body in bytes.
    pub request_bytes: u64,
    /// Number of bytes read of the response body, after decompression. Of the body of an unsuccessful response, only the start is
    /// read. 0 if there was no response, or if it was too large.
    pub response_bytes: u64,
}

/// End of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finished<'a> {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    pub call: u64,
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: &'a str,
    /// HTTP method, such as `POST`.
    pub method: &'static str,
    /// Path with the names of its parameters; the path of a raw request, without its query.
    pub path_template: &'a str,
    /// Number of attempts; 0 if the request was never sent.
    pub attempts: u32,
    /// HTTP status of the last response; `None` if there was none.
    pub status: Option<u16>,
    /// Kind of the error; `None` if the call succeeded, [`ErrorKind::Cancelled`] if it was dropped. Decoding the response comes later:
    /// a call that succeeded here may still fail with [`ErrorKind::Decode`].
    pub error: Option<ErrorKind>,
    /// Duration of the call, including waits.
    pub elapsed: Duration,
    /// Part of the duration that the call spent waiting for the rate limit.
    pub waited: Duration,
    /// Part of the duration that the call spent waiting between failed attempts.
    pub backoff: Duration,
    /// Remaining budget of the rate limit, if known.
    pub remaining: Option<u64>,
}
