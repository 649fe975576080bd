//! Whole responses.

use crate::rate_limit::RateLimit;
use configcat_management::{CallResponse, HeaderMap, Response, header_pairs};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Details of a response beside its value.
#[derive(Debug, Clone, uniffi::Record)]
pub struct ResponseDetails {
    /// HTTP status.
    pub status: i32,
    /// Headers by name in lower case; values of repeated headers are joined by commas.
    pub headers: HashMap<String, String>,
    /// Body as it was received.
    pub body: Vec<u8>,
    /// Rate limit state after the response.
    pub rate_limit: RateLimit,
    /// Number of times the request was sent.
    pub attempts: i32,
    /// Duration of the whole call, including waits and retries.
    pub elapsed: Duration,
    /// How much of that the call waited for the rate limit.
    pub waited: Duration,
    /// Whether a deletion found nothing because an earlier attempt of the same call had already done it.
    pub already_deleted: bool,
}

impl<T> From<&Response<T>> for ResponseDetails {
    fn from(response: &Response<T>) -> Self {
        Self {
            status: response.status.into(),
            headers: joined(&response.headers),
            body: response.body.to_vec(),
            rate_limit: response.rate_limit.into(),
            attempts: i32::try_from(response.attempts).unwrap_or(i32::MAX),
            elapsed: response.elapsed,
            waited: response.waited,
            already_deleted: response.already_deleted,
        }
    }
}

impl From<&CallResponse> for ResponseDetails {
    fn from(response: &CallResponse) -> Self {
        Self {
            status: response.status().into(),
            headers: joined(response.headers()),
            body: response.body().to_vec(),
            rate_limit: response.rate_limit().into(),
            attempts: i32::try_from(response.attempts()).unwrap_or(i32::MAX),
            elapsed: response.elapsed(),
            waited: response.waited(),
            already_deleted: response.already_deleted(),
        }
    }
}

/// Returns headers by name; values of repeated headers are joined by commas.
pub fn joined(headers: &HeaderMap) -> HashMap<String, String> {
    let mut joined: HashMap<String, String> = HashMap::new();
    for (name, value) in header_pairs(headers) {
        let known = joined.entry(name.to_owned()).or_default();
        if !known.is_empty() {
            known.push_str(", ");
        }
        known.push_str(&value);
    }
    joined
}

/// Holds the response of the latest call of a view.
#[derive(Debug, Clone, Default)]
pub struct Record(Arc<Mutex<Option<ResponseDetails>>>);

impl Record {
    pub(crate) fn put(&self, response: ResponseDetails) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
    }

    pub(crate) fn take(&self) -> Option<ResponseDetails> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
