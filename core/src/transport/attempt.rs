//! One attempt: sends a request once, and classifies what comes back.

use super::auth::Credentials;
use super::headers::Reported;
use super::limiter::{Permit, Settled};
use super::message::{PreparedRequest, RawResponse, SendError, Transport};
use super::monitor::Monitor;
use super::retry::Failure;
use crate::error::{Error, ErrorKind};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum AttemptOutcome {
    /// A response with a status of success.
    Success(RawResponse),
    /// A response with another status.
    Refused(RawResponse),
    /// A response that cannot be used; sending the request again would bring the same.
    Unusable { status: u16, error: Error },
    /// No response.
    Failed { failure: Failure, error: Error },
}

/// Sends attempts.
#[derive(Debug)]
pub(crate) struct Sender {
    transport: Box<dyn Transport>,
    timeout: Duration,
    /// Tells attempts that the network has changed.
    network: watch::Sender<()>,
}

/// Which attempt of a call it is, and when the call has to end.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttemptInfo {
    /// From 1.
    pub(super) number: u32,
    pub(super) deadline: Instant,
}

impl Sender {
    /// Attempts over a transport, each bounded by `timeout`.
    pub(crate) fn new(transport: Box<dyn Transport>, timeout: Duration) -> Self {
        Self { transport, timeout, network: watch::Sender::new(()) }
    }

    /// Closes every connection; attempts in flight fail at once, as if theirs had broken.
    pub(crate) fn network_changed(&self) {
        self.transport.reset();
        self.network.send_replace(());
    }

    /// Sends a request once, and returns the permit with what the response said.
    pub(super) async fn attempt(
        &self,
        request: &PreparedRequest,
        credentials: &Credentials,
        info: AttemptInfo,
        permit: Permit,
        monitor: &Monitor,
    ) -> AttemptOutcome {
        monitor.attempt(request.operation, info.number);
        let sent = Instant::now();
        let result = self.send(request, credentials, info.deadline.min(sent + self.timeout)).await;
        let status = match &result {
            Some(Ok(response)) => Some(response.status),
            Some(Err(SendError::TooLarge { status, .. })) => Some(*status),
            Some(Err(_)) | None => None,
        };
        monitor.outcome(request.operation, info.number, status, sent.elapsed());
        match result {
            Some(Ok(response)) => {
                let reported = Reported::read(&response.headers);
                permit.settled(Settled { status: response.status, reported, sent });
                if (200..300).contains(&response.status) {
                    AttemptOutcome::Success(response)
                } else {
                    AttemptOutcome::Refused(response)
                }
            }
            // Without a response the permit is dropped, which the limiter counts as spent.
            Some(Err(error)) => failed(error),
            None => {
                let error = Error::new(ErrorKind::Timeout, "time ran out while waiting for the answer");
                AttemptOutcome::Failed { failure: Failure::Lost, error }
            }
        }
    }

    /// The response; none when time runs out.
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

fn failed(error: SendError) -> AttemptOutcome {
    let message = error.to_string();
    let (failure, cause) = match error {
        SendError::NotConnected(cause) | SendError::Unprocessed(cause) => (Failure::Unprocessed, cause),
        SendError::Lost(cause) => (Failure::Lost, cause),
        SendError::TooLarge { status, .. } => {
            let error = Error::decode(String::new(), message, status, b"");
            return AttemptOutcome::Unusable { status, error };
        }
    };
    let error = Error::new(ErrorKind::Connection, message).with_source(cause);
    AttemptOutcome::Failed { failure, error }
}
