//! Change requests of a seed.

use super::common::is_default;
use crate::seed::known;
use crate::state::strict;
use configcat_management::Timestamp;
use configcat_management::models::{
    ChangeRequestActivityType, ChangeRequestCommentId, ChangeRequestId, ChangeRequestIssueType,
    ChangeRequestStatus,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A change request of a seed. Users are named by their e-mail addresses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeRequestSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_request_id: Option<ChangeRequestId>,
    /// Name of the environment.
    pub environment: String,
    /// Title.
    pub title: String,
    /// Reason of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Time at which it is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_at: Option<Timestamp>,
    /// Whether the approval is skipped.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bypass_approval: bool,
    /// Status. Default: open.
    #[serde(deserialize_with = "known::optional", default, skip_serializing_if = "Option::is_none")]
    pub change_request_status: Option<ChangeRequestStatus>,
    /// Time of its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Who created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator_user_email: Option<String>,
    /// On whose behalf it is applied. Default: the creator. Null: it has no owner.
    #[serde(default, with = "present", skip_serializing_if = "Option::is_none")]
    pub owner_user_email: Option<Option<String>>,
    /// Proposed values of flags.
    #[serde(default, skip_serializing_if = "is_default")]
    pub proposed_changes: Vec<ProposedChangeSeed>,
    /// Comments.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comments: Vec<CommentSeed>,
    /// Approvals.
    #[serde(default, skip_serializing_if = "is_default")]
    pub approvals: Vec<ApprovalSeed>,
    /// Activities.
    #[serde(default, skip_serializing_if = "is_default")]
    pub activities: Vec<ActivitySeed>,
    /// Issues that prevent it from being applied, or did so.
    #[serde(default, skip_serializing_if = "is_default")]
    pub change_request_issues: Vec<IssueSeed>,
    /// When it was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<DoneSeed>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<DoneSeed>,
}

/// A proposed value of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposedChangeSeed {
    /// Key of the flag.
    pub setting_key: String,
    /// Version of the value that the proposal is based on. Default: the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_version_id: Option<String>,
    /// Proposed value: the body of a request to replace the value.
    #[serde(deserialize_with = "strict::object")]
    pub proposed: Map<String, Value>,
    /// Value of the flag when the proposal was made. Default: the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Value>,
}

/// A comment of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommentSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_request_comment_id: Option<ChangeRequestCommentId>,
    /// Text.
    pub body: String,
    /// Time of its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator_user_email: Option<String>,
    /// Time of its last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
}

/// An approval of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApprovalSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Who approved it.
    pub user_email: String,
    /// When it was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the approval was dismissed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dismissed_at: Option<Timestamp>,
}

/// An activity of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivitySeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Type.
    #[serde(rename = "type", deserialize_with = "known::value")]
    pub ty: ChangeRequestActivityType,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_email: Option<String>,
    /// Details.
    #[serde(default, skip_serializing_if = "is_default")]
    pub details: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// An issue of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Type.
    #[serde(rename = "type", deserialize_with = "known::value")]
    pub ty: ChangeRequestIssueType,
    /// Details.
    #[serde(default, skip_serializing_if = "is_default")]
    pub details: String,
    /// When it was detected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected_at: Option<Timestamp>,
    /// When it was fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_at: Option<Timestamp>,
}

/// When a change request was applied or closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DoneSeed {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub user_email: String,
}

/// Distinguishes null from an absent field.
mod present {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, clippy::option_option, reason = "required by serde")]
    pub fn serialize<S: Serializer>(
        value: &Option<Option<String>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    #[allow(clippy::option_option, reason = "required by serde")]
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<String>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}
