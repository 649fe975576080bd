//! Answers, from what handlers return.

use crate::call::Answered;
use crate::problem::{Body as ProblemBody, Problem};
use crate::rate_limit::Verdict;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

pub const JSON: &str = "application/json; charset=utf-8";
pub const HAL: &str = "application/hal+json; charset=utf-8";
pub const TEXT: &str = "text/plain; charset=utf-8";

/// Time for the first part of a body that is cut to leave.
const FLUSH: std::time::Duration = std::time::Duration::from_millis(20);

const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// An answer before it becomes one of HTTP: what the journal notes and faults change.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Bytes of the body that are sent before the connection breaks.
    pub cut: Option<usize>,
}

impl Reply {
    pub fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn new(status: u16, media: &'static str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self { status, body: body.into(), ..Self::default() };
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
        reply
    }

    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self::new(status, JSON, serde_json::to_vec(value).unwrap_or_default())
    }

    pub fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// The answer with what is left of the budget.
    pub fn report(mut self, verdict: Option<&Verdict>) -> Self {
        if let Some(verdict) = verdict {
            self.set(REMAINING, &verdict.remaining.to_string());
            self.set(RESET, &verdict.reset);
        }
        self
    }
}

impl From<Answered> for Reply {
    fn from(answered: Answered) -> Self {
        match answered.body {
            Some(body) => Self::new(answered.status, JSON, body),
            None => Self::empty(answered.status),
        }
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        match problem.body {
            ProblemBody::Empty => Self::empty(problem.status),
            ProblemBody::Text(text) => Self::new(problem.status, TEXT, text.into_bytes()),
            ProblemBody::Fields(fields) => Self::json(problem.status, &fields),
        }
    }
}

impl From<Reply> for Response {
    fn from(reply: Reply) -> Self {
        let length = reply.body.len();
        let mut response = Self::new(match reply.cut {
            None => Body::from(reply.body),
            Some(cut) => {
                let kept = reply.body.slice(..cut.min(length));
                // What was kept leaves before the connection breaks.
                let broken = async {
                    tokio::time::sleep(FLUSH).await;
                    Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
                };
                let kept = futures_util::stream::iter([Ok(kept)]);
                Body::from_stream(kept.chain(futures_util::stream::once(broken)))
            }
        });
        *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_REQUEST);
        *response.headers_mut() = reply.headers;
        if reply.cut.is_some() {
            response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}
