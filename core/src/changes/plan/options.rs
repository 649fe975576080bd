//! Options of planning.

use crate::changes::section::all;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What happens to values in environments that require an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
pub enum Approval {
    /// The plan is not applied.
    #[default]
    Refuse,
    /// Change requests are created, one for each config and environment.
    Request,
    /// The values are changed without the approval, to which the caller must have the right.
    Bypass,
}

/// Options of a plan. All have defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PlanOptions {
    /// Sections of which everything is deleted that the document does not have: `tags`, `settings`, `configs` and so on.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub prune: BTreeSet<String>,
    /// Whether entities may be deleted and created again, if a field differs that cannot be changed: the type of a flag, the
    /// evaluation version of a config.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_replace: bool,
    /// What happens to values in environments that require an approval.
    #[serde(skip_serializing_if = "is_default")]
    pub approval: Approval,
    /// Reason of the changes, which environments may require. At most 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether each value is written by a request of its own, with the version that it builds on. By default, several values of
    /// a config in an environment are written by one request; what others write in the moment between reading and writing is
    /// then lost.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
}

fn is_default(approval: &Approval) -> bool {
    *approval == Approval::default()
}

impl PlanOptions {
    /// Default options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a section of which everything is deleted that the document does not have.
    #[must_use]
    pub fn prune(mut self, section: impl Into<String>) -> Self {
        self.prune.insert(section.into());
        self
    }

    /// Adds all sections: a plan deletes whatever the document does not have.
    #[must_use]
    pub fn prune_all(mut self) -> Self {
        // The first one is the product itself.
        self.prune.extend(all().iter().skip(1).map(|section| section.name.to_owned()));
        self
    }

    /// Allows that entities are deleted and created again.
    #[must_use]
    pub const fn allow_replace(mut self) -> Self {
        self.allow_replace = true;
        self
    }

    /// Sets what happens to values in environments that require an approval.
    #[must_use]
    pub const fn approval(mut self, approval: Approval) -> Self {
        self.approval = approval;
        self
    }

    /// Sets the reason of the changes.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Writes each value by a request of its own, with the version that it builds on.
    #[must_use]
    pub const fn strict(mut self) -> Self {
        self.strict = true;
        self
    }
}
