//! Steps of plans.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// What a step does with an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi(name = "StepAction"))]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Creates it.
    Create,
    /// Changes it.
    Update,
    /// Deletes it and creates it again, because a field of it cannot be changed.
    Replace,
    /// Deletes it.
    Delete,
}

impl Action {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
        }
    }

    /// The sign in front of a step in a plan.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "±",
            Self::Delete => "-",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One change to one entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Section of the entity: `tags`, `settings`, `values` and so on.
    pub section: String,
    /// Names that lead to the entity: `["Storefront", "newCheckout", "Production"]`.
    pub path: Vec<String>,
    /// Fields that change, as they are; everything that is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub before: Option<Value>,
    /// Fields that change, as they will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub after: Option<Value>,
    /// Version of the value that the step builds on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub version: Option<String>,
    /// Evaluation version of the config that the value belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub evaluation_version: Option<String>,
    /// Why the service would refuse the step; such a plan is not applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub refused: Option<String>,
    /// What to know about the step before it is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub note: Option<String>,
}

impl Step {
    pub(crate) fn new(action: Action, section: &str, path: &[String]) -> Self {
        Self {
            action,
            section: section.to_owned(),
            path: path.to_vec(),
            before: None,
            after: None,
            version: None,
            evaluation_version: None,
            refused: None,
            note: None,
        }
    }

    /// The path for people: `Storefront / newCheckout / Production`.
    #[must_use]
    pub fn place(&self) -> String {
        self.path.join(" / ")
    }

    /// Whether both are the same change, from the same state.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        // The position of a new entity follows from those that exist.
        let after = |step: &Self| {
            let mut after = step.after.clone();
            if let Some(fields) =
                after.as_mut().and_then(Value::as_object_mut).filter(|_| step.action == Action::Create)
            {
                fields.remove("order");
            }
            after
        };
        let same_action = (self.action, self.entity()) == (other.action, other.entity());
        same_action && self.before == other.before && after(self) == after(other)
    }

    /// Section and path, by which the entity is found.
    pub(crate) fn entity(&self) -> (&str, &[String]) {
        (&self.section, &self.path)
    }
}
