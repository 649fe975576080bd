//! The builder of a JSON Patch.

use crate::Field;
use crate::models::{PatchOperation, PatchOperationType};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
