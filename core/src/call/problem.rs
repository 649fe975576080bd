//! Problems with the input of a call, found before its values are checked against the spec.

use super::suggest::suggestion;
use crate::spec::Path;
use crate::spec::validate::Violation;

/// A problem with the shape or the names of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputProblem {
    /// Path of the value, with the names that the caller used; empty for the input itself.
    pub path: String,
    /// The invalid member of that value, if the problem is a member.
    pub member: Option<String>,
    /// Class of the problem.
    pub reason: Reason,
    /// Message, including the suggestion.
    pub message: String,
    /// A similar known name or value.
    pub suggestion: Option<String>,
}

/// Class of a problem with an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The operation or schema has no such name.
    UnknownName,
    /// The string is not a value of the enum.
    UnknownValue,
    /// The same field or parameter is present twice.
    Duplicate,
    /// The value has a type that cannot be sent here.
    WrongType,
    /// The value is nested too deeply, or contains itself.
    TooDeep,
}

impl InputProblem {
    pub(super) fn new(path: &Path<'_>, reason: Reason, message: impl Into<String>) -> Self {
        Self { path: path.to_string(), member: None, reason, message: message.into(), suggestion: None }
    }

    /// Creates the problem for a name that an operation or schema does not have.
    pub(crate) fn unknown_name<'a>(
        path: &Path<'_>,
        owner: &str,
        name: &str,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> Self {
        let suggestion = suggestion(name, known.clone());
        let hint = match suggestion {
            Some(other) => format!("did you mean {other}?"),
            None if known.clone().next().is_none() => "it takes nothing".to_owned(),
            None => format!("it has {}", known.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("{owner} has no {name}; {hint}");
        Self {
            member: Some(name.to_owned()),
            suggestion: suggestion.map(str::to_owned),
            ..Self::new(path, Reason::UnknownName, message)
        }
    }

    /// Creates the problem for a string that is not a value of an enum.
    pub(super) fn unknown_value(path: &Path<'_>, text: &str, known: &[&str]) -> Self {
        let suggestion = suggestion(text, known.iter().copied());
        let hint = suggestion.map(|other| format!("; did you mean {other}?")).unwrap_or_default();
        let message = format!("must be one of {}, not {text:?}{hint}", known.join(", "));
        Self { suggestion: suggestion.map(str::to_owned), ..Self::new(path, Reason::UnknownValue, message) }
    }
}

/// Converts the problem to a violation of the field that the caller named.
impl From<InputProblem> for Violation {
    fn from(problem: InputProblem) -> Self {
        let path = match problem.member {
            Some(member) if problem.path.is_empty() => member,
            Some(member) => format!("{}.{member}", problem.path),
            None => problem.path,
        };
        Self { path, message: problem.message }
    }
}
