//! Builder of a request by method and path.

use super::handle::Client;
use super::request::{Async, Blocking, CallFuture, complete, completed};
use super::response::Response;
use crate::call::RawInput;
use crate::error::Result;
use crate::transport::pipeline::CallOptions;
use serde::Serialize;
use serde_json::Value;
use std::fmt::{self, Display};
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

/// A request by method and path that has not been sent: add what it needs, then await it (or `send()` it on a blocking client).
///
/// The result is a [`Response`] whose value is any JSON: null if the body is empty, or if its `Content-Type` is not JSON. The body
/// is there in any case.
#[must_use = "a request does nothing until it is awaited or sent"]
#[derive(Clone)]
pub struct RawRequest<M = Async> {
    client: Client,
    input: RawInput,
    options: CallOptions,
    marker: PhantomData<fn() -> M>,
}

impl<M> fmt::Debug for RawRequest<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest").field("operation", &self.input.id()).finish_non_exhaustive()
    }
}

impl<M> RawRequest<M> {
    pub(super) fn new(client: &Client, method: &str, path: String) -> Self {
        Self {
            client: client.clone(),
            input: RawInput::new(method, path),
            options: CallOptions::default(),
            marker: PhantomData,
        }
    }

    /// Adds a parameter to the query, which may have several of the same name. Name and value are encoded.
    pub fn query(mut self, name: impl AsRef<str>, value: impl Display) -> Self {
        self.input.add_query(name.as_ref(), &value.to_string());
        self
    }

    /// Adds a header, in the place of one of this name of the client. Headers that the client sets itself are refused with
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest). Values are masked in errors and logs.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.set(name, value);
        self
    }

    /// Sets the body, which is sent as JSON without a check.
    pub fn body(mut self, body: impl Serialize) -> Self {
        self.input.set_body(&body);
        self
    }

    /// Sets the body from JSON text, which is sent as it is. For bindings.
    #[doc(hidden)]
    pub fn json(mut self, text: &[u8]) -> Self {
        self.input.set_json(text);
        self
    }

    /// Sets all options. For bindings.
    #[doc(hidden)]
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Limits the whole call, including waits and retries. Default: that of the client.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets the maximum number of attempts, at least 1. Default: that of the client.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options.max_attempts = Some(attempts);
        self
    }
}

impl Client {
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
}

impl IntoFuture for RawRequest<Async> {
    type Output = Result<Response<Value>>;
    type IntoFuture = CallFuture<Response<Value>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(
            async move { complete(&self.client, self.input.into(), self.options).await.map(Response::new) },
        )
    }
}

impl RawRequest<Blocking> {
    /// Sends the request and waits for its response.
    ///
    /// # Errors
    /// Any error of the call; see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Result<Response<Value>> {
        completed(&self.client, self.input.into(), self.options).map(Response::new)
    }
}
