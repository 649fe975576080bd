//! Builder of a typed call.

use super::handle::Client;
use super::response::Response;
use super::wait::wait;
use crate::call::{CallInput, Input};
use crate::error::Result;
use crate::spec;
use crate::transport::pipeline::CallOptions;
use crate::transport::response::CallResponse;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::{self, Display};
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

/// The query parameter that chooses a page.
const PAGE: &str = "pageNumber";

/// How a client is called: asynchronously or blocking. Sealed.
pub trait Mode: private::Sealed + fmt::Debug {}

/// Calls are awaited.
#[derive(Debug, Clone, Copy)]
pub struct Async;

/// Calls block the thread.
#[derive(Debug, Clone, Copy)]
pub struct Blocking;

impl Mode for Async {}
impl Mode for Blocking {}

mod private {
    pub trait Sealed {}
    impl Sealed for super::Async {}
    impl Sealed for super::Blocking {}
}

/// A type that represents an operation.
pub trait Operation {
    /// Type of its decoded response.
    type Output: DeserializeOwned + Send + 'static;
    /// The operation in the spec.
    const SPEC: &'static spec::Operation;
}

/// A call that has not been sent: set its options, then await it (or `send()` it on a blocking client).
#[must_use = "a request does nothing until it is awaited or sent"]
pub struct Request<O, M = Async> {
    client: Client,
    input: CallInput,
    options: CallOptions,
    marker: PhantomData<fn() -> (O, M)>,
}

impl<O, M> fmt::Debug for Request<O, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("operation", &self.input.operation().id).finish_non_exhaustive()
    }
}

impl<O: Operation, M> Request<O, M> {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            input: CallInput::new(O::SPEC),
            options: CallOptions::default(),
            marker: PhantomData,
        }
    }

    /// Adds the next parameter of the path.
    pub(crate) fn path<T: Display>(mut self, value: impl Into<T>) -> Self {
        let value: T = value.into();
        self.input.push_path(value.to_string());
        self
    }

    /// Sets a parameter of the query or a header.
    pub(crate) fn parameter<T: Display>(self, name: &'static str, value: impl Into<T>) -> Self {
        self.parameters(name, [value])
    }

    /// Sets a parameter of the query, which occurs once for each value.
    pub(crate) fn parameters<T: Display>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = impl Into<T>>,
    ) -> Self {
        self.input.take_parameter(name);
        for value in values {
            let value: T = value.into();
            self.input.push(name, value.to_string());
        }
        self
    }

    /// Sets the body.
    pub(crate) fn body<T: Serialize>(mut self, body: impl Into<T>) -> Self {
        let body: T = body.into();
        self.input.serialize_body(&body);
        self
    }

    /// Sets the body, if there is one.
    pub(crate) fn optional_body<T: Serialize>(self, body: impl Into<Option<T>>) -> Self {
        let body: Option<T> = body.into();
        match body {
            Some(body) => self.body::<T>(body),
            None => self,
        }
    }

    /// Returns the page number in the query.
    pub(crate) fn page(&self) -> Option<i32> {
        self.input.text(PAGE)?.parse().ok()
    }

    /// Returns the same request for another page.
    pub(crate) fn at_page(&self, page: i32) -> Self {
        let mut request = self.clone();
        request.input.take_parameter(PAGE);
        request.input.push(PAGE, page.to_string());
        request
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

    /// Adds a header, in the place of one of this name of the client. Headers that the client sets itself are refused with
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest). Values are masked in errors and logs.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.set(name, value);
        self
    }

    /// Sets all options. For bindings.
    #[doc(hidden)]
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Returns the response with its status, headers and history instead of the value only.
    pub fn with_response(self) -> WithResponse<O, M> {
        WithResponse(self)
    }

    pub(super) async fn complete(self) -> Result<(CallResponse, O::Output)> {
        complete(&self.client, self.input.into(), self.options).await
    }
}

impl<O> Request<O, Blocking> {
    /// Returns the same call for an asynchronous client.
    pub(super) fn asynchronous(self) -> Request<O, Async> {
        Request { client: self.client, input: self.input, options: self.options, marker: PhantomData }
    }
}

impl<O, M> Clone for Request<O, M> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            input: self.input.clone(),
            options: self.options.clone(),
            marker: PhantomData,
        }
    }
}

/// A future that resolves to the result of a call.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

impl<O: Operation + 'static> IntoFuture for Request<O, Async> {
    type Output = Result<O::Output>;
    type IntoFuture = CallFuture<O::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.complete().await?.1) })
    }
}

impl<O: Operation + 'static> Request<O, Blocking> {
    /// Sends the request and waits for its response.
    ///
    /// # Errors
    /// Any error of the call; see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Result<O::Output> {
        Ok(self.completed()?.1)
    }

    pub(super) fn completed(self) -> Result<(CallResponse, O::Output)> {
        completed(&self.client, self.input.into(), self.options)
    }
}

/// Makes a call, and decodes its response.
pub(super) async fn complete<T: DeserializeOwned + Send + 'static>(
    client: &Client,
    input: Input,
    options: CallOptions,
) -> Result<(CallResponse, T)> {
    client.call(input, options).await?.decoded(CallResponse::decode).await
}

/// Makes a call on this thread, which decodes the response, too, after the call: other threads may wait for the connections that
/// this one drives during the call.
pub(super) fn completed<T: DeserializeOwned + Send + 'static>(
    client: &Client,
    input: Input,
    options: CallOptions,
) -> Result<(CallResponse, T)> {
    let response = wait(client.call(input, options))?;
    if response.is_waited_for() {
        let value = response.decode()?;
        return Ok((response, value));
    }
    wait(response.decoded(CallResponse::decode))
}

/// A call that returns the response with its status, headers and history.
#[must_use = "a request does nothing until it is awaited or sent"]
#[derive(Debug)]
pub struct WithResponse<O, M = Async>(Request<O, M>);

impl<O: Operation + 'static> IntoFuture for WithResponse<O, Async> {
    type Output = Result<Response<O::Output>>;
    type IntoFuture = CallFuture<Response<O::Output>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.0.complete().await.map(Response::new) })
    }
}

impl<O: Operation + 'static> WithResponse<O, Blocking> {
    /// Sends the request and waits for its response.
    ///
    /// # Errors
    /// Any error of the call; see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Result<Response<O::Output>> {
        self.0.completed().map(Response::new)
    }
}

/// Defines the handle of a resource.
macro_rules! resource {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name<M: Mode = Async> {
            pub(crate) client: crate::Client,
            mode: std::marker::PhantomData<M>,
        }

        impl<M: Mode> $name<M> {
            pub(crate) fn new(client: &crate::Client) -> Self {
                Self { client: client.clone(), mode: std::marker::PhantomData }
            }
        }
    };
}

/// Defines the type that represents an operation.
macro_rules! operation {
    ($(#[$meta:meta])* $name:ident => $output:ty, $spec:path) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl crate::client::request::Operation for $name {
            type Output = $output;
            const SPEC: &'static crate::spec::Operation = &$spec;
        }
    };
}

pub(crate) use {operation, resource};
