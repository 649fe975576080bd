//! Settles the transactions that wait for the store. Those that it refuses are rolled back.

use super::durability::Pending;
use super::feed::Feed;
use super::transactions::{SharedState, lock};
use crate::delivery::WebhookDispatcher;
use crate::state::tables::Change;
use crate::state::touched::Touched;
use crate::store::Outcome;
use std::sync::{Arc, Mutex};
use tokio::runtime::Handle;

/// Settles the transactions that wait, on the store's thread.
pub(crate) struct Settler {
    pub(crate) state: Arc<Mutex<SharedState>>,
    pub(crate) dispatcher: Arc<WebhookDispatcher>,
    pub(crate) feed: Arc<Feed>,
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
        self.feed.changed(Touched::All);
        Pending::settle(waiting, &Err(error.to_owned()));
        rows
    }
}
