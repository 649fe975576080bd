//! One attempt: sends a request once and classifies the result.

use super::auth::Credentials;
use super::deadline::{Deadline, timed_out};
use super::headers::Reported;
use super::limiter::{Permit, Settled};
use super::message::{PreparedRequest, RawResponse, SendError, Transport};
use super::peer::Peer;
use super::report::AttemptReport;
use super::retry::Failure;
use crate::error::{Error, ErrorKind};
use bytes::Bytes;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// What an attempt does most of its time.
const WAITING: &str = "waiting for the response";

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum AttemptOutcome {
    /// A response with a 2xx status.
    Success(RawResponse),
    /// A response with another status.
    Refused(RawResponse),
    /// A response that cannot be used; a retry would return the same one.
    Unusable { status: u16, error: Error },
    /// No response.
    Failed { failure: Failure, error: Error },
}

/// Sends requests, one attempt at a time.
#[derive(Debug)]
pub(crate) struct Sender {
    transport: Box<dyn Transport>,
    timeout: Duration,
    peer: Peer,
    /// Notifies attempts in flight that the network has changed.
    network: watch::Sender<()>,
}

impl Sender {
    /// Creates a sender over a transport. Each attempt takes at most `timeout`.
    pub(crate) fn new(transport: Box<dyn Transport>, timeout: Duration, peer: Peer) -> Self {
        Self { transport, timeout, peer, network: watch::Sender::new(()) }
    }

    /// Closes every connection. Attempts in flight fail immediately, as if their connection was lost.
    pub(crate) fn network_changed(&self) {
        self.transport.reset();
        self.network.send_replace(());
    }

    /// Sends a request once, at the latest until the deadline of its call, and settles the permit with the status and headers of the
    /// response.
    pub(super) async fn attempt(
        &self,
        request: &PreparedRequest,
        credentials: &Credentials,
        deadline: Deadline,
        permit: Permit,
    ) -> (AttemptOutcome, AttemptReport) {
        let sent = Instant::now();
        let own_end = sent.checked_add(self.timeout).filter(|end| *end < deadline.at);
        let result = self.send(request, credentials, own_end.unwrap_or(deadline.at)).await;
        let (status, response_bytes) = match &result {
            Some(Ok(response)) => (Some(response.status), response.body.len()),
            Some(Err(SendError::TooLarge { status, .. })) => (Some(*status), 0),
            Some(Err(_)) | None => (None, 0),
        };
        let request_bytes = request.body.as_ref().map_or(0, Bytes::len);
        let report = AttemptReport { status, elapsed: sent.elapsed(), request_bytes, response_bytes };
        let late = || match own_end {
            Some(_) => timed_out(WAITING, self.timeout, "attempt_timeout"),
            None => deadline.exceeded(WAITING),
        };
        let outcome = match result {
            Some(Ok(response)) => classify(response, sent, permit),
            // Without a response the permit is dropped, which the limiter counts as spent.
            Some(Err(error)) => failed(error, &self.peer),
            None => AttemptOutcome::Failed { failure: Failure::Lost, error: late() },
        };
        (outcome, report)
    }

    /// Returns the response, or `None` on timeout.
    async fn send(
        &self,
        request: &PreparedRequest,
        credentials: &Credentials,
        until: Instant,
    ) -> Option<Result<RawResponse, SendError>> {
        let mut network = self.network.subscribe();
        let response = timeout_at(until, async {
            tokio::select! {
                biased;
                response = self.transport.send(request, credentials.header()) => response,
                Ok(()) = network.changed() => Err(SendError::Lost("the network has changed".into())),
            }
        });
        response.await.ok()
    }
}

/// Settles the permit of an attempt, and classifies its response.
fn classify(response: RawResponse, sent: Instant, permit: Permit) -> AttemptOutcome {
    let reported = Reported::read(&response.headers);
    permit.settled(Settled { status: response.status, reported, sent });
    if (200..300).contains(&response.status) {
        AttemptOutcome::Success(response)
    } else {
        AttemptOutcome::Refused(response)
    }
}

fn failed(error: SendError, peer: &Peer) -> AttemptOutcome {
    let message = peer.message(&error);
    let (failure, cause) = match error {
        SendError::NotConnected(cause) | SendError::Unprocessed(cause) => (Failure::Unprocessed, cause),
        SendError::Lost(cause) => (Failure::Lost, cause),
        SendError::TooLarge { status, headers, .. } => {
            let error = Error::decode(String::new(), message, status, b"").with_headers(&headers);
            return AttemptOutcome::Unusable { status, error };
        }
        SendError::Unusable(error) => {
            return AttemptOutcome::Failed { failure: Failure::Impossible, error };
        }
    };
    let error = Error::new(ErrorKind::Connection, message).with_source(cause);
    AttemptOutcome::Failed { failure, error }
}
