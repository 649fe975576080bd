//! Initial state of the simulator, as a JSON or YAML file that can be written by hand.

mod begin;
mod plant;

use crate::rate_limit::RateLimit;
use crate::state::strict;
use configcat_management::models::{
    AccessType, ConfigId, CreatePermissionGroup, CreateSegment, CreateTag, EnvironmentId, EvaluationVersion,
    OrganizationId, PermissionGroupId, ProductId, SegmentId, SettingId, SettingType, TagId, UserId,
    WebhookInput,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Maximum number of parser events that the aliases of a YAML document may add.
const ALIAS_EVENTS: usize = 100_000;
/// Maximum number of bytes that the aliases of a YAML document may add.
const ALIAS_BYTES: usize = 8 << 20;

/// Initial state of the simulator. Absent identifiers are generated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    /// Users, in addition to the owner of the simulator's credentials.
    pub users: Vec<UserSeed>,
    /// Credentials of these users.
    pub credentials: Vec<CredentialSeed>,
    /// Organizations with their contents.
    pub organizations: Vec<OrganizationSeed>,
}

impl Default for Seed {
    fn default() -> Self {
        let organization =
            OrganizationSeed { name: "Simulated Organization".into(), ..OrganizationSeed::default() };
        Self { users: Vec::new(), credentials: Vec::new(), organizations: vec![organization] }
    }
}

/// A user of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserSeed {
    /// Identifier.
    #[serde(default)]
    pub user_id: Option<UserId>,
    /// E-mail address; the seed refers to users by it.
    pub email: String,
    /// Full name.
    pub full_name: String,
    /// Whether two-factor authentication is on.
    #[serde(default)]
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
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
}

impl fmt::Debug for CredentialSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialSeed").field("username", &self.username).finish_non_exhaustive()
    }
}

/// An organization of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OrganizationSeed {
    /// Identifier.
    pub organization_id: Option<OrganizationId>,
    /// Name.
    pub name: String,
    /// Whether the owner of the simulator's credentials administers it; true by default.
    pub owned: bool,
    /// E-mail addresses of its administrators.
    pub admins: Vec<String>,
    /// E-mail addresses of its billing managers.
    pub billing_managers: Vec<String>,
    /// Products.
    pub products: Vec<ProductSeed>,
}

impl Default for OrganizationSeed {
    fn default() -> Self {
        Self {
            organization_id: None,
            name: String::new(),
            owned: true,
            admins: Vec::new(),
            billing_managers: Vec::new(),
            products: Vec::new(),
        }
    }
}

/// A product of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ProductSeed {
    /// Identifier.
    pub product_id: Option<ProductId>,
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Whether every change of a value needs a reason.
    pub reason_required: bool,
    /// Whether every change of a value needs an approval.
    pub approve_required: bool,
    /// Environments.
    pub environments: Vec<EnvironmentSeed>,
    /// Permission groups, in addition to the first one.
    pub permission_groups: Vec<PermissionGroupSeed>,
    /// Members: e-mail address to the name of a permission group.
    #[serde(deserialize_with = "strict::map")]
    pub members: BTreeMap<String, String>,
    /// Tags.
    pub tags: Vec<TagSeed>,
    /// Segments.
    pub segments: Vec<SegmentSeed>,
    /// Configs.
    pub configs: Vec<ConfigSeed>,
}

/// An environment of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EnvironmentSeed {
    /// Identifier.
    pub environment_id: Option<EnvironmentId>,
    /// Name.
    pub name: String,
    /// Color.
    pub color: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Whether changes here need a reason.
    pub reason_required: bool,
    /// Whether changes here need an approval.
    pub approve_required: bool,
}

/// A permission group of a seed: the body of a create request, plus an identifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionGroupSeed {
    /// Identifier.
    #[serde(default)]
    pub permission_group_id: Option<PermissionGroupId>,
    /// Access per environment, by its name; makes the access type custom.
    #[serde(default, deserialize_with = "strict::map")]
    pub environments: BTreeMap<String, configcat_management::models::EnvironmentAccessType>,
    /// Access to all environments.
    #[serde(default)]
    pub access_type: Option<AccessType>,
    /// All other fields of a create request.
    #[serde(flatten)]
    pub group: CreatePermissionGroup,
}

/// A tag of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagSeed {
    /// Identifier.
    #[serde(default)]
    pub tag_id: Option<TagId>,
    /// Fields of a create request.
    #[serde(flatten)]
    pub tag: CreateTag,
}

/// A segment of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentSeed {
    /// Identifier.
    #[serde(default)]
    pub segment_id: Option<SegmentId>,
    /// Fields of a create request.
    #[serde(flatten)]
    pub segment: CreateSegment,
}

/// A config of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ConfigSeed {
    /// Identifier.
    pub config_id: Option<ConfigId>,
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Evaluation version; v2 by default.
    pub evaluation_version: Option<EvaluationVersion>,
    /// SDK keys, by the name of the environment.
    #[serde(deserialize_with = "strict::map")]
    pub sdk_keys: BTreeMap<String, String>,
    /// Webhooks, by the name of the environment.
    #[serde(deserialize_with = "strict::map")]
    pub webhooks: BTreeMap<String, Vec<WebhookInput>>,
    /// Flags.
    pub settings: Vec<SettingSeed>,
}

/// A flag of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingSeed {
    /// Identifier.
    #[serde(default)]
    pub setting_id: Option<SettingId>,
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Type of the values.
    pub setting_type: SettingType,
    /// Hint.
    #[serde(default)]
    pub hint: Option<String>,
    /// Names of tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Values by the name of the environment: a plain value, or the body of a request to replace the value.
    #[serde(default, deserialize_with = "strict::values")]
    pub values: BTreeMap<String, Value>,
}

/// Reason why a string is not a valid seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError(String);

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SeedError {}

impl Seed {
    /// Returns a seed with one empty organization.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Returns a seed to browse: a shop with two products, several environments, flags with rules, people and rights.
    ///
    /// # Errors
    /// Never, as long as the embedded seed is valid, which a test checks.
    pub fn demo() -> Result<Self, SeedError> {
        Self::from_yaml(include_str!("../../seeds/demo.yaml"))
    }

    /// Parses a seed from JSON.
    ///
    /// # Errors
    /// If the string is not a valid seed; the error states line and column.
    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            match error.path().to_string().as_str() {
                "." => SeedError(error.inner().to_string()),
                path => SeedError(format!("{path}: {}", error.inner())),
            }
        })
    }

    /// Parses a seed from YAML.
    ///
    /// # Errors
    /// If the string is not valid YAML, with line and column, or not a valid seed, with the path.
    pub fn from_yaml(text: &str) -> Result<Self, SeedError> {
        // Flattened fields of a seed hold any value, so the YAML is converted to JSON first.
        let value: Value = serde_saphyr::from_str_with_options(text, yaml_options(text.len()))
            .map_err(|error| SeedError(error.to_string()))?;
        serde_path_to_error::deserialize(value)
            .map_err(|error| SeedError(format!("{}: {}", error.path(), error.inner())))
    }
}

/// Returns the options for a YAML document of this size: what its own text contains is accepted, and aliases may add a
/// fixed amount, so that a small file cannot expand to a large one ("billion laughs").
fn yaml_options(length: usize) -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: length.saturating_mul(4).saturating_add(ALIAS_EVENTS),
            max_nodes: length.saturating_mul(2).saturating_add(ALIAS_EVENTS),
            max_total_scalar_bytes: length.saturating_mul(2).saturating_add(ALIAS_BYTES),
            max_recorded_anchor_bytes: length.saturating_mul(2).saturating_add(ALIAS_BYTES),
            max_documents: 1,
            // The limits of replayed events and bytes are enough; the same values may be used many times.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: ALIAS_EVENTS,
        },
    }
}
