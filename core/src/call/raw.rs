//! Calls of endpoints that the spec does not have: a method, a path, a query and any JSON.

use super::input::CallInput;
use super::prepare::ENCODED;
use crate::error::{Error, Result};
use crate::redaction::excerpt;
use crate::spec::{Endpoint, Http};
use crate::transport::message::PreparedRequest;
use bytes::Bytes;
use http::HeaderMap;
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;

/// A request by method and path. It is checked when it is sent.
#[derive(Debug, Clone)]
pub struct RawInput {
    method: String,
    path: String,
    /// Encoded parameters, separated by `&`.
    query: String,
    body: Option<Bytes>,
    /// Why the body cannot be sent.
    problem: Option<String>,
}

impl RawInput {
    /// Creates the input of a request, without query or body.
    ///
    /// The path begins with `/` and is relative to the base URL, like the paths of the spec: `/v1/products`. Characters that a path
    /// cannot have, such as a `?` in an identifier, must be percent-encoded.
    #[must_use]
    pub fn new(method: &str, path: impl Into<String>) -> Self {
        let method = method.to_ascii_uppercase();
        Self { method, path: path.into(), query: String::new(), body: None, problem: None }
    }

    /// Adds a parameter to the query, which may have several of the same name. Name and value are encoded.
    pub fn add_query(&mut self, name: &str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend(utf8_percent_encode(name, ENCODED));
        self.query.push('=');
        self.query.extend(utf8_percent_encode(value, ENCODED));
    }

    /// Sets the body, which is sent as JSON.
    pub fn set_body(&mut self, body: &impl Serialize) {
        match serde_json::to_vec(body) {
            Ok(json) => self.body = Some(json.into()),
            Err(error) => self.problem = Some(format!("the body cannot be written as JSON: {error}")),
        }
    }

    /// Sets the body from JSON text, which is checked and sent as it is. For bindings.
    #[doc(hidden)]
    pub fn set_json(&mut self, json: &[u8]) {
        let checked = std::str::from_utf8(json)
            .map_err(|error| error.to_string())
            .and_then(|text| serde_json::from_str::<IgnoredAny>(text).map_err(|error| error.to_string()));
        match checked {
            Ok(_) => self.body = Some(Bytes::copy_from_slice(json)),
            Err(error) => self.problem = Some(format!("the body is not JSON: {error}")),
        }
    }

    /// Method and path, for messages.
    #[must_use]
    pub fn id(&self) -> String {
        excerpt(&format!("{} {}", self.method, self.path))
    }

    /// Builds the request, if method and path are valid.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with what is wrong.
    pub(crate) fn prepare(self) -> Result<PreparedRequest> {
        let refuse = |what: String| Error::bad_request(format!("not sent: {what}"));
        let http = Http::ALL.into_iter().find(|http| http.as_str() == self.method).ok_or_else(|| {
            let methods = Http::ALL.map(Http::as_str).join(", ");
            refuse(format!("unknown method {:?}: must be one of {methods}", excerpt(&self.method)))
        })?;
        if let Some(what) = path_problem(&self.path) {
            return Err(refuse(format!("invalid path {:?}: {what}", excerpt(&self.path))));
        }
        let endpoint = Endpoint::raw(http, &self.path);
        if let Some(problem) = self.problem {
            return Err(refuse(problem).with_operation(endpoint));
        }
        let target = if self.query.is_empty() { self.path } else { format!("{}?{}", self.path, self.query) };
        Ok(PreparedRequest { endpoint, target, headers: HeaderMap::new(), body: self.body })
    }
}

/// Returns why a path cannot be sent. URL parsers resolve dots and remove control characters, which would select another
/// endpoint.
fn path_problem(path: &str) -> Option<&'static str> {
    let begins_with_scheme = path.split_once("://").is_some_and(|(scheme, _)| !scheme.contains('/'));
    let dots = |segment: &str| matches!(&*percent_decode_str(segment).collect::<Vec<_>>(), b"." | b"..");
    if begins_with_scheme || path.starts_with("//") {
        Some("it must be a path such as /v1/products, without scheme and host: base_url has those")
    } else if !path.starts_with('/') {
        Some("it must begin with /")
    } else if path.contains('?') {
        Some("it must have no query: add its parameters separately, and encode ? as %3F elsewhere")
    } else if path.contains('#') {
        Some("it must have no fragment: encode # as %23")
    } else if path.contains(|c: char| !c.is_ascii_graphic() || c == '\\') {
        Some("it must have no space, backslash, control or non-ASCII character: encode them")
    } else if path.split('/').any(dots) {
        Some("it must have no segment . or ..")
    } else if has_invalid_escape(path) {
        Some("it has a % without two hexadecimal digits: encode % as %25")
    } else {
        None
    }
}

fn has_invalid_escape(path: &str) -> bool {
    path.split('%')
        .skip(1)
        .any(|rest| !rest.bytes().take(2).map(|byte| byte.is_ascii_hexdigit()).eq([true, true]))
}

/// The input of a call: of an operation, or of any endpoint.
#[derive(Debug, Clone)]
pub enum Input {
    /// Of an operation of the spec.
    Operation(CallInput),
    /// Of any endpoint.
    Raw(RawInput),
}

impl Input {
    /// Name of the call, for messages: `configs.create`, or `GET /v1/products`.
    #[must_use]
    pub fn id(&self) -> Cow<'static, str> {
        match self {
            Self::Operation(input) => input.operation().id.into(),
            Self::Raw(input) => input.id().into(),
        }
    }

    pub(crate) fn prepare(self) -> Result<PreparedRequest> {
        match self {
            Self::Operation(input) => input.prepare(),
            Self::Raw(input) => input.prepare(),
        }
    }
}

impl From<CallInput> for Input {
    fn from(input: CallInput) -> Self {
        Self::Operation(input)
    }
}

impl From<RawInput> for Input {
    fn from(input: RawInput) -> Self {
        Self::Raw(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(method: &str, path: &str) -> Result<PreparedRequest> {
        RawInput::new(method, path).prepare()
    }

    #[test]
    fn query_and_body_are_encoded() {
        let mut input = RawInput::new("post", "/v1/a%20b");
        input.add_query("filter", "a&b=ü");
        input.add_query("filter", "");
        input.set_body(&serde_json::json!({ "name": null }));
        let request = input.prepare().unwrap();
        assert_eq!(request.endpoint.id(), "POST /v1/a%20b");
        assert_eq!(request.target, "/v1/a%20b?filter=a%26b%3D%C3%BC&filter=");
        assert_eq!(request.body.as_deref(), Some(br#"{"name":null}"#.as_slice()));
    }

    #[test]
    fn invalid_path_is_refused_with_the_reason() {
        for (path, reason) in [
            ("", "must begin with /"),
            ("v1/products", "must begin with /"),
            ("https://example.com/v1", "without scheme and host"),
            ("//example.com/v1", "without scheme and host"),
            ("/v1/../v2", "no segment . or .."),
            ("/v1/%2e%2E/x", "no segment . or .."),
            ("/v1/.%2e", "no segment . or .."),
            ("/v1/./x", "no segment . or .."),
            ("/v1/x?a=b", "no query"),
            ("/v1/x#a", "no fragment"),
            ("/v1/a b", "no space"),
            ("/v1/a\\..\\b", "backslash"),
            ("/v1/a\r\nb", "control or non-ASCII character"),
            ("/v1/\u{202e}", "control or non-ASCII character"),
            ("/v1/a\tb", "control or"),
            ("/v1/a%2", "two hexadecimal digits"),
            ("/v1/%zz", "two hexadecimal digits"),
        ] {
            let error = prepared("GET", path).unwrap_err();
            assert!(error.message().starts_with("not sent: invalid path"), "{error}");
            assert!(error.message().contains(reason), "{path:?}: {error}");
            assert!(!error.message().contains(char::is_control), "{error:?}");
        }
        for path in ["/", "/v1/products", "/v1/a..b/...", "/v1/https://x", "/v1/%C3%A9", "/v1//x/"] {
            assert!(prepared("GET", path).is_ok(), "{path}");
        }
    }

    #[test]
    fn unknown_method_is_refused_with_the_known_ones() {
        for method in ["", "HEAD", "CONNECT", "GET\r\n", "TRACE"] {
            let error = prepared(method, "/v1/me").unwrap_err();
            assert!(error.message().contains("GET, POST, PUT, PATCH, DELETE"), "{error}");
        }
    }
}
