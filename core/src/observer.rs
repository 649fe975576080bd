//! A hook that sees what a client does: attempts, waits, answers.

use std::fmt::Debug;
use std::time::Duration;

/// Sees what a client does. Every method has an empty default.
///
/// The methods run on the path of the call: return quickly, and hand longer work to a thread of your own.
pub trait Observer: Send + Sync + Debug {
    /// A request is about to be sent.
    fn attempt(&self, event: &Attempt) {
        let _ = event;
    }

    /// A call is about to wait, for the rate limit or between two attempts.
    fn wait(&self, event: &Wait) {
        let _ = event;
    }

    /// An attempt has ended, with an answer or without.
    fn outcome(&self, event: &Outcome) {
        let _ = event;
    }
}

/// An attempt that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation, such as `configs.create`.
    pub operation: &'static str,
    /// Number of the attempt, from 1.
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

/// A wait that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// The operation, such as `configs.create`.
    pub operation: &'static str,
    /// Why.
    pub reason: WaitReason,
    /// How long it is expected to take.
    pub expected: Duration,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The operation, such as `configs.create`.
    pub operation: &'static str,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Status of the answer; none when there was no answer.
    pub status: Option<u16>,
    /// How long the attempt took.
    pub elapsed: Duration,
}
