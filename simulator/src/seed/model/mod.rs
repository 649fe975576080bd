//! Contents of a seed, as they are written in its file.

mod change_request;
mod config;
mod organization;
mod people;
mod product;
mod setting;

pub use change_request::{
    ActivitySeed, ApprovalSeed, ChangeRequestSeed, CommentSeed, DoneSeed, IssueSeed, ProposedChangeSeed,
};
pub use config::{ConfigSeed, DeletedSettingSeed, SdkKeySeed, SigningKeysSeed, WebhookSeed};
pub use organization::{AuditLogSeed, OrganizationSeed, ProxyProfileSeed, SelectedSdkKeySeed};
pub use people::{CredentialSeed, FirstGroupSeed, InvitationSeed, PermissionGroupSeed, UserSeed};
pub use product::{EnvironmentSeed, IntegrationSeed, ProductSeed, SegmentSeed, TagSeed};
pub use setting::{CodeReferenceSeed, LinkSeed, SettingSeed, SettingTagSeed};

use configcat_management::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Initial state of the simulator. Absent identifiers, numbers, keys and times are generated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    /// Clock, if it does not show the time of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockSeed>,
    /// Last number that was assigned to a flag, tag, webhook or other numbered entity. The next one follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_number: Option<i64>,
    /// Last number of an entry of the audit log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_audit_log_id: Option<i64>,
    /// Users, in addition to the owner of the simulator's credentials, whose e-mail address is `simulator@example.com`.
    #[serde(skip_serializing_if = "is_default")]
    pub users: Vec<UserSeed>,
    /// Credentials of these users.
    #[serde(skip_serializing_if = "is_default")]
    pub credentials: Vec<CredentialSeed>,
    /// Client keys of connected Jira instances.
    #[serde(skip_serializing_if = "is_default")]
    pub jira_connections: Vec<String>,
    /// Organizations with their contents.
    pub organizations: Vec<OrganizationSeed>,
}

impl Default for Seed {
    fn default() -> Self {
        let organization =
            OrganizationSeed { name: "Simulated Organization".into(), ..OrganizationSeed::default() };
        Self {
            clock: None,
            last_number: None,
            last_audit_log_id: None,
            users: Vec::new(),
            credentials: Vec::new(),
            jira_connections: Vec::new(),
            organizations: vec![organization],
        }
    }
}

/// The clock of a seed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ClockSeed {
    /// Stops the clock at this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frozen_at: Option<Timestamp>,
    /// Microseconds by which a running clock is ahead of the machine's.
    #[serde(skip_serializing_if = "is_default")]
    pub ahead_micros: i64,
}

/// Name of an entity in its product, or its identifier if several have the same name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reference {
    /// Number of a tag or of a permission group.
    Number(i64),
    /// Name, or an identifier.
    Name(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// Whether a field has its default and need not be written.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
