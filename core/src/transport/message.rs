//! What goes over the network and comes back, and the trait of what sends it.

use crate::spec::Operation;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// A request that is complete and checked.
#[derive(Debug, Clone)]
pub(crate) struct PreparedRequest {
    pub(crate) operation: &'static Operation,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

/// The response to one attempt, its body complete.
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
    /// The request arrived, and the server says that it did nothing with it.
    Unprocessed(Box<dyn StdError + Send + Sync>),
    /// The request may have arrived.
    Lost(Box<dyn StdError + Send + Sync>),
    /// The response is larger than allowed.
    TooLarge { status: u16, limit: usize },
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected(cause) => write!(f, "cannot connect: {}", Chain(cause.as_ref())),
            Self::Unprocessed(cause) => write!(f, "the request was not looked at: {}", Chain(cause.as_ref())),
            Self::Lost(cause) => write!(f, "the connection broke: {}", Chain(cause.as_ref())),
            Self::TooLarge { limit, .. } => write!(f, "the answer is larger than {limit} bytes"),
        }
    }
}

/// The innermost cause says most; the outer ones of the HTTP stack say "error sending request".
struct Chain<'a>(&'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.0;
        while let Some(next) = cause.source() {
            cause = next;
        }
        fmt::Display::fmt(cause, f)
    }
}

/// A future of a response.
pub(crate) type Sending<'a> = Pin<Box<dyn Future<Output = Result<RawResponse, SendError>> + Send + 'a>>;

/// Sends requests; in tests something other than HTTP.
pub(crate) trait Transport: Send + Sync + fmt::Debug {
    fn send<'a>(&'a self, request: &'a PreparedRequest, authorization: HeaderValue) -> Sending<'a>;

    /// Closes every connection: the next request makes a new one.
    fn reset(&self) {}
}
