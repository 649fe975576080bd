//! Ways in for the fuzzer, which has no server to talk to. Nobody else has them.

use crate::describe::Operation;
use crate::error::{Error, Result};
use crate::transport::auth::Credentials;
use crate::transport::headers::Reported;
use crate::transport::pipeline::Completed;
use crate::transport::rate_limit::{Gate, RateLimit, Settled};
use crate::{RateLimitPolicy, request};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Decodes an answer's body as an operation does, and writes it again.
///
/// # Errors
/// What the caller of the operation would see.
pub fn answer<O: request::Operation>(body: &[u8]) -> Result<String>
where
    O::Output: Serialize,
{
    let completed = completed(O::DESCRIPTION, body)?;
    let value: O::Output = completed.decode()?;
    serde_json::to_string(&value).map_err(|error| completed.refuse(String::new(), &error.to_string()))
}

fn completed(operation: &'static Operation, body: &[u8]) -> Result<Completed> {
    Ok(Completed {
        operation,
        target: String::new(),
        status: 200,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body),
        rate_limit: RateLimit::default(),
        attempts: 1,
        elapsed: Duration::ZERO,
        waited: Duration::ZERO,
        already_deleted: false,
        credentials: Credentials::new("user", "password")?,
    })
}

/// Lets a client's gate hear of an answer with these headers, twice, and shows what it makes of them.
pub fn rate_limit(status: u16, headers: &[(&'static str, &[u8])]) -> RateLimit {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            map.insert(HeaderName::from_static(name), value);
        }
    }
    let gate = Arc::new(Gate::new(RateLimitPolicy::Pace, Duration::from_secs(60)));
    for _ in 0..2 {
        let sent = Instant::now();
        gate.hear(Settled { status, reported: Reported::read(&map), sent });
    }
    gate.snapshot()
}

/// The error that a refusal is for its caller.
#[must_use]
pub fn refusal(status: u16, body: &[u8]) -> Error {
    Error::of_answer(status, body, None)
}
