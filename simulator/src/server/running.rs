//! A running simulator, and its control by tests.

use crate::backend::{Backend, ClockReport, NewCredential, lock};
use crate::delivery::Delivery;
use crate::http::router::Router;
use crate::problem::Problem;
use crate::seed::Seed;
use crate::state::State;
use crate::state::snapshot::Snapshot;
use crate::testing::faults::{Fault, Report};
use crate::testing::journal::{Entry, Expectation, Query};
use configcat_management::Timestamp;
use configcat_management::models::{InvitationId, UserId};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running simulator. It stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    pub(super) address: SocketAddr,
    pub(super) router: Arc<Router>,
    pub(super) ca_certificate: Option<String>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) task: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Returns the base URL, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.router.names.scheme(), self.address)
    }

    /// Returns the certificate that clients must trust, in PEM, if the simulator serves HTTPS.
    #[must_use]
    pub fn ca_certificate(&self) -> Option<&str> {
        self.ca_certificate.as_deref()
    }

    /// Returns the socket address that it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the token that the admin path requires, if any.
    #[must_use]
    pub fn admin_token(&self) -> Option<&str> {
        self.router.admin.as_ref()?.token.as_deref()
    }

    fn backend(&self) -> &Backend {
        &self.router.backend
    }

    pub(crate) const fn router(&self) -> &Arc<Router> {
        &self.router
    }

    /// Executes a request to the admin path without HTTP. `path` is the part after the prefix and may have a query.
    ///
    /// Returns status and body of the response.
    pub async fn admin(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let method = http::Method::from_bytes(method.as_bytes()).unwrap_or_default();
        let response = crate::admin::respond_whole(self.backend(), &method, path, query, body).await;
        (response.status, response.body.to_vec())
    }

    /// Calls a function with the current state, without HTTP.
    pub fn with_state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&lock(&self.backend().state).state)
    }

    /// Returns the state as a seed that plants the same state.
    #[must_use]
    pub fn export_seed(&self) -> Seed {
        let owner = &self.backend().owner.0;
        lock(&self.backend().state).state.to_seed(owner)
    }

    /// Resets the state to the seed, and clears faults and the journal.
    ///
    /// # Errors
    /// When the state is kept on disk and cannot be written.
    pub async fn reset(&self) -> Result<(), Problem> {
        self.backend().reset().await
    }

    /// Returns the whole state as one document.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.with_state(State::snapshot)
    }

    /// Replaces the state with a snapshot.
    ///
    /// # Errors
    /// When the snapshot does not have this version's format.
    pub async fn restore(&self, snapshot: Snapshot) -> Result<(), Problem> {
        self.backend().restore(snapshot).settled().await
    }

    /// Adds a seed to the current state.
    ///
    /// # Errors
    /// Reports the first rule that the seed breaks; nothing of it is added then.
    pub async fn plant(&self, seed: &Seed) -> Result<(), Problem> {
        self.backend().plant(seed).settled().await
    }

    /// Adds a credential, and creates its user if none has the e-mail address.
    ///
    /// # Errors
    /// When the credential names an organization or permission group that does not exist.
    pub async fn add_credential(&self, credential: NewCredential) -> Result<UserId, Problem> {
        self.backend().add_credential(credential).settled().await
    }

    /// Accepts an invitation.
    ///
    /// # Errors
    /// When the invitation does not exist or has expired.
    pub async fn accept_invitation(
        &self,
        id: &InvitationId,
        full_name: Option<&str>,
    ) -> Result<UserId, Problem> {
        self.backend().accept_invitation(id, full_name.map(str::to_owned)).settled().await
    }

    /// Adds a fault and returns its name.
    ///
    /// # Errors
    /// Reports what is wrong with the fault, by field.
    pub fn add_fault(&self, fault: Fault) -> Result<String, String> {
        lock(&self.backend().faults).add(fault)
    }

    /// Returns the faults, each with its number of matches and activations.
    #[must_use]
    pub fn faults(&self) -> Vec<Report> {
        lock(&self.backend().faults).list()
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        lock(&self.backend().faults).clear();
    }

    /// Returns the requests and responses that match, oldest first.
    #[must_use]
    pub fn journal(&self, query: &Query) -> Vec<Entry> {
        lock(&self.backend().journal).find(query)
    }

    /// Checks the number of calls that match, and returns it.
    ///
    /// # Errors
    /// Reports the expected and the actual number.
    pub fn verify(&self, expected: &Expectation) -> Result<usize, String> {
        lock(&self.backend().journal).verify(expected)
    }

    /// Returns the log of webhook deliveries, oldest first.
    #[must_use]
    pub fn webhook_deliveries(&self) -> Vec<Delivery> {
        self.backend().dispatcher.log()
    }

    /// Returns the state of the simulator's clock.
    #[must_use]
    pub fn clock(&self) -> ClockReport {
        self.backend().clock()
    }

    /// Stops the clock, now or at a given time.
    ///
    /// # Errors
    /// When the state is kept on disk and cannot be written.
    pub async fn freeze_clock(&self, at: Option<Timestamp>) -> Result<ClockReport, Problem> {
        self.backend().set_clock(|state| state.clock.freeze(at)).settled().await
    }

    /// Moves the clock forward: scheduled changes that become due are applied, and rate limit windows elapse.
    ///
    /// # Errors
    /// When the state is kept on disk and cannot be written.
    pub async fn advance_clock(&self, by: Duration) -> Result<ClockReport, Problem> {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        let report = self.backend().set_clock(|state| state.clock.advance(micros)).settled().await?;
        // Not before: the store may refuse the change.
        lock(&self.backend().limiter).advance(by);
        Ok(report)
    }

    /// Lets the clock run again from its current time.
    ///
    /// # Errors
    /// When the state is kept on disk and cannot be written.
    pub async fn resume_clock(&self) -> Result<ClockReport, Problem> {
        self.backend().set_clock(|state| state.clock.resume()).settled().await
    }

    /// Stops listening, and waits up to a second for requests in flight.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            let abort = task.abort_handle();
            if tokio::time::timeout(Duration::from_secs(1), task).await.is_err() {
                // A caller that does not read its response blocks a graceful shutdown indefinitely.
                abort.abort();
            }
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // Signals the server to close its connections, and does not wait for it.
        drop(self.stop.take());
    }
}
