//! What can be edited.

use super::conflict::EditError;
use super::edited_flag::EditedFlag;
use crate::client::request::Operation;
use crate::models::VersionId;
use serde::Serialize;
use std::fmt;

/// A PATCH operation whose target can be edited.
pub trait Editable: Operation + Sized + 'static {
    /// The operation that reads the state.
    type Read: Operation<Output: Clone + fmt::Debug + Send + Sync> + 'static;
    /// What the service accepts as the state.
    type Draft: From<State<Self>> + Serialize + Clone + fmt::Debug + Send + Sync + 'static;

    /// Returns the state after the change; `None` if nothing changed.
    #[doc(hidden)]
    fn state(output: Self::Output) -> Option<State<Self>>;

    /// Returns the version of a state, for resources with versions.
    #[doc(hidden)]
    fn version(_: &State<Self>) -> Option<&VersionId> {
        None
    }

    /// Returns the flag that a state belongs to, for values of flags.
    #[doc(hidden)]
    fn flag(_: &State<Self>) -> Option<EditedFlag> {
        None
    }
}

/// The state that an edit starts from.
pub type State<P> = <<P as Editable>::Read as Operation>::Output;

/// Result of an edit: the state after the change, or `None` if nothing changed.
pub type EditResult<P> = Result<Option<State<P>>, EditError<State<P>, <P as Editable>::Draft>>;
