//! The state behind one lock, and the transactions that change it.

use crate::delivery::WebhookDispatcher;
use crate::problem::Problem;
use crate::rate_limit::Limiter;
use crate::seed::Seed;
use crate::state::State;
use crate::state::entities::Person;
use crate::state::tables::Change;
use crate::store::{Store, Written};
use crate::testing::faults::Faults;
use crate::testing::journal::Journal;
use configcat_management::Timestamp;
use configcat_management::models::UserId;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// State shared by all requests.
#[derive(Debug)]
pub struct Backend {
    pub limiter: Mutex<Limiter>,
    pub state: Mutex<SharedState>,
    pub journal: Mutex<Journal>,
    pub faults: Mutex<Faults>,
    pub store: Option<Store>,
    pub(crate) dispatcher: WebhookDispatcher,
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
}

/// A completed transaction.
pub(crate) struct Transaction<T> {
    pub result: Result<T, Problem>,
    /// Its position in the order of all transactions.
    pub order: u64,
    written: Option<Written>,
}

impl<T> Transaction<T> {
    /// Waits until its changes are on disk.
    pub async fn settled(self) -> Result<T, Problem> {
        let value = self.result?;
        let Some(written) = self.written else { return Ok(value) };
        match written.await {
            Ok(Ok(())) => Ok(value),
            Ok(Err(error)) => {
                Err(Problem::text(507, format!("The change could not be written to disk: {error}")))
            }
            Err(_) => {
                Err(Problem::text(507, "The change could not be written to disk: the store has stopped."))
            }
        }
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
        let state = &mut shared.state;
        let now = state.clock.now();
        let mut changes = Vec::new();
        if state.has_due(now) {
            let _ = state.transaction(|state| {
                state.apply_due(now);
                Ok(())
            });
            // Scheduled changes stay applied, even if this transaction is rolled back.
            changes.extend(self.conclude(state, now));
        }
        if let Some(user) = user {
            // Callers without an account get an empty identity.
            state.me = state.person(user).cloned().unwrap_or_default();
        }
        let result = state.transaction(run);
        changes.extend(self.conclude(state, now));
        // Writes are in the order of the transactions, because the lock is held.
        let store = self.store.as_ref().filter(|_| !changes.is_empty());
        let written = store.map(|store| store.write(changes));
        Transaction { result, order, written }
    }

    /// Completes a transaction: sends its webhooks, and returns the changes to be written to disk.
    fn conclude(&self, state: &mut State, now: Timestamp) -> Vec<Change> {
        self.dispatcher.send(state.deliveries(now));
        if self.store.is_some() {
            return state.take_changes();
        }
        state.forget_changes();
        Vec::new()
    }

    /// Resets the state to the seed, and clears faults, journal, rate limits and webhook log.
    pub(crate) fn reset(&self) -> Transaction<()> {
        lock(&self.faults).clear();
        lock(&self.journal).clear();
        lock(&self.limiter).reset();
        self.dispatcher.clear();
        self.transact(None, |state| {
            state.clear();
            (state.ids, state.clock) = (Default::default(), Default::default());
            state.begin(&self.seed, &self.owner.0, &self.owner.1)
        })
    }

    /// Returns the user of the owner's credential.
    pub(crate) fn owner(&self, state: &State) -> Option<Person> {
        let credential = state.credentials.get(&self.owner.0)?;
        state.person(&credential.user).cloned()
    }
}
