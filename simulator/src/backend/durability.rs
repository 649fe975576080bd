//! Transactions that wait for the store. Those that it refuses are rolled back.

use super::transactions::{SharedState, lock};
use crate::delivery::{Job, WebhookDispatcher};
use crate::state::tables::{Change, Undo};
use crate::store::Outcome;
use std::sync::{Arc, Mutex};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Receives the result of a write, when the changes are on disk or were rolled back.
pub(crate) type Written = oneshot::Receiver<Result<(), String>>;

/// A transaction that is not on disk yet.
#[derive(Debug)]
pub(crate) struct Pending {
    undo: Undo,
    /// Webhook calls about it, which are made when it is on disk.
    deliveries: Vec<Job>,
    /// Responses that depend on it.
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
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

    fn settle(waiting: Vec<oneshot::Sender<Result<(), String>>>, result: &Result<(), String>) {
        for done in waiting {
            // The caller may have closed its connection.
            let _ = done.send(result.clone());
        }
    }
}

/// Settles the transactions that wait, on the store's thread.
pub(crate) struct Settler {
    pub(crate) state: Arc<Mutex<SharedState>>,
    pub(crate) dispatcher: Arc<WebhookDispatcher>,
    /// Runs the webhook calls.
    pub(crate) runtime: Handle,
}

impl Outcome for Settler {
    fn written(&self, count: usize) {
        let settled: Vec<Pending> = {
            let pending = &mut lock(&self.state).pending;
            pending.drain(..count.min(pending.len())).collect()
        };
        let _runtime = self.runtime.enter();
        for Pending { deliveries, waiting, .. } in settled {
            self.dispatcher.send(deliveries);
            Pending::settle(waiting, &Ok(()));
        }
    }

    fn refused(&self, error: &str, discard: &mut dyn FnMut()) -> Vec<Change> {
        let mut shared = lock(&self.state);
        discard();
        let refused = std::mem::take(&mut shared.pending);
        let mut rows = Vec::new();
        let mut waiting = Vec::new();
        // The last one first, so that the oldest values are restored last.
        for pending in refused.into_iter().rev() {
            shared.state.revert(pending.undo, &mut rows);
            waiting.extend(pending.waiting);
        }
        drop(shared);
        Pending::settle(waiting, &Err(error.to_owned()));
        rows
    }
}
