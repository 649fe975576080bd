//! The state behind one lock, and the transactions that change it.

use super::durability::{Pending, Written};
use super::feed::Feed;
use crate::delivery::WebhookDispatcher;
use crate::problem::Problem;
use crate::rate_limit::Limiter;
use crate::seed::Seed;
use crate::state::State;
use crate::state::entities::Person;
use crate::store::Store;
use crate::testing::faults::Faults;
use crate::testing::journal::Journal;
use configcat_management::Timestamp;
use configcat_management::models::UserId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// State shared by all requests.
#[derive(Debug)]
pub struct Backend {
    pub limiter: Mutex<Limiter>,
    pub state: Arc<Mutex<SharedState>>,
    pub journal: Mutex<Journal>,
    pub faults: Mutex<Faults>,
    pub store: Option<Store>,
    pub(crate) dispatcher: Arc<WebhookDispatcher>,
    pub(crate) feed: Arc<Feed>,
    pub seed: Seed,
    /// User name and password of the owner.
    pub owner: (String, String),
}

/// Data protected by one lock.
#[derive(Debug, Default)]
pub struct SharedState {
    pub state: State,
    /// Number of transactions so far.
    pub order: u64,
    /// Transactions that are not on disk yet, oldest first.
    pub(crate) pending: VecDeque<Pending>,
}

/// A completed transaction.
pub(crate) struct Transaction<T> {
    pub result: Result<T, Problem>,
    /// Its position in the order of all transactions.
    pub order: u64,
    written: Option<Written>,
}

impl<T> Transaction<T> {
    /// Waits until everything that it changed or may have seen is on disk.
    pub async fn settled(self) -> Result<T, Problem> {
        let Some(written) = self.written else { return self.result };
        let error = match written.await {
            Ok(Ok(())) => return self.result,
            Ok(Err(error)) => error,
            Err(_) => "the store has stopped.".into(),
        };
        Err(Problem::text(507, format!("The change could not be written to disk: {error}")))
    }
}

/// Locks a mutex, also a poisoned one: a transaction rolls back on failure, so that the data is still consistent.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Backend {
    /// Runs a transaction as a user: all of its changes are kept, or none.
    pub(crate) fn transact<T>(
        &self,
        user: Option<&UserId>,
        run: impl FnOnce(&mut State) -> Result<T, Problem>,
    ) -> Transaction<T> {
        let mut shared = lock(&self.state);
        shared.order += 1;
        let order = shared.order;
        let now = shared.state.clock.now();
        if shared.state.has_due(now) {
            let _ = shared.state.transaction(|state| {
                state.apply_due(now);
                Ok(())
            });
            // Scheduled changes stay applied, even if this transaction is rolled back.
            self.conclude(&mut shared, now);
        }
        if let Some(user) = user {
            // Callers without an account get an empty identity.
            shared.state.me = shared.state.person(user).cloned().unwrap_or_default();
        }
        let result = shared.state.transaction(run);
        self.conclude(&mut shared, now);
        // It may have seen the changes of all transactions that wait.
        let written = shared.pending.back_mut().map(Pending::wait);
        Transaction { result, order, written }
    }

    /// Completes a transaction: queues its changes for the store, and its webhooks.
    fn conclude(&self, shared: &mut SharedState, now: Timestamp) {
        let deliveries = shared.state.deliveries(now);
        if let Some(touched) = shared.state.touched() {
            self.feed.changed(touched);
        }
        let Some(store) = &self.store else {
            shared.state.forget_changes();
            self.dispatcher.send(deliveries);
            return;
        };
        let (changes, undo) = shared.state.take_changes();
        if !changes.is_empty() {
            // Writes are in the order of the transactions, because the lock is held.
            shared.pending.push_back(Pending::new(undo, deliveries));
            store.write(changes);
        }
    }

    /// Resets the state to the seed, and clears faults, journal, rate limits and webhook log.
    pub(crate) async fn reset(&self) -> Result<(), Problem> {
        let reset = self.transact(None, |state| {
            state.clear();
            (state.ids, state.clock) = (Default::default(), Default::default());
            state.begin(&self.seed, &self.owner.0, &self.owner.1)
        });
        reset.settled().await?;
        lock(&self.faults).clear();
        lock(&self.journal).clear();
        lock(&self.limiter).reset();
        self.dispatcher.clear();
        self.feed.wake();
        Ok(())
    }

    /// Returns the user of the owner's credential.
    pub(crate) fn owner(&self, state: &State) -> Option<Person> {
        let credential = state.credentials.get(&self.owner.0)?;
        state.person(&credential.user).cloned()
    }
}
