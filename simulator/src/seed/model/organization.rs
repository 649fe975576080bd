//! Organizations of a seed, with their proxy profiles and audit logs.

use super::common::is_default;
use super::config::SigningKeysSeed;
use super::product::ProductSeed;
use crate::seed::body::{Body, SeedBody};
use crate::seed::known;
use configcat_management::models::{
    AuditLogType, ConfigId, EnvironmentId, OrganizationId, ProductId, ProxyProfileId, ProxyProfileInput,
};
use configcat_management::spec::Schema;
use configcat_management::{Timestamp, schema};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An organization of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OrganizationSeed {
    /// Identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    /// Name.
    pub name: String,
    /// Whether the owner of the simulator's credentials administers it; true by default.
    pub owned: bool,
    /// E-mail addresses of its administrators.
    #[serde(skip_serializing_if = "is_default")]
    pub admins: Vec<String>,
    /// E-mail addresses of its billing managers.
    #[serde(skip_serializing_if = "is_default")]
    pub billing_managers: Vec<String>,
    /// E-mail addresses of members without a role or a product.
    #[serde(skip_serializing_if = "is_default")]
    pub members: Vec<String>,
    /// Products.
    #[serde(skip_serializing_if = "is_default")]
    pub products: Vec<ProductSeed>,
    /// Proxy profiles.
    #[serde(skip_serializing_if = "is_default")]
    pub proxy_profiles: Vec<ProxyProfileSeed>,
    /// Audit log. Default: one entry per entity of the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_log: Option<Vec<AuditLogSeed>>,
}

impl Default for OrganizationSeed {
    fn default() -> Self {
        Self {
            organization_id: None,
            name: String::new(),
            owned: true,
            admins: Vec::new(),
            billing_managers: Vec::new(),
            members: Vec::new(),
            products: Vec::new(),
            proxy_profiles: Vec::new(),
            audit_log: None,
        }
    }
}

/// A proxy profile of a seed: the body of a create request, plus what the service generates.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProxyProfileSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_profile_id: Option<ProxyProfileId>,
    /// Secret with which the proxy authenticates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Keys that sign notifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_keys: Option<SigningKeysSeed>,
    /// Time of the last request of the proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_accessed_at: Option<Timestamp>,
    /// SDK keys that were selected individually.
    #[serde(default, skip_serializing_if = "is_default")]
    pub selected_sdk_keys: Vec<SelectedSdkKeySeed>,
    /// Fields of a create request.
    #[serde(flatten)]
    pub profile: Body<ProxyProfileInput>,
}

/// Does not show the secret.
impl fmt::Debug for ProxyProfileSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyProfileSeed").field("name", &self.profile.name).finish_non_exhaustive()
    }
}

impl SeedBody for ProxyProfileInput {
    const SCHEMA: &'static Schema = &schema::proxy_profiles::PROXY_PROFILE_INPUT;
    const OWN: &'static [&'static str] =
        &["proxyProfileId", "secret", "signingKeys", "lastAccessedAt", "selectedSdkKeys"];
}

/// The SDK key of a config in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelectedSdkKeySeed {
    /// Config.
    pub config_id: ConfigId,
    /// Environment.
    pub environment_id: EnvironmentId,
}

/// An entry of the audit log of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditLogSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_log_id: Option<i64>,
    /// Time. Default: the current time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_log_date_time: Option<Timestamp>,
    /// Type of the event.
    #[serde(deserialize_with = "known::value")]
    pub audit_log_type_enum: AuditLogType,
    /// Product, which may have been deleted since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,
    /// Config, which may have been deleted since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_id: Option<ConfigId>,
    /// Environment, which may have been deleted since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<EnvironmentId>,
    /// Place of the event.
    #[serde(default, skip_serializing_if = "is_default")]
    pub r#where: String,
    /// Name of the entity that was affected.
    #[serde(default, skip_serializing_if = "is_default")]
    pub action_target: String,
    /// Details of the change.
    #[serde(default, skip_serializing_if = "is_default")]
    pub details: String,
    /// Reason for the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// E-mail address of the user. Default: who plants the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_email: Option<String>,
}
