//! Edits by name, for bindings: the state and the draft are JSON.

use super::by_name::EditOperation;
use super::draft::NamedDraft;
use super::snapshot::Snapshot;
use crate::call::CallInput;
use crate::client::handle::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::models::JsonPatch;
use crate::transport::pipeline::CallOptions;
use crate::transport::response::CallResponse;

/// The parameter with the version that a change is based on.
const GUARD: &str = "latestVersionId";

/// An edit that has begun.
#[derive(Debug)]
pub struct NamedEdit {
    operation: &'static EditOperation,
    read: CallInput,
    patch: CallInput,
    options: CallOptions,
    snapshot: Snapshot,
    /// The draft, which is changed before the edit is committed.
    pub draft: NamedDraft,
    /// How often the changes are sent for a newer version.
    pub rebase: u32,
}

/// A failed edit.
#[derive(Debug)]
pub enum NamedEditError {
    /// A call failed.
    Call(Error),
    /// Others have changed the state.
    Conflict {
        /// The error of the rejected request.
        error: Error,
        /// The state as others have changed it.
        theirs: Box<CallResponse>,
    },
}

impl From<Error> for NamedEditError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl NamedEdit {
    /// Reads the state. `input` has the parameters of the PATCH operation, without a body.
    ///
    /// # Errors
    /// Any error of the call; [`ErrorKind::BadRequest`] when a version is among the parameters.
    pub async fn begin(
        client: &Client,
        operation: &'static EditOperation,
        input: CallInput,
        options: CallOptions,
    ) -> Result<(Self, CallResponse)> {
        if input.text(GUARD).is_some() {
            let message = "latest_version_id is the version that the edit reads: leave it out";
            return Err(Error::bad_request(message).with_operation(operation.patch));
        }
        let mut read = CallInput::new(operation.read);
        for (wire, text) in input.parameters() {
            read.push(wire, text.to_owned());
        }
        let response = client.call(read.clone(), options.clone()).await?;
        let snapshot = operation.decoded(&response)?;
        let draft = NamedDraft::new(snapshot.draft().clone(), operation.draft);
        Ok((Self { operation, read, patch: input, options, snapshot, draft, rebase: 0 }, response))
    }

    /// Turns a boolean flag on or off; see [`Edit::turn_on`](super::Edit::turn_on).
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] if the flag is not boolean.
    pub fn turn(&mut self, on: bool) -> Result<()> {
        self.draft.overwrite(self.snapshot.turned(self.draft.json().clone(), on)?);
        Ok(())
    }

    /// Serves `true` to a percentage of the users; see [`Edit::set_percentage`](super::Edit::set_percentage).
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] if the percentage is not 0 to 100, or if the flag is not boolean.
    pub fn set_percentage(&mut self, percentage: i32) -> Result<()> {
        self.draft.overwrite(self.snapshot.with_percentage(self.draft.json().clone(), percentage)?);
        Ok(())
    }

    /// Returns the changes of the draft.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] when the draft cannot be serialized.
    pub fn changes(&self) -> Result<JsonPatch> {
        self.snapshot.changes(self.draft.json())
    }

    /// Sends the changes of the draft. Returns `None` if nothing changed.
    ///
    /// # Errors
    /// See [`NamedEditError`].
    pub async fn commit(&self, client: &Client) -> Result<Option<CallResponse>, NamedEditError> {
        let patch = self.changes()?;
        if patch.is_empty() {
            return Ok(None);
        }
        let mut version = self.snapshot.version().map(str::to_owned);
        let mut left = self.rebase;
        loop {
            let error =
                match client.call(self.request(&patch, version.as_deref()), self.options.clone()).await {
                    Ok(response) => return Ok(Some(response)),
                    Err(error) if version.is_some() && error.kind() == ErrorKind::Conflict => error,
                    Err(error) => return Err(error.into()),
                };
            let theirs = client.call(self.read.clone(), self.options.clone()).await?;
            let newer = self.operation.decoded(&theirs)?;
            if newer.version() == version.as_deref() {
                return Err(error.into());
            }
            if left == 0 || !self.snapshot.may_rebase(&patch, &newer) {
                return Err(NamedEditError::Conflict { error, theirs: Box::new(theirs) });
            }
            left -= 1;
            version = newer.version().map(str::to_owned);
        }
    }

    fn request(&self, patch: &JsonPatch, version: Option<&str>) -> CallInput {
        let mut input = self.patch.clone();
        if let Some(version) = version {
            input.push(GUARD, version.to_owned());
        }
        input.serialize_body(patch);
        input
    }
}
