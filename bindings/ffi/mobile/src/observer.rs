//! Observers: what a client does, as it does it.

use configcat_management::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use std::sync::Arc;
use std::time::Duration;

/// A request is about to be sent.
#[derive(Debug, Clone, uniffi::Record)]
pub struct AttemptEvent {
    /// The operation, such as `configs.create`.
    pub operation: String,
    /// Number of the attempt, from 1.
    pub attempt: i32,
}

/// A call is about to wait.
#[derive(Debug, Clone, uniffi::Record)]
pub struct WaitEvent {
    /// The operation, such as `configs.create`.
    pub operation: String,
    /// Why.
    pub reason: WaitReason,
    /// How long it is expected to take.
    pub expected: Duration,
}

/// An attempt has ended, with an answer or without.
#[derive(Debug, Clone, uniffi::Record)]
pub struct OutcomeEvent {
    /// The operation, such as `configs.create`.
    pub operation: String,
    /// Number of the attempt, from 1.
    pub attempt: i32,
    /// Status of the answer; none when there was no answer.
    pub status: Option<i32>,
    /// How long the attempt took.
    pub elapsed: Duration,
}

/// Sees what a client does, on the path of its calls.
#[uniffi::export(with_foreign)]
pub trait NativeObserver: Send + Sync + std::fmt::Debug {
    /// A request is about to be sent.
    fn attempt(&self, event: AttemptEvent);
    /// A call is about to wait.
    fn wait(&self, event: WaitEvent);
    /// An attempt has ended.
    fn outcome(&self, event: OutcomeEvent);
}

/// The application's observer as the core knows observers.
#[derive(Debug)]
pub(crate) struct Foreign(pub(crate) Arc<dyn NativeObserver>);

fn number(attempt: u32) -> i32 {
    i32::try_from(attempt).unwrap_or(i32::MAX)
}

impl Observer for Foreign {
    fn attempt(&self, event: &Attempt) {
        self.0
            .attempt(AttemptEvent { operation: event.operation.to_owned(), attempt: number(event.attempt) });
    }

    fn wait(&self, event: &Wait) {
        let Wait { operation, reason, expected, .. } = *event;
        self.0.wait(WaitEvent { operation: operation.to_owned(), reason, expected });
    }

    fn outcome(&self, event: &Outcome) {
        self.0.outcome(OutcomeEvent {
            operation: event.operation.to_owned(),
            attempt: number(event.attempt),
            status: event.status.map(i32::from),
            elapsed: event.elapsed,
        });
    }
}
