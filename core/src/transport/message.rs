//! Requests and responses as they cross the network, and the trait that sends them.

use crate::error::Error;
use crate::spec::Endpoint;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// A complete, validated request.
#[derive(Debug, Clone)]
pub(crate) struct PreparedRequest {
    pub(crate) endpoint: Endpoint,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

/// Response to one attempt, with its complete body.
#[derive(Debug, Clone)]
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no response.
#[derive(Debug)]
pub(crate) enum SendError {
    /// Nothing was sent.
    NotConnected(Box<dyn StdError + Send + Sync>),
    /// The request arrived, but the server reports that it did not process it.
    Unprocessed(Box<dyn StdError + Send + Sync>),
    /// The request may have arrived.
    Lost(Box<dyn StdError + Send + Sync>),
    /// The response is larger than allowed.
    TooLarge { status: u16, headers: Box<HeaderMap>, limit: usize },
    /// The request cannot be sent.
    Unusable(Error),
}

/// A future that resolves to a response.
pub(crate) type Sending<'a> = Pin<Box<dyn Future<Output = Result<RawResponse, SendError>> + Send + 'a>>;

/// Sends requests: over HTTP, or to a test double.
pub(crate) trait Transport: Send + Sync + fmt::Debug {
    fn send<'a>(&'a self, request: &'a PreparedRequest, authorization: HeaderValue) -> Sending<'a>;

    /// Closes every connection: the next request opens a new one.
    fn reset(&self) {}
}
