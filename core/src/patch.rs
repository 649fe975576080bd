//! JSON Patch (RFC 6902): a builder, and the smallest patch between two states.

use crate::error::ErrorKind;
use crate::models::{PatchOperation, PatchOperationType};
use crate::{Error, Field, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A list of changes, carried out all or none, in order.
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
    /// A patch that changes nothing yet.
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

    /// Requires that the value at a path is this one; otherwise nothing of the patch is carried out.
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

    /// How many operations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing to change.
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

/// The smallest patch, in bytes of JSON, that turns `before` into `after`.
///
/// Lists are compared by their longest common part, so that one new rule among many is one operation; where replacing
/// a whole value is shorter than its parts, it is replaced.
///
/// # Errors
/// [`ErrorKind::BadRequest`] when a state cannot be written as JSON.
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
        // The whole document is never replaced: that would undo what others changed in the meantime.
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
            // An item that goes where another comes has changed.
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

/// The steps with the longest common subsequence; beyond a bound, item by item, for the table would be too large.
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patch(before: &Value, after: &Value) -> Value {
        serde_json::to_value(diff_json(before, after)).unwrap()
    }

    #[test]
    fn a_patch_by_hand_is_the_operations_in_their_order() {
        let patch = JsonPatch::new().test("/a", 1).add("/b", 2).replace("/c", 3);
        let patch = patch.remove("/d").r#move("/e", "/f").copy("/g", "/h");
        let names: Vec<String> = patch.operations().iter().map(|one| json!(one)["op"].to_string()).collect();
        assert_eq!(names, ["\"test\"", "\"add\"", "\"replace\"", "\"remove\"", "\"move\"", "\"copy\""]);
        assert_eq!(json!(patch.operations()[4]), json!({ "op": "move", "from": "/e", "path": "/f" }));
        assert_eq!(json!(patch.operations()[5]), json!({ "op": "copy", "from": "/g", "path": "/h" }));
        assert_eq!((patch.len(), patch.is_empty(), JsonPatch::new().is_empty()), (6, false, true));
        assert_eq!(Vec::from(patch.clone()), patch.operations());
    }

    #[test]
    fn equal_states_need_no_patch() {
        assert_eq!(
            patch(&json!({ "a": [1, { "b": null }] }), &json!({ "a": [1, { "b": null }] })),
            json!([])
        );
    }

    #[test]
    fn members_come_go_and_change() {
        assert_eq!(
            patch(&json!({ "a": 1, "b": 2, "x/y~z": 0 }), &json!({ "a": 1, "c": null, "x/y~z": 1 })),
            json!([
                { "op": "remove", "path": "/b" },
                { "op": "replace", "path": "/x~1y~0z", "value": 1 },
                { "op": "add", "path": "/c", "value": null },
            ])
        );
    }

    #[test]
    fn one_new_item_among_many_is_one_operation() {
        let items = |skip: Option<usize>| -> Vec<Value> {
            (0..50).filter(|i| Some(*i) != skip).map(|i| json!({ "rule": i })).collect()
        };
        assert_eq!(
            patch(&json!(items(Some(20))), &json!(items(None))),
            json!([{ "op": "add", "path": "/20", "value": { "rule": 20 } }])
        );
        assert_eq!(
            patch(&json!(items(None)), &json!(items(Some(20)))),
            json!([{ "op": "remove", "path": "/20" }])
        );
    }

    #[test]
    fn items_that_come_and_go_in_many_places_are_an_operation_each() {
        let mut rng = fastrand::Rng::with_seed(11);
        let long = |n: usize| json!(format!("{n:03} {}", "a long condition ".repeat(4)));
        for round in 0..50 {
            let before: Vec<Value> = (0..30).map(long).collect();
            let mut after = before.clone();
            for new in 0..3 {
                after.remove(rng.usize(0..after.len()));
                after.insert(rng.usize(0..=after.len()), long(100 + 10 * round + new));
            }
            let found: JsonPatch =
                diff_json(&json!(before), &json!(after)).operations().iter().cloned().collect();
            assert!((1..=6).contains(&found.len()), "{found:?}");
        }
    }

    #[test]
    fn an_item_that_changed_a_little_is_changed_in_place() {
        let rule =
            |name: &str| json!({ "name": name, "conditions": ["a long list", "of conditions", "that stay"] });
        assert_eq!(
            patch(&json!([rule("a"), rule("b")]), &json!([rule("a"), rule("c")])),
            json!([{ "op": "replace", "path": "/1/name", "value": "c" }])
        );
    }

    #[test]
    fn what_is_shorter_as_a_whole_is_replaced_as_a_whole() {
        assert_eq!(
            patch(&json!({ "l": [1, 2, 3, 4] }), &json!({ "l": [] })),
            json!([{ "op": "replace", "path": "/l", "value": [] }])
        );
    }

    #[test]
    fn random_states_are_reached() {
        fn random(rng: &mut fastrand::Rng, depth: u32) -> Value {
            match rng.u32(0..if depth == 0 { 3 } else { 5 }) {
                0 => json!(rng.u32(0..3)),
                1 => json!(["x", "y", "z/~"][rng.usize(0..3)]),
                2 => Value::Null,
                3 => (0..rng.usize(0..6)).map(|_| random(rng, depth - 1)).collect(),
                _ => Value::Object(
                    (0..rng.usize(0..4))
                        .map(|_| (format!("k{}/~", rng.u32(0..5)), random(rng, depth - 1)))
                        .collect(),
                ),
            }
        }
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..2000 {
            let (before, after) = (random(&mut rng, 3), random(&mut rng, 3));
            let json = patch(&before, &after);
            let mut reached = before.clone();
            json_patch::patch(
                &mut reached,
                &serde_json::from_value::<json_patch::Patch>(json.clone()).unwrap(),
            )
            .unwrap_or_else(|e| panic!("{e}: {before} -> {after}: {json}"));
            assert_eq!(reached, after, "{before}: {json}");
        }
    }
}
