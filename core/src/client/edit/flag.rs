//! Changes of a draft that depend on the flag: turning it on and off, and percentages.

use super::commit::Edit;
use super::editable::{Editable, State};
use super::edited_flag::EditedFlag;
use super::snapshot::Snapshot;
use crate::client::request::Mode;
use crate::error::{Error, Result};
use crate::models::UpdateFlagValue;
use crate::patch::to_json;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// A PATCH operation of the values of a flag.
pub trait EditableFlag: Editable<Draft: DeserializeOwned> {}

impl Snapshot {
    fn edited_flag(&self, action: &str) -> Result<&EditedFlag> {
        self.flag().ok_or_else(|| Error::bad_request(format!("cannot {action}: the draft has no flag value")))
    }

    /// Returns a draft that serves `true` (`on`) or `false` to every user whom no rule with a condition matches. Percentage
    /// options without a condition are removed, because the value would never be served beside them.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if the flag is not boolean, or has no such predefined variation.
    pub fn turned(&self, draft: Value, on: bool) -> Result<Value> {
        let action = if on { "turn on" } else { "turn off" };
        let value = self.edited_flag(action)?.boolean(on, action)?;
        self.changed(draft, |draft| {
            draft.set_percentages(Vec::new());
            draft.set_value(&value)
        })
    }

    /// Returns a draft that serves `true` to a percentage of the users whom no rule with a condition matches, and `false` to the
    /// others.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if the percentage is not 0 to 100, if the flag is not boolean, or
    /// if it has no such predefined variation.
    pub fn with_percentage(&self, draft: Value, percentage: i32) -> Result<Value> {
        const ACTION: &str = "set the percentage of";
        if !(0..=100).contains(&percentage) {
            return Err(Error::bad_request(format!("percentage: must be 0 to 100, not {percentage}")));
        }
        let flag = self.edited_flag(ACTION)?;
        let parts = [(percentage, true), (100 - percentage, false)];
        let parts = parts.map(|(percentage, value)| Ok((percentage, flag.boolean(value, ACTION)?)));
        let parts = parts.into_iter().collect::<Result<Vec<_>>>()?;
        self.changed(draft, |draft| {
            let options = parts.iter().map(
                |(percentage, value)| json!({ "percentage": percentage, "value": draft.written(value) }),
            );
            let options = options.collect();
            draft.set_percentages(options);
        })
    }

    fn changed(&self, draft: Value, change: impl FnOnce(&mut FlagDraft<'_>)) -> Result<Value> {
        let mut draft = draft;
        let is_v2 = self.draft().get(DEFAULT).is_some();
        let members =
            draft.as_object_mut().ok_or_else(|| Error::bad_request("the draft is not an object"))?;
        change(&mut FlagDraft { members, is_v2 });
        Ok(draft)
    }
}

/// Members of a draft.
const DEFAULT: &str = "defaultValue";
const RULES: &str = "targetingRules";
const VALUE: &str = "value";
const ITEMS: &str = "rolloutPercentageItems";

/// A draft of a flag's values as JSON.
struct FlagDraft<'a> {
    members: &'a mut Map<String, Value>,
    /// Whether it has the form of V2 configs: values are objects, and percentages are rules.
    is_v2: bool,
}

impl FlagDraft<'_> {
    /// Returns a value in the form of the draft.
    fn written(&self, value: &UpdateFlagValue) -> Value {
        if self.is_v2 { json!(value) } else { json!(value.value) }
    }

    fn set_value(&mut self, value: &UpdateFlagValue) {
        let member = if self.is_v2 { DEFAULT } else { VALUE };
        self.members.insert(member.into(), self.written(value));
    }

    /// Replaces the percentages that apply to the users whom no rule with a condition matches.
    fn set_percentages(&mut self, options: Vec<Value>) {
        if !self.is_v2 {
            self.members.insert(ITEMS.into(), options.into());
            return;
        }
        let mut rules = match self.members.remove(RULES) {
            Some(Value::Array(rules)) => rules,
            _ => Vec::new(),
        };
        let has_conditions =
            |rule: &Value| rule["conditions"].as_array().is_some_and(|conditions| !conditions.is_empty());
        rules.retain(has_conditions);
        if !options.is_empty() {
            rules.push(json!({ "conditions": [], "percentageOptions": options, "value": null }));
        }
        self.members.insert(RULES.into(), rules.into());
    }
}

/// Returns the draft of a state after a change, for bindings.
fn draft_of<P: EditableFlag>(
    state: &State<P>,
    change: impl FnOnce(&Snapshot, Value) -> Result<Value>,
) -> Result<P::Draft> {
    let snapshot = Snapshot::new::<P>(state)?;
    decoded(change(&snapshot, snapshot.draft().clone())?)
}

fn decoded<D: DeserializeOwned>(draft: Value) -> Result<D> {
    serde_json::from_value(draft)
        .map_err(|e| Error::bad_request(format!("cannot read the changed draft: {e}")))
}

/// Returns the draft of a state in which the flag is turned on, or off; see [`Edit::turn_on`].
///
/// # Errors
/// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if the flag is not boolean.
pub fn turned<P: EditableFlag>(state: &State<P>, on: bool) -> Result<P::Draft> {
    draft_of::<P>(state, |snapshot, draft| snapshot.turned(draft, on))
}

/// Returns the draft of a state that serves `true` to a percentage of the users; see [`Edit::set_percentage`].
///
/// # Errors
/// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) for another percentage than 0 to 100, or if the flag is not boolean.
pub fn with_percentage<P: EditableFlag>(state: &State<P>, percentage: i32) -> Result<P::Draft> {
    draft_of::<P>(state, |snapshot, draft| snapshot.with_percentage(draft, percentage))
}

impl<P: EditableFlag, M: Mode> Edit<P, M> {
    /// Turns a boolean flag on: every user whom no rule with a condition matches gets `true`. Rules with conditions stay;
    /// percentage options without a condition are removed.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if the flag is not boolean; the message has its key and type.
    ///
    /// ```no_run
    /// # async fn run(client: configcat_management::Client) -> Result<(), configcat_management::Error> {
    /// # let environment = "08d86d63-2726-47cd-8bfc-59608ecb91e2";
    /// let mut edit = client.flag_values().begin_edit(environment, 5345).await?;
    /// edit.turn_on()?;
    /// edit.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn turn_on(&mut self) -> Result<()> {
        self.change_flag(|snapshot, draft| snapshot.turned(draft, true))
    }

    /// Turns a boolean flag off: every user whom no rule with a condition matches gets `false`. Rules with conditions stay;
    /// percentage options without a condition are removed.
    ///
    /// # Errors
    /// As [`turn_on`](Self::turn_on).
    pub fn turn_off(&mut self) -> Result<()> {
        self.change_flag(|snapshot, draft| snapshot.turned(draft, false))
    }

    /// Serves `true` to a percentage (0 to 100) of the users whom no rule with a condition matches, and `false` to the others of
    /// them. Rules with conditions and the default value stay.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) for another percentage, or if the flag is not boolean.
    pub fn set_percentage(&mut self, percentage: i32) -> Result<()> {
        self.change_flag(|snapshot, draft| snapshot.with_percentage(draft, percentage))
    }

    fn change_flag(&mut self, change: impl FnOnce(&Snapshot, Value) -> Result<Value>) -> Result<()> {
        **self = decoded(change(self.snapshot(), to_json(&**self)?)?)?;
        Ok(())
    }
}
