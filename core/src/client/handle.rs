//! The client: a handle that is cheap to clone and safe to share.

use crate::call::CallInput;
use crate::error::Result;
use crate::transport::limiter::RateLimit;
use crate::transport::pipeline::{CallOptions, Pipeline};
use crate::transport::response::CallResponse;
use crate::transport::usage::Usage;
use std::sync::Arc;

/// A client for the ConfigCat Public Management API.
///
/// Clones share connections, credentials and what is known of the rate limit. Needs a tokio runtime; see
/// [`blocking::Client`](crate::blocking::Client) for code without one.
#[derive(Debug, Clone)]
pub struct Client {
    pipeline: Arc<Pipeline>,
}

impl Client {
    pub(crate) fn new(pipeline: Pipeline) -> Self {
        Self { pipeline: Arc::new(pipeline) }
    }

    /// What is known of the rate limit right now.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.pipeline.limiter.snapshot()
    }

    /// What this client and its clones have sent and waited so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.pipeline.monitor.usage()
    }

    /// Says that the network has changed: another Wi-Fi, from Wi-Fi to mobile data, back from the background.
    ///
    /// Connections of the old network are given up. Attempts that are under way end at once as if their connection had
    /// broken, instead of waiting for a time limit, and what is safe to repeat is repeated.
    pub fn network_changed(&self) {
        self.pipeline.sender.network_changed();
    }

    /// Calls an operation by its spec; see [`crate::operations`].
    ///
    /// # Errors
    /// Whatever keeps the call from succeeding; see [`ErrorKind`](crate::ErrorKind).
    pub async fn call(&self, input: CallInput, options: CallOptions) -> Result<CallResponse> {
        self.pipeline.run(input.prepare()?, options).await
    }
}
