//! Error responses, in the service's own format: a map from field to messages, or a status without a body.

use configcat_management::spec::validate::Violation;
use std::collections::BTreeMap;
use std::fmt;

/// Maximum number of violations in an error response.
const VIOLATIONS: usize = 1_000;

/// An error response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Body,
}

/// Body of an error response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// No body.
    Empty,
    /// Messages by field.
    Fields(BTreeMap<String, Vec<String>>),
    /// A message that the service's own tools know. They find it only below the short name of its property.
    Property {
        /// Path of the property.
        path: String,
        /// The message.
        message: String,
    },
    /// A message.
    Text(String),
}

/// Returns a path below another one.
fn join(at: &str, path: &str) -> String {
    let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
    format!("{at}{dot}{path}")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        match &self.body {
            Body::Empty => Ok(()),
            Body::Fields(fields) => {
                fields.iter().try_for_each(|(field, messages)| write!(f, "; {field}: {}", messages.join(" ")))
            }
            Body::Property { path, message } => write!(f, "; {path}: {message}"),
            Body::Text(text) => write!(f, ": {text}"),
        }
    }
}

impl std::error::Error for Problem {}

impl Problem {
    fn empty(status: u16) -> Self {
        Self { status, body: Body::Empty }
    }

    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        Self { status, body: Body::Text(text.into()) }
    }

    /// 404: does not exist, or is not visible to the caller.
    #[must_use]
    pub fn not_found() -> Self {
        Self::empty(404)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::empty(401)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::empty(405)
    }

    /// 400 with one message.
    #[must_use]
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status: 400, body: Body::Fields(BTreeMap::from([(field.into(), vec![message.into()])])) }
    }

    /// 400 with one message in the service's own words. The tools of the service search for its text, and a long name
    /// before it would break their match: the body has the property's own name, and the path after the message.
    pub(crate) fn property(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status: 400, body: Body::Property { path: path.into(), message: message.into() } }
    }

    /// 400 with all violations, or the first of very many; `None` if there are none.
    pub(crate) fn violations(found: Vec<Violation>) -> Option<Self> {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let more = found.len().saturating_sub(VIOLATIONS);
        for Violation { path, message } in found.into_iter().take(VIOLATIONS) {
            fields.entry(path).or_default().push(message);
        }
        if more > 0 {
            fields.entry(String::new()).or_default().push(format!("There are {more} more violations."));
        }
        (!fields.is_empty()).then_some(Self { status: 400, body: Body::Fields(fields) })
    }

    /// 400 for JSON that does not have the expected type, with the path of the field.
    pub(crate) fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        Self::field(error.path().to_string(), error.inner().to_string())
    }

    /// Returns the same problem with `at` as a prefix of all fields, for a part of a larger body.
    pub(crate) fn below(self, at: &str) -> Self {
        let body = match self.body {
            Body::Fields(fields) => Body::Fields(
                fields.into_iter().map(|(field, messages)| (join(at, &field), messages)).collect(),
            ),
            Body::Property { path, message } => Body::Property { path: join(at, &path), message },
            other => other,
        };
        Self { status: self.status, body }
    }

    /// Returns the field and the message of a [`Body::Property`] as they are sent.
    pub(crate) fn sent_property(path: &str, message: &str) -> (String, String) {
        let last = path.rsplit('.').next().unwrap_or(path);
        let property = last.split('[').next().unwrap_or(last);
        let at = if property == path { String::new() } else { format!(" ({path})") };
        (property.to_owned(), format!("{message}{at}"))
    }

    /// 403: exists and is visible, but the caller may not change it.
    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        Self::text(403, why)
    }

    /// 500: a bug in the simulator; the state is unchanged.
    pub(crate) fn internal() -> Self {
        Self::text(500, "Internal error of the simulator. Nothing was changed.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn property_is_sent_with_its_own_name_and_its_path() {
        let sent = |path: &str| {
            let problem = Problem::property(path, "It is wrong.").below("items[3]");
            let Body::Property { path, message } = problem.body else { panic!("a property") };
            Problem::sent_property(&path, &message)
        };
        assert_eq!(sent("key"), ("key".into(), "It is wrong. (items[3].key)".into()));
        assert_eq!(sent("rules[1]"), ("rules".into(), "It is wrong. (items[3].rules[1])".into()));
        assert_eq!(Problem::sent_property("key", "Used."), ("key".into(), "Used.".into()));
    }
}
