//! Responses, made from what handlers return.

use crate::call::HandlerResponse;
use crate::problem::{Body as ProblemBody, Problem};
use crate::rate_limit::Verdict;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use std::collections::BTreeMap;

pub const JSON: &str = "application/json; charset=utf-8";
pub const HAL: &str = "application/hal+json; charset=utf-8";
pub const TEXT: &str = "text/plain; charset=utf-8";

/// Time for the first part of a truncated body to be sent before the connection is broken.
const FLUSH: std::time::Duration = std::time::Duration::from_millis(20);

const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// A response before it is converted to an HTTP response. The journal records it and faults change it.
#[derive(Debug, Clone, Default)]
pub struct HttpResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Bytes of the body that are sent before the connection breaks.
    pub cut: Option<usize>,
}

impl HttpResponse {
    pub fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn new(status: u16, media: &'static str, body: impl Into<Bytes>) -> Self {
        let mut response = Self { status, body: body.into(), ..Self::default() };
        response.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
        response
    }

    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self::new(status, JSON, serde_json::to_vec(value).unwrap_or_default())
    }

    pub fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// Adds the rate limit headers: remaining requests, and end of the window.
    // Documented: every response to a request that counts has `X-Rate-Limit-Remaining` and
    // `X-Rate-Limit-Reset`.
    pub fn report(mut self, verdict: Option<&Verdict>) -> Self {
        if let Some(verdict) = verdict {
            self.set(REMAINING, &verdict.remaining.to_string());
            self.set(RESET, &verdict.reset);
        }
        self
    }
}

impl From<HandlerResponse> for HttpResponse {
    fn from(response: HandlerResponse) -> Self {
        match response.body {
            Some(body) => Self::new(response.status, JSON, body),
            None => Self::empty(response.status),
        }
    }
}

// Documented: a refusal with 400 is a JSON object of fields, each with a list of messages.
// Assumed: the body of a 403 is plain text.
impl From<Problem> for HttpResponse {
    fn from(problem: Problem) -> Self {
        match problem.body {
            ProblemBody::Empty => Self::empty(problem.status),
            ProblemBody::Text(text) => Self::new(problem.status, TEXT, text.into_bytes()),
            ProblemBody::Property { path, message } => {
                let (property, message) = Problem::sent_property(&path, &message);
                Self::json(problem.status, &BTreeMap::from([(property, [message])]))
            }
            ProblemBody::Fields(fields) => Self::json(problem.status, &fields),
        }
    }
}

impl From<HttpResponse> for Response {
    fn from(buffered: HttpResponse) -> Self {
        let length = buffered.body.len();
        let mut response = Self::new(match buffered.cut {
            None => Body::from(buffered.body),
            Some(cut) => {
                let kept = buffered.body.slice(..cut.min(length));
                // The kept part is sent before the connection is broken.
                let broken = async {
                    tokio::time::sleep(FLUSH).await;
                    Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
                };
                let kept = futures_util::stream::iter([Ok(kept)]);
                Body::from_stream(kept.chain(futures_util::stream::once(broken)))
            }
        });
        *response.status_mut() = StatusCode::from_u16(buffered.status).unwrap_or(StatusCode::BAD_REQUEST);
        *response.headers_mut() = buffered.headers;
        if buffered.cut.is_some() {
            response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}
