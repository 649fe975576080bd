//! JSON Patch (RFC 6902): a builder, and the smallest patch between two states.

use crate::error::ErrorKind;
use crate::models::{PatchOperation, PatchOperationType};
use crate::{Error, Field, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(test)]
mod tests;

/// A list of changes, applied in order, all or none.
///
/// ```
/// use configcat_management::models::JsonPatch;
///
/// let patch = JsonPatch::new().replace("/name", "Checkout").remove("/tags/0");
/// assert_eq!(patch.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonPatch(Vec<PatchOperation>);

impl JsonPatch {
    /// Creates an empty patch.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a value: a member to an object, or an item to a list (`/list/0` before the first, `/list/-` at the end).
    #[must_use]
    pub fn add(self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with_value(PatchOperationType::Add, path, value)
    }

    /// Replaces the value at a path.
    #[must_use]
    pub fn replace(self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with_value(PatchOperationType::Replace, path, value)
    }

    /// Requires that the value at a path is this one; otherwise no operation of the patch is applied.
    #[must_use]
    pub fn test(self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with_value(PatchOperationType::Test, path, value)
    }

    /// Removes the value at a path.
    #[must_use]
    pub fn remove(mut self, path: impl Into<String>) -> Self {
        self.0.push(PatchOperation::new(PatchOperationType::Remove, path));
        self
    }

    /// Moves a value to another path.
    #[must_use]
    pub fn r#move(self, from: impl Into<String>, path: impl Into<String>) -> Self {
        self.with_source(PatchOperationType::Move, from, path)
    }

    /// Copies a value to another path.
    #[must_use]
    pub fn copy(self, from: impl Into<String>, path: impl Into<String>) -> Self {
        self.with_source(PatchOperationType::Copy, from, path)
    }

    fn with_value(
        mut self,
        op: PatchOperationType,
        path: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        let value: Value = value.into();
        let value = if value.is_null() { Field::Null } else { Field::Value(value) };
        self.0.push(PatchOperation::new(op, path).value(value));
        self
    }

    fn with_source(
        mut self,
        op: PatchOperationType,
        from: impl Into<String>,
        path: impl Into<String>,
    ) -> Self {
        self.0.push(PatchOperation::new(op, path).from(from.into()));
        self
    }

    /// The operations in order.
    #[must_use]
    pub fn operations(&self) -> &[PatchOperation] {
        &self.0
    }

    /// Number of operations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the patch has no operations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<PatchOperation>> for JsonPatch {
    fn from(operations: Vec<PatchOperation>) -> Self {
        Self(operations)
    }
}

impl From<JsonPatch> for Vec<PatchOperation> {
    fn from(patch: JsonPatch) -> Self {
        patch.0
    }
}

impl FromIterator<PatchOperation> for JsonPatch {
    fn from_iter<I: IntoIterator<Item = PatchOperation>>(operations: I) -> Self {
        Self(operations.into_iter().collect())
    }
}

/// Returns the smallest patch, in bytes of JSON, that turns `before` into `after`.
///
/// Lists are compared by their longest common subsequence, so that one new rule among many is one operation. A value is
/// replaced as a whole if that is shorter than a patch of its parts.
///
/// # Errors
/// [`ErrorKind::BadRequest`] when a state cannot be serialized as JSON.
pub fn diff<T: Serialize>(before: &T, after: &T) -> Result<JsonPatch> {
    let json = |state: &T| {
        serde_json::to_value(state)
            .map_err(|e| Error::new(ErrorKind::BadRequest, format!("cannot compare: {e}")))
    };
    Ok(diff_json(&json(before)?, &json(after)?))
}

/// Like [`diff`], for JSON values.
#[must_use]
pub fn diff_json(before: &Value, after: &Value) -> JsonPatch {
    let mut patch = JsonPatch::new();
    compare(before, after, "", &mut patch);
    patch
}

fn size(patch: &JsonPatch) -> usize {
    serde_json::to_string(patch).map_or(usize::MAX, |text| text.len())
}

fn compare(before: &Value, after: &Value, path: &str, patch: &mut JsonPatch) {
    if before == after {
        return;
    }
    let whole = JsonPatch::new().replace(path, after.clone());
    let parts = match (before, after) {
        (Value::Object(before), Value::Object(after)) => Some(objects(before, after, path)),
        (Value::Array(before), Value::Array(after)) => Some(lists(before, after, path)),
        _ => None,
    };
    let best = match parts {
        // The whole document is never replaced: that would undo concurrent changes.
        Some(parts) if path.is_empty() || size(&parts) <= size(&whole) => parts,
        _ => whole,
    };
    patch.0.extend(best.0);
}

fn objects(
    before: &serde_json::Map<String, Value>,
    after: &serde_json::Map<String, Value>,
    path: &str,
) -> JsonPatch {
    let mut patch = JsonPatch::new();
    for (key, old) in before {
        let at = format!("{path}/{}", escape(key));
        match after.get(key) {
            Some(new) => compare(old, new, &at, &mut patch),
            None => patch = patch.remove(at),
        }
    }
    for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        patch = patch.add(format!("{path}/{}", escape(key)), new.clone());
    }
    patch
}

/// One step of turning a list into another.
#[derive(Clone, Copy)]
enum Step {
    Keep,
    Remove,
    Add,
}

fn lists(before: &[Value], after: &[Value], path: &str) -> JsonPatch {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let rest = before.len().min(after.len()) - start;
    let end = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let old = before.get(start..before.len() - end).unwrap_or_default();
    let new = after.get(start..after.len() - end).unwrap_or_default();
    let mut patch = JsonPatch::new();
    let mut at = start;
    let (mut i, mut j) = (0, 0);
    let steps = common(old, new);
    let mut steps = steps.iter().copied().peekable();
    while let Some(step) = steps.next() {
        match (step, steps.peek()) {
            (Step::Keep, _) => {
                (i, j, at) = (i + 1, j + 1, at + 1);
            }
            // An item that is removed where another one is added has changed.
            (Step::Remove, Some(Step::Add)) | (Step::Add, Some(Step::Remove)) => {
                steps.next();
                if let (Some(old), Some(new)) = (old.get(i), new.get(j)) {
                    compare(old, new, &format!("{path}/{at}"), &mut patch);
                }
                (i, j, at) = (i + 1, j + 1, at + 1);
            }
            (Step::Remove, _) => {
                patch = patch.remove(format!("{path}/{at}"));
                i += 1;
            }
            (Step::Add, _) => {
                if let Some(new) = new.get(j) {
                    patch = patch.add(format!("{path}/{at}"), new.clone());
                }
                (j, at) = (j + 1, at + 1);
            }
        }
    }
    patch
}

/// Returns the steps with the longest common subsequence. Beyond `LARGEST` cells the table would be too large, so the lists are
/// compared item by item.
fn common(old: &[Value], new: &[Value]) -> Vec<Step> {
    const LARGEST: usize = 4_000_000;
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > LARGEST {
        let both = old.len().min(new.len());
        let mut steps: Vec<Step> = std::iter::repeat_n([Step::Remove, Step::Add], both).flatten().collect();
        steps.extend(std::iter::repeat_n(Step::Remove, old.len() - both));
        steps.extend(std::iter::repeat_n(Step::Add, new.len() - both));
        return steps;
    }
    // longest[i][j]: length of the longest common subsequence of old[i..] and new[j..].
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    let get = |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let value = if a == b {
                get(&longest, i + 1, j + 1) + 1
            } else {
                get(&longest, i + 1, j).max(get(&longest, i, j + 1))
            };
            if let Some(cell) = longest.get_mut(i * width + j) {
                *cell = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::with_capacity(old.len().max(new.len()));
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old.get(i) == new.get(j) {
            steps.push(Step::Keep);
            (i, j) = (i + 1, j + 1);
        } else if j >= new.len() || (i < old.len() && get(&longest, i + 1, j) >= get(&longest, i, j + 1)) {
            steps.push(Step::Remove);
            i += 1;
        } else {
            steps.push(Step::Add);
            j += 1;
        }
    }
    steps
}

/// Escapes a key for a JSON Pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
