//! The draft of a state, and how its changes are sent.

use super::begin::BeginEdit;
use super::conflict::{EditConflict, EditError};
use super::editable::{EditResult, Editable, State};
use super::snapshot::Snapshot;
use crate::client::request::{Async, Blocking, Mode, Operation, Request};
use crate::error::{Error, ErrorKind, Result};
use crate::models::{JsonPatch, VersionId};
use std::fmt;
use std::ops::{Deref, DerefMut};

/// A draft of a state that was read. Change its fields, then call `commit`.
///
/// Nothing is sent if it is dropped.
#[must_use = "changes are sent by `commit`"]
pub struct Edit<P: Editable, M = Async> {
    begin: BeginEdit<P, M>,
    base: State<P>,
    snapshot: Snapshot,
    draft: P::Draft,
}

impl<P: Editable, M> fmt::Debug for Edit<P, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit").field("draft", &self.draft).finish_non_exhaustive()
    }
}

impl<P: Editable, M> Deref for Edit<P, M> {
    type Target = P::Draft;

    fn deref(&self) -> &P::Draft {
        &self.draft
    }
}

impl<P: Editable, M> DerefMut for Edit<P, M> {
    fn deref_mut(&mut self) -> &mut P::Draft {
        &mut self.draft
    }
}

impl<P: Editable, M: Mode> Edit<P, M> {
    pub(super) fn new(begin: BeginEdit<P, M>, base: State<P>) -> Result<Self> {
        let snapshot = Snapshot::new::<P>(&base)?;
        let draft = P::Draft::from(base.clone());
        Ok(Self { begin, base, snapshot, draft })
    }

    /// The state that was read.
    pub const fn base(&self) -> &State<P> {
        &self.base
    }

    pub(super) const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns the changes so far.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] when the draft cannot be serialized.
    pub fn changes(&self) -> Result<JsonPatch> {
        self.snapshot.changes(&self.draft)
    }
}

impl<P: Editable> Edit<P, Async> {
    /// Sends the changes. Returns the state after the change; `None` if nothing changed.
    ///
    /// # Errors
    /// [`EditError::Conflict`] if others have changed the state in the meantime; [`EditError::Call`] for any other error of a
    /// call.
    pub async fn commit(self) -> EditResult<P> {
        let Some(mut attempt) = Attempt::first(self)? else { return Ok(None) };
        loop {
            match attempt.request().await {
                Ok(output) => return Ok(P::state(output)),
                Err(error) if attempt.may_be_outdated(&error) => {
                    let theirs = attempt.edit.begin.read.clone().await?;
                    attempt = attempt.rebased(error, theirs)?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl<P: Editable> Edit<P, Blocking> {
    /// Sends the changes. Returns the state after the change; `None` if nothing changed.
    ///
    /// # Errors
    /// [`EditError::Conflict`] if others have changed the state in the meantime; [`EditError::Call`] for any other error of a
    /// call.
    pub fn commit(self) -> EditResult<P> {
        let Some(mut attempt) = Attempt::first(self)? else { return Ok(None) };
        loop {
            match attempt.request().send() {
                Ok(output) => return Ok(P::state(output)),
                Err(error) if attempt.may_be_outdated(&error) => {
                    let theirs = attempt.edit.begin.read.clone().send()?;
                    attempt = attempt.rebased(error, theirs)?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// One attempt to send the changes.
struct Attempt<P: Editable, M> {
    edit: Edit<P, M>,
    patch: JsonPatch,
    /// The version that the changes are sent for.
    version: Option<VersionId>,
    /// How often they may be sent for a newer version.
    left: u32,
}

impl<P: Editable, M: Mode> Attempt<P, M> {
    /// Returns the first attempt; `None` if there is nothing to send.
    fn first(edit: Edit<P, M>) -> Result<Option<Self>> {
        let patch = edit.changes()?;
        let version = P::version(&edit.base).cloned();
        let left = edit.begin.rebase;
        Ok((!patch.is_empty()).then_some(Self { edit, patch, version, left }))
    }

    fn request(&self) -> Request<P, M> {
        let request = self.edit.begin.patch.clone().body::<JsonPatch>(self.patch.clone());
        guarded(request, self.version.as_ref())
    }

    /// Whether the error may mean that others have changed the state.
    fn may_be_outdated(&self, error: &Error) -> bool {
        self.version.is_some() && error.kind() == ErrorKind::Conflict
    }

    /// Returns the next attempt, for the version that others have made.
    fn rebased(self, error: Error, theirs: State<P>) -> Result<Self, EditError<State<P>, P::Draft>> {
        let version = P::version(&theirs).cloned();
        if version == self.version {
            return Err(error.into());
        }
        let newer = Snapshot::new::<P>(&theirs)?;
        let Some(left) =
            self.left.checked_sub(1).filter(|_| self.edit.snapshot.may_rebase(&self.patch, &newer))
        else {
            let Edit { base, draft: mine, .. } = self.edit;
            let conflict = EditConflict { base, theirs, mine, patch: self.patch, error };
            return Err(EditError::Conflict(Box::new(conflict)));
        };
        Ok(Self { version, left, ..self })
    }
}

/// Adds the version that a change applies to.
fn guarded<P: Operation, M>(request: Request<P, M>, version: Option<&VersionId>) -> Request<P, M> {
    match version {
        Some(version) => request.parameter::<VersionId>("latestVersionId", version),
        None => request,
    }
}
