//! Errors of edits.

use crate::error::{Error, ErrorKind};
use crate::models::JsonPatch;
use std::fmt;

/// The state was changed by others after it was read, and the changes could not be combined.
#[derive(Debug)]
#[non_exhaustive]
pub struct EditConflict<S, D> {
    /// The state that was read.
    pub base: S,
    /// The state as others have changed it.
    pub theirs: S,
    /// The draft with the changes of this edit.
    pub mine: D,
    /// The changes of this edit, as a patch of `base`.
    pub patch: JsonPatch,
    /// The error of the rejected request.
    pub error: Error,
}

/// An edit failed. `S` is the type of the state, `D` that of the draft.
#[derive(Debug)]
#[non_exhaustive]
pub enum EditError<S, D> {
    /// A call failed.
    Call(Error),
    /// Others have changed the state.
    Conflict(Box<EditConflict<S, D>>),
}

impl<S, D> EditError<S, D> {
    /// The error of the call that failed.
    #[must_use]
    pub fn error(&self) -> &Error {
        match self {
            Self::Call(error) => error,
            Self::Conflict(conflict) => &conflict.error,
        }
    }

    /// Class of failure; [`ErrorKind::Conflict`] if others have changed the state.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.error().kind()
    }

    /// The states of a conflict.
    #[must_use]
    pub fn conflict(&self) -> Option<&EditConflict<S, D>> {
        match self {
            Self::Call(_) => None,
            Self::Conflict(conflict) => Some(conflict),
        }
    }
}

impl<S, D> fmt::Display for EditError<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Conflict(_) = self {
            f.write_str("others have changed it since it was read: ")?;
        }
        self.error().fmt(f)
    }
}

impl<S: fmt::Debug, D: fmt::Debug> std::error::Error for EditError<S, D> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error())
    }
}

impl<S, D> From<Error> for EditError<S, D> {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// Keeps the error of the call, without the states.
impl<S, D> From<EditError<S, D>> for Error {
    fn from(error: EditError<S, D>) -> Self {
        match error {
            EditError::Call(error) => error,
            EditError::Conflict(conflict) => conflict.error,
        }
    }
}
