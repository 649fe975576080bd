//! Observers of a client's attempts and waits.

use configcat_management::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use std::sync::Arc;
use std::time::Duration;

/// Event before a request is sent.
#[derive(Debug, Clone, uniffi::Record)]
pub struct AttemptEvent {
    /// The operation, such as `configs.create`.
    pub operation: String,
    /// Number of the attempt, starting at 1.
    pub attempt: i32,
}

/// Event before a call waits.
#[derive(Debug, Clone, uniffi::Record)]
pub struct WaitEvent {
    /// The operation, such as `configs.create`.
    pub operation: String,
    /// Reason for the wait.
    pub reason: WaitReason,
    /// Expected duration of the wait.
    pub expected: Duration,
}

/// Event after an attempt, with or without a response.
#[derive(Debug, Clone, uniffi::Record)]
pub struct OutcomeEvent {
    /// The operation, such as `configs.create`.
    pub operation: String,
    /// Number of the attempt, starting at 1.
    pub attempt: i32,
    /// HTTP status; absent if there was no response.
    pub status: Option<i32>,
    /// Duration of the attempt.
    pub elapsed: Duration,
}

/// Callbacks for a client's events. They run as part of its calls, which wait for them to return.
#[uniffi::export(with_foreign)]
pub trait NativeObserver: Send + Sync + std::fmt::Debug {
    /// Called before a request is sent.
    fn attempt(&self, event: AttemptEvent);
    /// Called before a call waits.
    fn wait(&self, event: WaitEvent);
    /// Called after an attempt.
    fn outcome(&self, event: OutcomeEvent);
}

/// Adapts the application's observer to the core's [`Observer`].
#[derive(Debug)]
pub(crate) struct Foreign(pub(crate) Arc<dyn NativeObserver>);

fn number(attempt: u32) -> i32 {
    i32::try_from(attempt).unwrap_or(i32::MAX)
}

impl Observer for Foreign {
    fn attempt(&self, event: &Attempt<'_>) {
        self.0
            .attempt(AttemptEvent { operation: event.operation.to_owned(), attempt: number(event.attempt) });
    }

    fn wait(&self, event: &Wait<'_>) {
        let Wait { operation, reason, expected, .. } = *event;
        self.0.wait(WaitEvent { operation: operation.to_owned(), reason, expected });
    }

    fn outcome(&self, event: &Outcome<'_>) {
        self.0.outcome(OutcomeEvent {
            operation: event.operation.to_owned(),
            attempt: number(event.attempt),
            status: event.status.map(i32::from),
            elapsed: event.elapsed,
        });
    }
}
