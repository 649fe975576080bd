//! The lines of a cassette, and errors about it.

use crate::error::Error;
use crate::redaction::Redactor;
use crate::transport::message::{PreparedRequest, RawResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// Version of the format.
pub(super) const VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) cassette: u32,
}

/// A request and its response.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    pub(super) request: RecordedRequest,
    pub(super) response: RecordedResponse,
}

/// What a request is recognized by.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedRequest {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedResponse {
    status: u16,
    headers: Vec<(String, String)>,
    /// The body, exactly as it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// A body that is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl RecordedRequest {
    pub(super) fn of(request: &PreparedRequest, redactors: &[&Redactor]) -> Self {
        let body = request.body.as_ref().map(|body| {
            let body = masked(redactors, body);
            serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into())
        });
        Self {
            method: request.endpoint.http().as_str().to_owned(),
            target: text(&masked(redactors, request.target.as_bytes())),
            body,
        }
    }
}

impl RecordedResponse {
    pub(super) fn of(response: &RawResponse, redactors: &[&Redactor]) -> Self {
        let headers = response.headers.iter();
        let headers = headers
            .map(|(name, value)| (name.as_str().to_owned(), text(&masked(redactors, value.as_bytes()))))
            .collect();
        let body = masked(redactors, &response.body);
        let (body, base64) = match String::from_utf8(body) {
            Ok(text) => (Some(text), None),
            Err(other) => (None, Some(STANDARD.encode(other.as_bytes()))),
        };
        Self { status: response.status, headers, body, base64 }
    }

    /// Returns the response, or what is wrong with it.
    pub(super) fn raw(&self) -> Result<RawResponse, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name).map_err(|e| format!("header {name:?}: {e}"))?;
            let value = HeaderValue::try_from(value).map_err(|e| format!("header {name}: {e}"))?;
            headers.append(name, value);
        }
        let body = match (&self.body, &self.base64) {
            (Some(text), None) => Bytes::from(text.clone()),
            (None, Some(base64)) => STANDARD.decode(base64).map_err(|e| format!("base64: {e}"))?.into(),
            (None, None) => Bytes::new(),
            (Some(_), Some(_)) => return Err("both body and base64 are present".to_owned()),
        };
        Ok(RawResponse { status: self.status, headers, body })
    }
}

/// Masks credentials in bytes of any length.
fn masked(redactors: &[&Redactor], text: &[u8]) -> Vec<u8> {
    redactors.iter().fold(text.to_vec(), |text, redactor| redactor.whole(&text).into_owned())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns the error for a cassette that cannot be used.
pub(super) fn unusable(path: &Path, problem: impl fmt::Display) -> Error {
    Error::configuration(format!("cassette {}: {problem}", path.display()))
}
