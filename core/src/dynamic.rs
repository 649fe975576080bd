//! Calls by name, for callers that have no types: other languages and tools.

use crate::client::Client;
use crate::describe::Operation;
use crate::error::{Error, Result};
use crate::request::ByName;
use crate::transport::pipeline::{Completed, Limits};
use crate::transport::rate_limit::RateLimit;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// Arguments of a call.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    /// Parameters by wire name, as texts; one that is a list stands here once for each item.
    pub parameters: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<Value>,
    /// Bounds the whole call; the client's when left out.
    pub timeout: Option<Duration>,
    /// How often to send at most; the client's when left out.
    pub max_attempts: Option<u32>,
}

/// A successful answer that has not been decoded yet.
#[derive(Debug, Clone)]
pub struct Answer(Completed);

impl Answer {
    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// Headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The body, shared instead of copied.
    #[must_use]
    pub fn bytes(&self) -> bytes::Bytes {
        self.0.body.clone()
    }

    /// The operation that was answered.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.0.operation
    }

    /// An error that says where the body is not what the description says: for bindings that read it themselves.
    #[doc(hidden)]
    #[must_use]
    pub fn refuse(&self, path: String, problem: &str) -> Error {
        self.0.refuse(path, problem)
    }

    /// What the client knew of the rate limit when the answer was in.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.0.rate_limit
    }

    /// How often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, with waits and retries.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How much of that was spent waiting for the rate limit.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.0.waited
    }

    /// Whether a deletion found nothing because an earlier attempt of the same call had already done it.
    #[must_use]
    pub fn already_deleted(&self) -> bool {
        self.0.already_deleted
    }

    /// Decodes the body.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), with the JSON path of what could not be read.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        self.0.decode()
    }
}

impl Client {
    /// Calls an operation by its description; see [`Operation::find`].
    ///
    /// # Errors
    /// Whatever keeps the call from succeeding; see [`ErrorKind`](crate::ErrorKind).
    pub async fn call(&self, operation: &'static Operation, arguments: Arguments) -> Result<Answer> {
        let Arguments { parameters, body, timeout, max_attempts } = arguments;
        let by_name = ByName { operation, parameters: &parameters, body: body.as_ref() };
        let prepared = by_name.prepare().map_err(|e| e.with_operation(operation))?;
        let limits = Limits { timeout, max_attempts: max_attempts.map(|n| n.max(1)) };
        self.pipeline().run(prepared, limits).await.map(Answer)
    }
}
