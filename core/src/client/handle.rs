//! The client: a handle that is cheap to clone and safe to share.

use crate::call::Input;
use crate::error::Result;
use crate::transport::limiter::{RateLimit, rate_limits};
use crate::transport::pipeline::{CallOptions, Pipeline};
use crate::transport::response::CallResponse;
use crate::transport::usage::Usage;
use futures_util::{Stream, StreamExt as _};
use std::future::ready;
use std::sync::Arc;

/// A client for the ConfigCat Public Management API.
///
/// Clones share connections, credentials and the rate limiter. Needs a tokio runtime; see
/// [`blocking::Client`](crate::blocking::Client) for code without one.
#[derive(Debug, Clone)]
pub struct Client {
    pipeline: Arc<Pipeline>,
}

impl Client {
    pub(crate) fn new(pipeline: Pipeline) -> Self {
        Self { pipeline: Arc::new(pipeline) }
    }

    /// Returns what is currently known of the rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.pipeline.limiter.snapshot()
    }

    /// Returns a stream of the rate limit: the current state, and again when a response has changed it.
    ///
    /// A slow consumer misses states in between, never the latest one. The stream ends when the client and its clones are dropped.
    ///
    /// ```no_run
    /// # async fn run(client: configcat_management::Client) {
    /// use futures_util::StreamExt as _;
    ///
    /// let mut states = Box::pin(client.rate_limits());
    /// while let Some(state) = states.next().await {
    ///     println!("{:?} requests left", state.remaining);
    /// }
    /// # }
    /// ```
    pub fn rate_limits(&self) -> impl Stream<Item = RateLimit> + Send + use<> {
        rate_limits(&self.pipeline.limiter)
    }

    /// Passes the states of [`Client::rate_limits`] to a function, for bindings.
    #[doc(hidden)]
    pub fn watch_rate_limit<F: FnMut(RateLimit) + Send + 'static>(
        &self,
        mut changed: F,
    ) -> impl Future<Output = ()> + Send + use<F> {
        self.rate_limits().for_each(move |state| {
            changed(state);
            ready(())
        })
    }

    /// Returns how many requests this client and its clones have sent, and how long they have waited.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.pipeline.monitor.usage()
    }

    /// Reports a network change: another Wi-Fi, from Wi-Fi to mobile data, back from the background.
    ///
    /// Closes the connections of the old network. Attempts in flight fail immediately as if their connection was lost,
    /// instead of waiting for a timeout, and are retried if that is safe.
    pub fn network_changed(&self) {
        self.pipeline.sender.network_changed();
    }

    /// Calls an operation by its spec, see [`crate::operations`], or any endpoint.
    ///
    /// # Errors
    /// Any error of the call; see [`ErrorKind`](crate::ErrorKind).
    pub async fn call(&self, input: impl Into<Input>, options: CallOptions) -> Result<CallResponse> {
        let result = self.checked_call(input.into(), options).await;
        result.map_err(|error| if self.pipeline.wire_names { error } else { error.with_snake_names() })
    }

    async fn checked_call(&self, input: Input, options: CallOptions) -> Result<CallResponse> {
        let id = self.pipeline.monitor.is_observed().then(|| input.id());
        let request = input.prepare().inspect_err(|error| {
            if let Some(id) = &id {
                self.pipeline.refused(id, error);
            }
        })?;
        self.pipeline.run(request, options).await
    }
}
