//! The client: a handle that is cheap to clone and safe to share.

use crate::config::Builder;
use crate::error::Result;
use crate::transport::pipeline::Pipeline;
use crate::transport::rate_limit::RateLimit;
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

    /// Starts to set up a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A client set up by the environment; see [`Builder::from_env`].
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when a credential is missing or the address
    /// cannot be used.
    pub fn from_env() -> Result<Self> {
        Builder::from_env().build()
    }

    /// What is known of the rate limit right now.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.pipeline.gate.snapshot()
    }

    /// What this client and its clones have sent and waited so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.pipeline.counters.read()
    }

    /// Says that the network has changed: another Wi-Fi, from Wi-Fi to mobile data, back from the background.
    ///
    /// Connections of the old network are given up. Attempts that are under way end at once as if their connection had
    /// broken, instead of waiting for a time limit, and what is safe to repeat is repeated.
    pub fn network_changed(&self) {
        self.pipeline.network_changed();
    }

    pub(crate) fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }
}
