//! Users, credentials, permission groups and invitations of a seed.

use super::common::{Reference, is_default};
use crate::rate_limit::RateLimit;
use crate::seed::body::{Body, SeedBody};
use crate::state::strict;
use configcat_management::models::{
    CreatePermissionGroup, EnvironmentAccessType, EnvironmentApprovalPermissionType, InvitationId,
    PermissionGroupId, UpdatePermissionGroup, UserId,
};
use configcat_management::spec::Schema;
use configcat_management::{Timestamp, schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A user of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// E-mail address; the seed refers to users by it.
    pub email: String,
    /// Full name.
    pub full_name: String,
    /// Whether two-factor authentication is on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub two_factor_enabled: bool,
}

/// A credential of a seed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialSeed {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// E-mail address of the user that this credential authenticates.
    pub user: String,
    /// Rate limit of this credential, instead of the simulator's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
}

impl fmt::Debug for CredentialSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialSeed").field("username", &self.username).finish_non_exhaustive()
    }
}

/// A permission group of a seed: the body of a create request, plus an identifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionGroupSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_group_id: Option<PermissionGroupId>,
    /// Access per environment, by its name; makes the access type custom.
    #[serde(default, deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub environments: BTreeMap<String, EnvironmentAccessType>,
    /// Approval permission per environment, by its name; makes the approval permission type custom.
    #[serde(default, deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub approvals: BTreeMap<String, EnvironmentApprovalPermissionType>,
    /// Fields of a create request.
    #[serde(flatten)]
    pub group: Body<CreatePermissionGroup>,
}

impl SeedBody for CreatePermissionGroup {
    const SCHEMA: &'static Schema = &schema::permission_groups::CREATE_PERMISSION_GROUP;
    const OWN: &'static [&'static str] = &["permissionGroupId", "environments", "approvals"];
}

/// The permission group that its product starts with: the body of an update request, plus an identifier. Absent rights
/// are granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FirstGroupSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_group_id: Option<PermissionGroupId>,
    /// Access per environment, by its name; makes the access type custom.
    #[serde(default, deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub environments: BTreeMap<String, EnvironmentAccessType>,
    /// Approval permission per environment, by its name; makes the approval permission type custom.
    #[serde(default, deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub approvals: BTreeMap<String, EnvironmentApprovalPermissionType>,
    /// Fields of an update request.
    #[serde(flatten)]
    pub group: Body<UpdatePermissionGroup>,
}

impl SeedBody for UpdatePermissionGroup {
    const SCHEMA: &'static Schema = &schema::permission_groups::UPDATE_PERMISSION_GROUP;
    const OWN: &'static [&'static str] = &["permissionGroupId", "environments", "approvals"];
}

/// An invitation of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvitationSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation_id: Option<InvitationId>,
    /// E-mail address of the invited person.
    pub email: String,
    /// Name or number of the permission group.
    pub permission_group: Reference,
    /// Time of the invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// End of its validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}
