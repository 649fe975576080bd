//! JSON Patch (RFC 6902): a builder, and a small patch between two states.

mod build;
mod diff;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod tests;

use crate::error::ErrorKind;
use crate::{Error, Result};
pub use build::JsonPatch;
use serde::Serialize;
use serde_json::Value;

/// Returns a small patch that turns `before` into `after`.
///
/// Applied to `before`, it yields `after`. It is never larger, in bytes of JSON, than the patch that replaces each changed
/// member of the root, and has at most 1,000 operations unless more members of the root changed. Items of a list are aligned by
/// the size of the operations: an item that changed a little is changed in place, one that changed its place is moved. It need
/// not be the smallest patch: `copy` is not used, `move` only within a list, and long lists are compared by their equal items
/// first.
///
/// # Errors
/// [`ErrorKind::BadRequest`] when a state cannot be serialized as JSON.
pub fn diff<T: Serialize>(before: &T, after: &T) -> Result<JsonPatch> {
    Ok(diff_json(&to_json(before)?, &to_json(after)?))
}

/// Like [`diff`], for JSON values.
#[must_use]
pub fn diff_json(before: &Value, after: &Value) -> JsonPatch {
    diff::patch(before, after)
}

/// Serializes a state as JSON.
pub(crate) fn to_json<T: Serialize>(state: &T) -> Result<Value> {
    serde_json::to_value(state).map_err(|e| Error::new(ErrorKind::BadRequest, format!("cannot compare: {e}")))
}
