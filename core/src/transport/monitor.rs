//! Reports what a client does: to its observer, to `tracing`, and to the counters behind [`Usage`].

use super::usage::{Counters, Usage};
use crate::observer::{Attempt, Observer, Outcome, Wait, WaitReason};
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

    /// Returns the current counters.
    pub(crate) fn usage(&self) -> Usage {
        self.counters.read()
    }

    /// Reports the start of an attempt; `attempt` counts from 1.
    pub(super) fn attempt(&self, operation: &str, attempt: u32) {
        if let Some(observer) = &self.observer {
            observer.attempt(&Attempt { operation, attempt });
        }
        self.counters.sent();
    }

    /// Reports the end of an attempt, with the status of its response, if any.
    pub(super) fn outcome(&self, operation: &str, attempt: u32, status: Option<u16>, elapsed: Duration) {
        tracing::debug!(attempt, status, ?elapsed, "attempt");
        if let Some(observer) = &self.observer {
            observer.outcome(&Outcome { operation, attempt, status, elapsed });
        }
        if let Some(status) = status {
            self.counters.received(status);
        }
    }

    /// Reports the start of a wait.
    pub(super) fn wait(&self, operation: &str, reason: WaitReason, expected: Duration) {
        tracing::debug!(?reason, ?expected, "wait");
        if let Some(observer) = &self.observer {
            observer.wait(&Wait { operation, reason, expected });
        }
    }

    /// Reports that a wait for the rate limit will be long, for people who watch a program that seems to do nothing.
    pub(super) fn long_wait(operation: &str, expected: Duration) {
        let seconds = expected.as_secs_f64().ceil();
        tracing::info!(operation, seconds, "waiting for the rate limit");
    }

    /// Counts a completed wait for the rate limit.
    pub(super) fn waited(&self, wait: Duration) {
        self.counters.waited(wait);
    }
}
