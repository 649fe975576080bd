//! Entry points for the fuzzer, which has no server. Compiled for fuzzing only.

use crate::client::request;
use crate::error::{Error, Result};
use crate::spec::Operation;
use crate::spec::memory::ValueForm;
use crate::transport::auth::Credentials;
use crate::transport::headers::Reported;
use crate::transport::limiter::{RateLimit, RateLimitPolicy, RateLimiter, Settled};
use crate::transport::response::{CallResponse, History, Limits};
use crate::transport::secrets::Secrets;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Decodes a response body as an operation does, and serializes the result.
///
/// # Errors
/// The error that the caller of the operation would get.
pub fn decode<O: request::Operation>(body: &[u8]) -> Result<String>
where
    O::Output: Serialize,
{
    let response = response(O::SPEC, body)?;
    let value: O::Output = response.decode()?;
    serde_json::to_string(&value).map_err(|error| response.refuse(String::new(), &error.to_string()))
}

fn response(operation: &'static Operation, body: &[u8]) -> Result<CallResponse> {
    Ok(CallResponse {
        endpoint: operation.into(),
        target: String::new(),
        status: 200,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body),
        history: History::default(),
        limits: Limits {
            memory: 192 << 20,
            form: ValueForm::Models,
            deadline: Instant::now() + Duration::from_secs(60),
        },
        secrets: Secrets {
            credentials: Some(Credentials::new("user", "password")?),
            configured: Arc::default(),
            extra: None,
        },
    })
}

/// Returns what a rate limiter knows after two responses with these headers.
pub fn rate_limit(status: u16, headers: &[(&'static str, &[u8])]) -> RateLimit {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            map.insert(HeaderName::from_static(name), value);
        }
    }
    let limiter = Arc::new(RateLimiter::new(RateLimitPolicy::Pace, Duration::from_secs(60)));
    for _ in 0..2 {
        let sent = Instant::now();
        limiter.observe(Settled { status, reported: Reported::read(&map), sent });
    }
    limiter.snapshot()
}

/// Returns the error for a response without a 2xx status.
#[must_use]
pub fn refusal(status: u16, body: &[u8]) -> Error {
    Error::of_response(status, body, None).redacted(&[])
}
