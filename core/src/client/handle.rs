//! The client: a handle that is cheap to clone and safe to share.

use super::raw::RawRequest;
use crate::call::Input;
use crate::error::Result;
use crate::transport::limiter::RateLimit;
use crate::transport::pipeline::{CallOptions, Pipeline};
use crate::transport::response::CallResponse;
use crate::transport::usage::Usage;
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

    /// Prepares a request by method and path, for endpoints that this version does not have.
    ///
    /// It is paced, retried, redacted and limited in time like any other call: GET, PUT and DELETE are repeated after a lost
    /// response, POST and PATCH are not. The path is relative to the base URL, like those of the spec.
    ///
    /// ```no_run
    /// # async fn run(client: configcat_management::Client) -> configcat_management::Result<()> {
    /// let response = client.request("GET", "/v1/products").query("pageSize", 10).await?;
    /// println!("{}: {}", response.status, response.value);
    /// # Ok(()) }
    /// ```
    pub fn request(&self, method: impl AsRef<str>, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self, method.as_ref(), path.into())
    }

    /// Calls an operation by its spec, see [`crate::operations`], or any endpoint.
    ///
    /// # Errors
    /// Any error of the call; see [`ErrorKind`](crate::ErrorKind).
    pub async fn call(&self, input: impl Into<Input>, options: CallOptions) -> Result<CallResponse> {
        let request = input.into().prepare()?;
        self.pipeline.run(request, options).await
    }
}
