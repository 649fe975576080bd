//! Rules of edits, the same for every language: what is sent, and whether changes of others are in its way.

use super::editable::{Editable, State};
use super::edited_flag::EditedFlag;
use crate::error::Result;
use crate::models::{JsonPatch, SettingType};
use crate::patch::{diff_json, to_json};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A state that was read, as JSON of the draft that it can be changed to.
#[derive(Debug, Clone)]
pub struct Snapshot {
    draft: Value,
    version: Option<String>,
    flag: Option<EditedFlag>,
}

impl Snapshot {
    /// Creates the snapshot of a state.
    pub(super) fn new<P: Editable>(state: &State<P>) -> Result<Self> {
        let flag = P::flag(state);
        let draft = written(&P::Draft::from(state.clone()), is_decimal(flag.as_ref()))?;
        Ok(Self { draft, version: P::version(state).map(ToString::to_string), flag })
    }

    /// The state as JSON of the draft.
    #[must_use]
    pub const fn draft(&self) -> &Value {
        &self.draft
    }

    /// The version that changes apply to, for resources with versions.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The flag that the state belongs to, for values of flags.
    #[must_use]
    pub const fn flag(&self) -> Option<&EditedFlag> {
        self.flag.as_ref()
    }

    /// Returns the patch that changes the state to a draft, which is empty if nothing changed.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) when the draft cannot be serialized.
    pub fn changes<D: Serialize>(&self, draft: &D) -> Result<JsonPatch> {
        Ok(diff_json(&self.draft, &written(draft, is_decimal(self.flag.as_ref()))?))
    }

    /// Whether a patch of this state may be applied to a newer one: the changes since then concern other members.
    #[must_use]
    pub fn may_rebase(&self, patch: &JsonPatch, newer: &Self) -> bool {
        let theirs = diff_json(&self.draft, &newer.draft);
        members(patch).is_disjoint(&members(&theirs))
    }
}

/// Whether the values of a flag are decimal numbers.
fn is_decimal(flag: Option<&EditedFlag>) -> bool {
    flag.is_some_and(|flag| flag.setting_type == SettingType::Double)
}

/// Returns the members of the root that a patch changes.
fn members(patch: &JsonPatch) -> BTreeSet<&str> {
    patch.operations().iter().filter_map(|operation| operation.path.split('/').nth(1)).collect()
}

/// Returns a draft as the JSON that is compared and sent.
fn written<D: Serialize>(draft: &D, is_decimal: bool) -> Result<Value> {
    let mut json = to_json(draft)?;
    if is_decimal {
        as_decimal(&mut json);
    }
    Ok(json)
}

/// Writes whole numbers as decimal ones, because a flag with decimal numbers accepts no other.
fn as_decimal(json: &mut Value) {
    match json {
        Value::Object(members) => {
            decimal_member(members);
            for (name, member) in members.iter_mut() {
                match (name.as_str(), decimal(member)) {
                    ("value", Some(number)) => *member = number,
                    // It has the type of another flag.
                    ("prerequisiteComparisonValue", _) => {}
                    _ => as_decimal(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(as_decimal),
        _ => {}
    }
}

fn decimal_member(members: &mut Map<String, Value>) {
    if let Some(number) = members.get("intValue").and_then(decimal) {
        members.remove("intValue");
        members.insert("doubleValue".into(), number);
    }
}

/// Returns a whole number as a decimal one.
fn decimal(json: &Value) -> Option<Value> {
    let whole = json.as_i64().and_then(|number| i32::try_from(number).ok())?;
    Some(f64::from(whole).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_of_decimal_flags_become_decimal() {
        let draft = json!({
            "defaultValue": { "intValue": 3 },
            "targetingRules": [{
                "percentageOptions": [{ "percentage": 30, "value": { "intValue": 1 } }],
                "conditions": [{ "prerequisiteFlagCondition": { "prerequisiteComparisonValue": { "intValue": 2 } } }]
            }],
            "rolloutPercentageItems": [{ "percentage": 5, "value": 7 }]
        });
        let expected = json!({
            "defaultValue": { "doubleValue": 3.0 },
            "targetingRules": [{
                "percentageOptions": [{ "percentage": 30, "value": { "doubleValue": 1.0 } }],
                "conditions": [{ "prerequisiteFlagCondition": { "prerequisiteComparisonValue": { "intValue": 2 } } }]
            }],
            "rolloutPercentageItems": [{ "percentage": 5, "value": 7.0 }]
        });
        assert_eq!(written(&draft, true).unwrap(), expected);
        assert_eq!(written(&draft, false).unwrap(), draft);
    }

    #[test]
    fn changes_of_other_members_may_be_rebased() {
        let state = |name: &str, tags: Value| Snapshot {
            draft: json!({ "name": name, "tags": tags }),
            version: None,
            flag: None,
        };
        let base = state("a", json!([1, 2]));
        let patch = base.changes(&json!({ "name": "b", "tags": [1, 2] })).unwrap();
        assert!(base.may_rebase(&patch, &state("a", json!([2]))));
        assert!(base.may_rebase(&patch, &base));
        assert!(!base.may_rebase(&patch, &state("c", json!([1, 2]))));
        let patch = base.changes(&json!({ "name": "a", "tags": [1, 2, 3] })).unwrap();
        assert!(!base.may_rebase(&patch, &state("a", json!([0, 1, 2]))));
    }
}
