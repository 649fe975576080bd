//! A hook for the events of a client: attempts, waits, responses.

use std::fmt::Debug;
use std::time::Duration;

/// Receives the events of a client. Every method has an empty default.
///
/// The methods run on the path of the call: return quickly, and hand longer work to a thread of your own.
pub trait Observer: Send + Sync + Debug {
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
}

/// Start of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: &'a str,
    /// Number of the attempt, counted from 1.
    pub attempt: u32,
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

/// Start of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait<'a> {
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: &'a str,
    /// Why the call waits.
    pub reason: WaitReason,
    /// Expected duration of the wait.
    pub expected: Duration,
}

/// End of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// The operation, such as `configs.create`; method and path of a raw request.
    pub operation: &'a str,
    /// Number of the attempt, counted from 1.
    pub attempt: u32,
    /// HTTP status of the response; `None` if there was no response.
    pub status: Option<u16>,
    /// Duration of the attempt.
    pub elapsed: Duration,
}
