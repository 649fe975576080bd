//! What is refused, in the service's own shape: a map of field to messages, or a bare status.

use configcat_management::spec::validate::Violation;
use std::collections::BTreeMap;
use std::fmt;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// What the body says.
    pub body: Body,
}

/// The body of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Empty,
    /// Messages by field.
    Fields(BTreeMap<String, Vec<String>>),
    /// A sentence.
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

    /// 404: not there, or not for the caller.
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

    /// 400 with everything that is wrong; `None` when nothing is.
    pub(crate) fn violations(found: Vec<Violation>) -> Option<Self> {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for Violation { path, message } in found {
            fields.entry(path).or_default().push(message);
        }
        (!fields.is_empty()).then_some(Self { status: 400, body: Body::Fields(fields) })
    }

    /// 400 for JSON that is not what was asked for, with the place.
    pub(crate) fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        Self::field(error.path().to_string(), error.inner().to_string())
    }

    /// The same problem of something inside of a larger body.
    pub(crate) fn below(self, at: &str) -> Self {
        let body = match self.body {
            Body::Fields(fields) => Body::Fields(
                fields.into_iter().map(|(field, says)| (format!("{at}.{field}"), says)).collect(),
            ),
            other => other,
        };
        Self { status: self.status, body }
    }

    /// 403: there, and visible, but not for the caller to change.
    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        Self::text(403, why)
    }

    /// 500: a bug of the simulator; the state is as it was.
    pub(crate) fn internal() -> Self {
        Self::text(500, "The simulator met a bug of its own; nothing was changed.")
    }
}
