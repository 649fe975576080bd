//! Headers that a caller adds to requests, for gateways between the client and the service and for features newer than the
//! client.

use crate::redaction::{Redactor, excerpt};
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};
use std::fmt;

/// Maximum number of extra headers.
const MOST: usize = 100;

/// Headers that the client sets itself, and what to use instead.
const RESERVED: &[(&str, &str)] = &[
    ("accept", ""),
    ("accept-encoding", ""),
    ("authorization", ": pass credentials"),
    ("connection", ""),
    ("content-encoding", ""),
    ("content-length", ""),
    ("content-type", ""),
    ("expect", ""),
    ("host", ": use base_url"),
    ("http2-settings", ""),
    ("keep-alive", ""),
    ("proxy-authorization", ": pass the credentials in the URL of the proxy"),
    ("proxy-connection", ""),
    ("te", ""),
    ("trailer", ""),
    ("transfer-encoding", ""),
    ("upgrade", ""),
    ("user-agent", ": use the option that adds a product"),
    ("x-caller-id", ": use the option caller_id"),
];

/// Headers that a caller adds to requests. They are checked when they are used: by [`Builder::build`](crate::Builder::build), or
/// by the call before anything is sent.
///
/// `Debug` output has their names only, because values may be secrets. An empty list allocates nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExtraHeaders {
    list: Vec<(String, String)>,
}

impl ExtraHeaders {
    /// Without headers.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds a header, or replaces the one of this name. Names are compared without case.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.list.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some(known) => *known = (name, value),
            None => self.list.push((name, value)),
        }
    }

    /// Adds the headers of another list, which replace those of the same names.
    pub fn merge(&mut self, other: &Self) {
        for (name, value) in &other.list {
            self.set(name, value);
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds the headers to those of a request, which have none of these names.
    ///
    /// # Errors
    /// What is wrong with a header, with its name and without its value.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) -> Result<(), String> {
        if self.list.len() > MOST {
            return Err(format!("there are {} extra headers: at most {MOST} are supported", self.list.len()));
        }
        for (name, value) in &self.list {
            let refuse = |what: &str| format!("header {:?} {what}", excerpt(name));
            let parsed =
                HeaderName::try_from(name).map_err(|_| refuse("has a name that a header cannot have"))?;
            if let Some((_, instead)) = RESERVED.iter().find(|(reserved, _)| parsed.as_str() == *reserved) {
                return Err(refuse(&format!("is set by the client{instead}")));
            }
            if headers.contains_key(&parsed) {
                return Err(refuse("is a parameter of the operation: set that"));
            }
            if value.chars().any(char::is_control) {
                return Err(refuse("has a value with a line break or another control character"));
            }
            let mut value =
                HeaderValue::try_from(value).map_err(|_| refuse("has a value that a header cannot carry"))?;
            value.set_sensitive(true);
            headers.insert(parsed, value);
        }
        Ok(())
    }

    /// Makes a redactor mask the values.
    pub(crate) fn hide_from(&self, redactor: &mut Redactor) {
        for (_, value) in &self.list {
            redactor.add_header(value);
        }
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for ExtraHeaders {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut headers = Self::new();
        pairs.into_iter().for_each(|(name, value)| headers.set(name, value));
        headers
    }
}

impl fmt::Debug for ExtraHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.list.iter().map(|(name, _)| (name, "***"))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str, value: &str) -> String {
        ExtraHeaders::from_iter([(name, value)]).add_to(&mut HeaderMap::new()).unwrap_err()
    }

    #[test]
    fn reserved_header_is_refused_in_any_case() {
        for (name, _) in RESERVED {
            for name in [(*name).to_owned(), name.to_ascii_uppercase()] {
                let message = refusal(&name, "some-value");
                assert!(message.starts_with(&format!("header {name:?} is set by the client")), "{message}");
            }
        }
    }

    #[test]
    fn unusable_name_or_value_is_refused_without_the_value() {
        for name in ["", "a b", "a:b", "a\r\nb", "é"] {
            assert!(refusal(name, "some-value").contains("a name that a header cannot have"), "{name:?}");
        }
        for value in
            ["some-value\r\nx: y", "some-value\n", "some-value\t", "some-value\0", "some-value\u{85}"]
        {
            let message = refusal("X-Team", value);
            assert!(message.starts_with(r#"header "X-Team" has a value with"#), "{message}");
            assert!(!message.contains("some-value"), "{message}");
        }
    }

    #[test]
    fn later_header_replaces_one_of_the_same_name() {
        let mut headers = ExtraHeaders::from_iter([("X-Team", "first"), ("x-other", "kept")]);
        headers.merge(&ExtraHeaders::from_iter([("x-team", "second")]));
        let mut sent = HeaderMap::new();
        headers.add_to(&mut sent).unwrap();
        assert_eq!(
            (&sent["x-team"], &sent["x-other"], sent.len()),
            (&"second".parse().unwrap(), &"kept".parse().unwrap(), 2)
        );
        assert!(sent["x-team"].is_sensitive());
    }

    #[test]
    fn parameter_of_the_operation_is_not_replaced() {
        let mut sent =
            HeaderMap::from_iter([(HeaderName::from_static("x-key"), HeaderValue::from_static("parameter"))]);
        let message = ExtraHeaders::from_iter([("X-Key", "extra")]).add_to(&mut sent).unwrap_err();
        assert!(message.contains("is a parameter of the operation"), "{message}");
    }

    #[test]
    fn number_of_headers_is_limited() {
        let many = ExtraHeaders::from_iter((0..=MOST).map(|index| (format!("x-{index}"), "1")));
        assert!(many.add_to(&mut HeaderMap::new()).unwrap_err().contains("101 extra headers"));
    }

    #[test]
    fn debug_output_has_names_only() {
        let shown = format!("{:?}", ExtraHeaders::from_iter([("X-Token", "some-value")]));
        assert_eq!(shown, r#"{"X-Token": "***"}"#);
    }
}
