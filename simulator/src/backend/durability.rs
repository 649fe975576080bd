//! Transactions that wait for the store.

use crate::delivery::Job;
use crate::state::tables::Undo;
use tokio::sync::oneshot;

/// Receives the result of a write, when the changes are on disk or were rolled back.
pub(crate) type Written = oneshot::Receiver<Result<(), String>>;

/// The other end of [`Written`].
pub(super) type Waiting = oneshot::Sender<Result<(), String>>;

/// A transaction that is not on disk yet.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(super) undo: Undo,
    /// Webhook calls about it, which are made when it is on disk.
    pub(super) deliveries: Vec<Job>,
    /// Responses that depend on it.
    pub(super) waiting: Vec<Waiting>,
}

impl Pending {
    pub(crate) fn new(undo: Undo, deliveries: Vec<Job>) -> Self {
        Self { undo, deliveries, waiting: Vec::new() }
    }

    /// Returns a receiver that completes when this transaction is on disk or was rolled back.
    pub(crate) fn wait(&mut self) -> Written {
        let (done, written) = oneshot::channel();
        self.waiting.push(done);
        written
    }

    /// Completes the receivers.
    pub(super) fn settle(waiting: Vec<Waiting>, result: &Result<(), String>) {
        for done in waiting {
            // The caller may have closed its connection.
            let _ = done.send(result.clone());
        }
    }
}
