//! The whole seed.

use super::common::is_default;
use super::organization::OrganizationSeed;
use super::people::{CredentialSeed, UserSeed};
use configcat_management::Timestamp;
use serde::{Deserialize, Serialize};

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
