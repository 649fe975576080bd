//! Reports about flags: the audit log and code references.

use super::Person;
use crate::state::table::row;
use configcat_management::Timestamp;
use configcat_management::models::{
    AuditLogType, ConfigId, EnvironmentId, OrganizationId, ProductId, ReferenceLines, SettingId,
};
use serde::{Deserialize, Serialize};

/// An entry of the audit log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Timestamp,
    #[serde(rename = "type")]
    pub ty: AuditLogType,
    pub organization: OrganizationId,
    pub product: Option<ProductId>,
    pub config: Option<ConfigId>,
    pub environment: Option<EnvironmentId>,
    pub place: String,
    pub target: String,
    pub details: String,
    pub why: Option<String>,
    pub user: Person,
}
row!(AuditEntry, i64, |e| e.id, OrganizationId, |e| e.organization.clone());

/// References to a flag in the code of a branch.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeReport {
    pub id: String,
    pub setting: SettingId,
    pub config: ConfigId,
    pub repository: String,
    pub branch: String,
    pub commit_url: Option<String>,
    pub commit_hash: Option<String>,
    pub uploader: Option<String>,
    pub references: Vec<ReferenceLines>,
    pub synced_at: Timestamp,
    pub created: u64,
}
row!(CodeReport, String, |r| r.id.clone(), SettingId, |r| r.setting);
