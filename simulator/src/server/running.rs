//! A running simulator, and what tests do to it.

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

/// A running simulator; stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    pub(super) address: SocketAddr,
    pub(super) router: Arc<Router>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) task: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    fn backend(&self) -> &Backend {
        &self.router.backend
    }

    pub(crate) const fn router(&self) -> &Arc<Router> {
        &self.router
    }

    /// Does what a request to the admin path does, without HTTP: `path` follows the prefix and may have a query.
    ///
    /// Gives the status of the answer and its body.
    pub async fn admin(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let method = http::Method::from_bytes(method.as_bytes()).unwrap_or_default();
        let reply = crate::admin::respond_whole(self.backend(), &method, path, query, body).await;
        (reply.status, reply.body.to_vec())
    }

    /// Looks at the state without HTTP.
    pub fn with_state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&lock(&self.backend().state).state)
    }

    /// Puts the seed in place of everything, and takes faults and the journal away.
    ///
    /// # Errors
    /// When the state is kept on disk and cannot be written.
    pub async fn reset(&self) -> Result<(), Problem> {
        self.backend().reset().settled().await
    }

    /// The whole state as one document.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.with_state(State::snapshot)
    }

    /// Puts a document in place of everything.
    ///
    /// # Errors
    /// When the document is not one of this format.
    pub async fn restore(&self, snapshot: Snapshot) -> Result<(), Problem> {
        self.backend().restore(snapshot).settled().await
    }

    /// Adds a seed to what is there.
    ///
    /// # Errors
    /// The first rule that the seed breaks; nothing of it is planted then.
    pub async fn plant(&self, seed: &Seed) -> Result<(), Problem> {
        self.backend().plant(seed).settled().await
    }

    /// Adds a credential, and its person if there is none with the address.
    ///
    /// # Errors
    /// When the credential names what is not there.
    pub async fn add_credential(&self, credential: NewCredential) -> Result<UserId, Problem> {
        self.backend().add_credential(credential).settled().await
    }

    /// Somebody follows an invitation.
    ///
    /// # Errors
    /// When there is no such invitation, or it has expired.
    pub async fn accept_invitation(
        &self,
        id: &InvitationId,
        full_name: Option<&str>,
    ) -> Result<UserId, Problem> {
        self.backend().accept_invitation(id, full_name.map(str::to_owned)).settled().await
    }

    /// Adds a fault; its name.
    ///
    /// # Errors
    /// What is wrong with it, by field.
    pub fn add_fault(&self, fault: Fault) -> Result<String, String> {
        lock(&self.backend().faults).add(fault)
    }

    /// The faults, and what became of them.
    #[must_use]
    pub fn faults(&self) -> Vec<Report> {
        lock(&self.backend().faults).list()
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        lock(&self.backend().faults).clear();
    }

    /// Requests and answers that fit, oldest first.
    #[must_use]
    pub fn journal(&self, query: &Query) -> Vec<Entry> {
        lock(&self.backend().journal).find(query)
    }

    /// Checks how often something was called; how often it was.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub fn verify(&self, expected: &Expectation) -> Result<usize, String> {
        lock(&self.backend().journal).verify(expected)
    }

    /// What came of the calls of webhooks, oldest first.
    #[must_use]
    pub fn webhook_deliveries(&self) -> Vec<Delivery> {
        self.backend().courier.log()
    }

    /// What time it is for the simulator.
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

    /// Moves the clock forward; what is due by then happens, and windows of the rate limit pass.
    ///
    /// # Errors
    /// When the state is kept on disk and cannot be written.
    pub async fn advance_clock(&self, by: Duration) -> Result<ClockReport, Problem> {
        lock(&self.backend().limiter).advance(by);
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.backend().set_clock(|state| state.clock.advance(micros)).settled().await
    }

    /// Lets the clock run on from where it stands.
    ///
    /// # Errors
    /// When the state is kept on disk and cannot be written.
    pub async fn resume_clock(&self) -> Result<ClockReport, Problem> {
        self.backend().set_clock(|state| state.clock.resume()).settled().await
    }

    /// Stops listening, and waits up to a second for requests on their way.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            let abort = task.abort_handle();
            if tokio::time::timeout(Duration::from_secs(1), task).await.is_err() {
                // A caller that does not read its answer holds a graceful shutdown up for ever.
                abort.abort();
            }
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The server hears of it and closes its connections; nobody waits for that here.
        drop(self.stop.take());
    }
}
