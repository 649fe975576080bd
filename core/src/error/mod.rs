//! The error type of this crate, with a kind for each class of failure.

mod cause;
mod kind;
mod limits;
mod messages;
mod names;

use crate::redaction::{Redactor, masked, shown};
use crate::spec::Endpoint;
use crate::spec::validate::{EXACTLY_ONE, Violation};
use cause::Cause;
use http::{HeaderMap, HeaderValue};
use limits::{BODY_LIMIT, BODY_SLACK, CAUSES_LIMIT, HEADERS_LIMIT, MESSAGE_LIMIT, NAME_LIMIT, PARSED_LIMIT};
use messages::{describe_response, field_errors};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use names::snake;

pub use kind::ErrorKind;

/// The message for a 404 without a body.
const NOT_FOUND: &str = "404 Not Found";

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a call.
///
/// # Troubleshooting
/// [`kind`](Self::kind) tells what to do: check the credentials (`authentication`), the rights of their permission
/// group (`permission`), the fields in [`field_errors`](Self::field_errors) (`bad_request`), or try again after
/// [`retry_after`](Self::retry_after) (`rate_limited`). No error ever contains a credential.
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    kind: Option<ErrorKind>,
    message: String,
    status: Option<u16>,
    field_errors: BTreeMap<String, Vec<String>>,
    retry_after: Option<Duration>,
    attempts: u32,
    maybe_applied: bool,
    endpoint: Option<Endpoint>,
    target: Option<String>,
    headers: HeaderMap,
    body: Vec<u8>,
    path: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind: Some(kind), message: message.into(), ..Inner::default() }))
    }

    /// Creates the error of a cancelled call, whose request may have been sent. For bindings, whose languages have their own
    /// ways to cancel a call.
    #[doc(hidden)]
    pub fn cancelled(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Cancelled, message).with_maybe_applied(true)
    }

    /// Creates the error for an invalid argument. For bindings.
    #[doc(hidden)]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::BadRequest, message)
    }

    /// Creates an error about the configuration, or about the place of a call. For bindings.
    #[doc(hidden)]
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// Creates the error for a request that violates the spec, found before it was sent.
    pub(crate) fn invalid(violations: &[Violation]) -> Self {
        let list: Vec<String> = violations.iter().map(ToString::to_string).collect();
        let mut error = Self::new(ErrorKind::BadRequest, format!("not sent: {}", list.join("; ")));
        for violation in violations {
            error.0.field_errors.entry(violation.path.clone()).or_default().push(violation.message.clone());
        }
        error
    }

    /// Creates the error for a response without a 2xx status.
    pub(crate) fn of_response(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let mut error = Self::new(ErrorKind::of_status(status), String::new());
        let inner = &mut error.0;
        inner.status = Some(status);
        inner.retry_after = retry_after;
        inner.body = kept(body);
        let parsed = (body.len() <= PARSED_LIMIT).then(|| serde_json::from_slice::<Value>(body));
        let json = parsed.and_then(Result::ok);
        if let Some(json) = &json {
            inner.field_errors = field_errors(json);
        }
        inner.message = describe_response(status, json.as_ref(), body, &inner.field_errors);
        error
    }

    pub(crate) fn decode(path: String, message: impl fmt::Display, status: u16, body: &[u8]) -> Self {
        let what = if path.is_empty() { "the body".to_owned() } else { format!("`{path}`") };
        let mut error =
            Self::new(ErrorKind::Decode, format!("cannot read {what} of the response: {message}"));
        error.0.status = Some(status);
        error.0.path = Some(path);
        error.0.body = kept(body);
        error
    }

    /// Masks credentials, escapes control characters and limits the length of everything that came from the network. Every
    /// error leaves a call through this function.
    pub(crate) fn redacted(mut self, redactors: &[&Redactor]) -> Self {
        let inner = &mut self.0;
        inner.message = shown(redactors, &inner.message, MESSAGE_LIMIT);
        inner.path = inner.path.as_ref().map(|path| shown(redactors, path, NAME_LIMIT));
        inner.body = masked(redactors, &inner.body);
        inner.body.truncate(BODY_LIMIT);
        let fields = std::mem::take(&mut inner.field_errors);
        inner.field_errors = fields
            .into_iter()
            .map(|(field, messages)| {
                let messages = messages.iter().map(|message| shown(redactors, message, MESSAGE_LIMIT));
                (shown(redactors, &field, NAME_LIMIT), messages.collect())
            })
            .collect();
        inner.source =
            inner.source.take().and_then(|source| Cause::copy(source.as_ref(), redactors, CAUSES_LIMIT));
        self
    }

    /// Names fields in `snake_case`, as the models do: `setting_type`, not `settingType`.
    pub(crate) fn with_snake_names(mut self) -> Self {
        let inner = &mut self.0;
        let fields = std::mem::take(&mut inner.field_errors);
        for (path, mut messages) in fields {
            let name = snake(&path);
            // The message consists of the paths and their messages.
            let count = messages.len().max(1);
            inner.message = inner.message.replacen(&format!("{path}: "), &format!("{name}: "), count);
            for message in messages.iter_mut().filter(|message| message.starts_with(EXACTLY_ONE)) {
                let named = snake(message);
                inner.message = inner.message.replacen(&*message, &named, 1);
                *message = named;
            }
            inner.field_errors.entry(name).or_default().append(&mut messages);
        }
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Duration) -> Self {
        self.0.retry_after = Some(retry_after);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_operation(mut self, endpoint: impl Into<Endpoint>) -> Self {
        self.0.endpoint = Some(endpoint.into());
        self
    }

    /// Keeps copies of the headers of the response: the original values share one buffer, which may be large.
    pub(crate) fn with_headers(mut self, headers: &HeaderMap) -> Self {
        self.0.headers = kept_headers(headers);
        self
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.0.headers
    }

    /// Records the path and query of the request. The service says nothing with a 404: the path tells what is missing.
    pub(crate) fn with_target(mut self, target: &str) -> Self {
        if self.0.message == NOT_FOUND {
            let path = target.split('?').next().unwrap_or_default();
            self.0.message =
                format!("{NOT_FOUND}: {path} does not exist, or these credentials may not see it");
        }
        self.0.target = Some(target.to_owned());
        self
    }

    /// Records whether the service may have applied the request although the call failed.
    pub(crate) fn with_maybe_applied(mut self, maybe: bool) -> Self {
        self.0.maybe_applied = maybe;
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Returns the class of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::Server)
    }

    /// What went wrong, without the operation and the number of attempts.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Messages by field: from the response, or from the validation before sending.
    #[must_use]
    pub fn field_errors(&self) -> &BTreeMap<String, Vec<String>> {
        &self.0.field_errors
    }

    /// How long to wait before a retry, if the service or the rate limiter reported it.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Number of attempts; 0 if the request was never sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the service may have applied the request although the call failed: the connection was lost, time ran
    /// out or the service failed after the request had been sent, or its response could not be decoded.
    #[must_use]
    pub fn maybe_applied(&self) -> bool {
        self.0.maybe_applied
    }

    /// The operation, such as `configs.create`; method and path of a raw request.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.endpoint.as_ref().map(Endpoint::id)
    }

    /// HTTP method and path of the request, with its query; the path of the spec when nothing was sent.
    #[must_use]
    pub fn request(&self) -> Option<(&'static str, &str)> {
        let endpoint = self.0.endpoint.as_ref()?;
        Some((endpoint.http().as_str(), self.0.target.as_deref().unwrap_or_else(|| endpoint.path())))
    }

    /// HTTP method of the operation, such as `POST`.
    #[must_use]
    pub fn method(&self) -> Option<&'static str> {
        self.0.endpoint.as_ref().map(|endpoint| endpoint.http().as_str())
    }

    /// Path of the operation with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw
    /// request. For statistics: it has no identifiers.
    #[must_use]
    pub fn path_template(&self) -> Option<&str> {
        self.0.endpoint.as_ref().map(Endpoint::path)
    }

    /// Headers of the response, without credentials: the first 16 KiB of them. Empty if there was no response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body of the response, at most its first 16 KiB.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The JSON path of the value that could not be decoded.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(wait) = self.0.retry_after {
            write!(f, " (try again in {:.1} s)", wait.as_secs_f64())?;
        }
        if self.0.attempts > 1 {
            write!(f, " (after {} attempts)", self.0.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &self.0.message)
            .field("operation", &self.operation())
            .field("status", &self.0.status)
            .field("field_errors", &self.0.field_errors)
            .field("retry_after", &self.0.retry_after)
            .field("attempts", &self.0.attempts)
            .field("maybe_applied", &self.0.maybe_applied)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|s| s as &(dyn std::error::Error + 'static))
    }
}

/// The headers that an error keeps.
fn kept_headers(headers: &HeaderMap) -> HeaderMap {
    let mut left = HEADERS_LIMIT;
    let mut kept = HeaderMap::new();
    for (name, value) in headers {
        let Some(rest) = left.checked_sub(name.as_str().len() + value.len()) else { break };
        left = rest;
        if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
            kept.append(name, copy);
        }
    }
    kept
}

/// The part of a body that an error keeps until it is redacted.
fn kept(body: &[u8]) -> Vec<u8> {
    body.get(..BODY_LIMIT + BODY_SLACK).unwrap_or(body).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_messages_are_parsed_from_a_bare_map() {
        let error = Error::of_response(400, br#"{"name":["Too long.","Not nice."]}"#, None);
        assert_eq!(error.kind(), ErrorKind::BadRequest);
        assert_eq!(error.field_errors()["name"], ["Too long.", "Not nice."]);
        assert_eq!(error.to_string(), "400 Bad Request: name: Too long. Not nice.");
    }

    #[test]
    fn messages_without_a_field_stand_alone() {
        let error = Error::of_response(400, br#"{"":["No patch."]}"#, None);
        assert_eq!(error.to_string(), "400 Bad Request: No patch.");
    }

    #[test]
    fn every_message_of_a_field_has_its_snake_name() {
        let violation = |message: &str| Violation { path: "tagId".into(), message: message.into() };
        let error = Error::invalid(&[violation("too long"), violation("too odd")]).with_snake_names();
        assert_eq!(error.message(), "not sent: tag_id: too long; tag_id: too odd");
    }

    #[test]
    fn field_messages_are_parsed_from_problem_details() {
        let body = br#"{"title":"One or more validation errors occurred.","status":400,"errors":{"Key":["Taken."]}}"#;
        assert_eq!(Error::of_response(400, body, None).field_errors()["Key"], ["Taken."]);
        let body = br#"{"title":"Gone fishing","status":503}"#;
        let error = Error::of_response(503, body, None);
        assert!(error.field_errors().is_empty());
        assert_eq!(error.to_string(), "503 Service Unavailable: Gone fishing");
    }

    #[test]
    fn plain_text_and_empty_bodies_become_messages() {
        assert_eq!(Error::of_response(404, b"", None).to_string(), "404 Not Found");
        assert_eq!(
            Error::of_response(500, b"oops\nstack", None).to_string(),
            "500 Internal Server Error: oops"
        );
    }

    #[test]
    fn kept_body_is_limited_in_length() {
        let error = Error::of_response(500, &vec![b'x'; 1 << 20], None).redacted(&[]);
        assert_eq!((error.body().len(), error.message().len()), (BODY_LIMIT, MESSAGE_LIMIT));
    }

    #[test]
    fn kept_headers_are_limited_in_length() {
        let mut headers = HeaderMap::new();
        for index in 0..100 {
            let name = http::HeaderName::try_from(format!("x-{index}")).unwrap();
            headers.append(name, HeaderValue::try_from("v".repeat(1000)).unwrap());
        }
        let error = Error::of_response(500, b"", None).with_headers(&headers);
        assert_eq!(error.headers().len(), HEADERS_LIMIT / 1004);
        assert_eq!(error.headers()["x-0"], headers["x-0"]);
    }

    #[test]
    fn messages_of_a_large_body_are_limited() {
        let many = format!(r#"{{"errors":{{"a":[{}0]}}}}"#, "0,".repeat(30_000));
        let error = Error::of_response(400, many.as_bytes(), None).redacted(&[]);
        assert_eq!(error.field_errors()["a"].len(), limits::MESSAGES_LIMIT);
        assert!(error.message().len() <= MESSAGE_LIMIT);
        // Not parsed at all.
        let more = many.replace("0,", "0,0,");
        assert!(Error::of_response(400, more.as_bytes(), None).field_errors().is_empty());
    }

    #[test]
    fn control_characters_are_escaped() {
        let body = "{\"name\":[\"\\u001b[31mred\\r\\nHTTP/1.1\"]}";
        let error = Error::of_response(400, body.as_bytes(), None).redacted(&[]);
        assert_eq!(error.field_errors()["name"], [r"\u{1b}[31mred\r\nHTTP/1.1"]);
        assert!(!error.to_string().contains(char::is_control), "{error}");
    }
}
