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
    /// A message.
    Text(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        match &self.body {
            Body::Empty => Ok(()),
            Body::Fields(fields) => {
                fields.iter().try_for_each(|(field, messages)| write!(f, "; {field}: {}", messages.join(" ")))
            }
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
                fields.into_iter().map(|(field, messages)| (format!("{at}.{field}"), messages)).collect(),
            ),
            other => other,
        };
        Self { status: self.status, body }
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
