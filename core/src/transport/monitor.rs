//! Reports what a client does: to its observer, to `tracing`, and to the counters behind [`Usage`].

use super::usage::{Counters, Usage};
use crate::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
use crate::spec::Operation;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Monitor {
    observer: Option<Arc<dyn Observer>>,
    counters: Counters,
}

impl Monitor {
    pub(crate) fn new(observer: Option<Arc<dyn Observer>>) -> Self {
        Self { observer, counters: Counters::default() }
    }

    /// What has been counted so far.
    pub(crate) fn usage(&self) -> Usage {
        self.counters.read()
    }

    /// An attempt begins; `attempt` counts from 1.
    pub(super) fn attempt(&self, operation: &'static Operation, attempt: u32) {
        if let Some(observer) = &self.observer {
            observer.attempt(&Attempt { operation: operation.id, attempt });
        }
        self.counters.sent();
    }

    /// An attempt has ended, with a response of this status or without one.
    pub(super) fn outcome(
        &self,
        operation: &'static Operation,
        attempt: u32,
        status: Option<u16>,
        elapsed: Duration,
    ) {
        tracing::debug!(attempt, status, ?elapsed, "attempt");
        if let Some(observer) = &self.observer {
            observer.outcome(&Outcome { operation: operation.id, attempt, status, elapsed });
        }
        if let Some(status) = status {
            self.counters.received(status);
        }
    }

    /// A wait begins.
    pub(super) fn wait(&self, operation: &'static Operation, reason: WaitReason, expected: Duration) {
        tracing::debug!(?reason, ?expected, "wait");
        if let Some(observer) = &self.observer {
            observer.wait(&Wait { operation: operation.id, reason, expected });
        }
    }

    /// A wait for the rate limit has ended.
    pub(super) fn waited(&self, wait: Duration) {
        self.counters.waited(wait);
    }
}
