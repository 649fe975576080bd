//! Change requests and their parts.

use super::{Formula, Person};
use crate::state::table::row;
use configcat_management::Timestamp;
use configcat_management::models::{
    ChangeRequestActivityType, ChangeRequestCommentId, ChangeRequestId, ChangeRequestIssueType,
    ChangeRequestStatus, ConfigId, EnvironmentId, ProductId, SettingId, VersionId,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRequest {
    pub id: ChangeRequestId,
    pub product: ProductId,
    pub config: ConfigId,
    pub environment: EnvironmentId,
    pub status: ChangeRequestStatus,
    pub title: String,
    pub reason: Option<String>,
    pub apply_at: Option<Timestamp>,
    pub bypass_approval: bool,
    pub created_at: Timestamp,
    pub creator: Person,
    /// User on whose behalf it is applied; `None` after the owner has left.
    pub owner: Option<Person>,
    pub proposals: Vec<Proposal>,
    pub comments: Vec<Comment>,
    pub approvals: Vec<Approval>,
    pub activities: Vec<Activity>,
    pub issues: Vec<Issue>,
    pub applied: Option<(Timestamp, Person)>,
    pub closed: Option<(Timestamp, Person)>,
}
row!(ChangeRequest, ChangeRequestId, |c| c.id, ProductId, |c| c.product.clone());

/// Proposed value of a flag.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    pub setting: SettingId,
    pub proposed: Formula,
    /// Value of the flag when the proposal was made.
    pub original: Formula,
    /// Version of the value that the proposal is based on.
    pub base: VersionId,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comment {
    pub id: ChangeRequestCommentId,
    pub body: String,
    pub at: Timestamp,
    pub by: Person,
    pub edited: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Approval {
    pub id: i64,
    pub by: Person,
    pub at: Timestamp,
    pub dismissed: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Activity {
    pub id: i64,
    #[serde(rename = "type")]
    pub ty: ChangeRequestActivityType,
    pub at: Timestamp,
    pub by: Option<Person>,
    pub details: String,
    pub error: Option<String>,
}

/// Issue that prevents a change request from being applied. It stays on record after it is fixed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Issue {
    pub id: i64,
    #[serde(rename = "type")]
    pub ty: ChangeRequestIssueType,
    pub details: String,
    pub detected: Timestamp,
    pub fixed: Option<Timestamp>,
}
