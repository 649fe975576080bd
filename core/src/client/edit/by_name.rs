//! Edits for callers without generated types: bindings.

use super::editable::{Editable, State};
use super::snapshot::Snapshot;
use crate::call::convert;
use crate::client::request::Operation;
use crate::error::{Error, Result};
use crate::models::JsonPatch;
use crate::patch::diff_json;
use crate::spec::{self, Path, Type};
use crate::transport::response::CallResponse;
use serde_json::Value;
use std::fmt::Display;

/// A pair of operations that can edit a state, by name.
#[derive(Debug)]
pub struct EditOperation {
    /// Name of the edit, such as `flag_values.edit`.
    pub id: &'static str,
    /// Reads the state.
    pub read: &'static spec::Operation,
    /// Sends the changes.
    pub patch: &'static spec::Operation,
    /// Type of the draft.
    pub draft: &'static spec::Schema,
    snapshot: fn(&[u8]) -> Result<Snapshot>,
    decoded: fn(&CallResponse) -> Result<Snapshot>,
}

impl EditOperation {
    pub(crate) const fn new<P: Editable>(id: &'static str, draft: &'static spec::Schema) -> Self {
        Self {
            id,
            read: <P::Read as Operation>::SPEC,
            patch: P::SPEC,
            draft,
            snapshot: |state| {
                let unreadable = |e: &dyn Display| Error::bad_request(format!("cannot read the state: {e}"));
                // From text, as responses are: the decoder of models is compiled for one kind of input only.
                let state = std::str::from_utf8(state).map_err(|e| unreadable(&e))?;
                Snapshot::new::<P>(&serde_json::from_str(state).map_err(|e| unreadable(&e))?)
            },
            decoded: |response| Snapshot::new::<P>(&response.decode::<State<P>>()?),
        }
    }

    /// Returns the patch between two drafts, with Rust names or wire names.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) for an unknown name or a value of another type.
    pub fn diff(&self, before: Value, after: Value) -> Result<JsonPatch> {
        let wire = |json: Value, name: &str| convert(json, &Type::Object(self.draft), &Path::Root(name));
        Ok(diff_json(&wire(before, "before")?, &wire(after, "after")?))
    }

    /// Returns the snapshot of the state in a response.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), as for any other call.
    pub(super) fn decoded(&self, response: &CallResponse) -> Result<Snapshot> {
        (self.decoded)(response)
    }

    /// Returns the snapshot of a state: the JSON that the service returned.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) when it is not the JSON of a state.
    pub fn snapshot(&self, state: &[u8]) -> Result<Snapshot> {
        (self.snapshot)(state)
    }
}
