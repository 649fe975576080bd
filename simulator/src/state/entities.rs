//! The things that the state holds.

use configcat_management::Timestamp;
use configcat_management::models::{
    AuditLogType, ConfigId, EnvironmentId, EvaluationVersion, FlagValue, KeyGenerationMode, OrganizationId,
    PermissionGroupId, PredefinedVariationId, ProductId, RolloutPercentageItem, RolloutRule, SettingId,
    SettingType, SettingValue, TagId, TargetingRule, UserId, VersionId,
};

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub full_name: String,
}

impl Default for User {
    fn default() -> Self {
        Self { id: UserId::new(""), email: String::new(), full_name: String::new() }
    }
}

/// Where a thing stands in lists: by `order`, then by creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub order: i32,
    pub created: u64,
}

#[derive(Debug, Clone)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
}

#[derive(Debug, Clone)]
pub struct Product {
    pub id: ProductId,
    pub organization: OrganizationId,
    pub name: String,
    pub description: Option<String>,
    pub place: Place,
    pub reason_required: bool,
    pub approve_required: bool,
    pub key_generation: KeyGenerationMode,
    pub show_variation_id: bool,
    pub mandatory_hint: bool,
}

#[derive(Debug, Clone)]
pub struct Config {
    pub id: ConfigId,
    pub product: ProductId,
    pub name: String,
    pub description: Option<String>,
    pub place: Place,
    pub version: EvaluationVersion,
}

#[derive(Debug, Clone)]
pub struct Environment {
    pub id: EnvironmentId,
    pub product: ProductId,
    pub name: String,
    pub color: Option<String>,
    pub description: Option<String>,
    pub place: Place,
    /// What the preferences say of this environment in particular.
    pub reason_required: bool,
    pub approve_required: bool,
}

#[derive(Debug, Clone)]
pub struct Tag {
    pub id: TagId,
    pub product: ProductId,
    pub name: String,
    pub color: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Setting {
    pub id: SettingId,
    pub config: ConfigId,
    pub key: String,
    pub name: String,
    pub hint: Option<String>,
    pub place: Place,
    pub ty: SettingType,
    pub is_json: bool,
    pub created_at: Timestamp,
    pub tags: Vec<AttachedTag>,
    pub variations: Vec<Variation>,
}

/// A tag on a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedTag {
    pub id: i64,
    pub tag: TagId,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variation {
    pub id: PredefinedVariationId,
    pub value: SettingValue,
    pub name: Option<String>,
    pub hint: Option<String>,
}

#[derive(Debug, Clone)]
pub struct DeletedSetting {
    pub config: ConfigId,
    pub key: String,
    pub name: String,
    pub hint: Option<String>,
    pub ty: SettingType,
}

/// The value of a flag in an environment.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingValueState {
    pub content: Content,
    pub version: VersionId,
    /// Who changed it last and when; none before the first change.
    pub updated: Option<Timestamp>,
}

/// A value as V1 and V2 configs have it.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    V1(Rollout),
    V2(Formula),
}

/// Value, rules and percentages of a V1 config.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    pub value: SettingValue,
    pub rules: Vec<RolloutRule>,
    pub percentages: Vec<RolloutPercentageItem>,
}

/// Value and targeting of a V2 config.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    pub default: FlagValue,
    pub rules: Vec<TargetingRule>,
    pub percentage_attribute: Option<String>,
}

#[derive(Debug, Clone)]
pub struct KeyPair {
    pub primary: String,
    pub secondary: Option<String>,
}

/// A permission group; every right is granted unless it is taken away.
#[derive(Debug, Clone)]
pub struct PermissionGroup {
    pub id: PermissionGroupId,
    pub product: ProductId,
    pub name: String,
}

/// Somebody's place in a product.
#[derive(Debug, Clone)]
pub struct Member {
    pub user: User,
    pub product: ProductId,
    pub group: PermissionGroupId,
}

/// An entry of the audit log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Timestamp,
    pub ty: AuditLogType,
    pub organization: OrganizationId,
    pub product: Option<ProductId>,
    pub config: Option<ConfigId>,
    pub environment: Option<EnvironmentId>,
    pub place: String,
    pub target: String,
    pub details: String,
    pub why: Option<String>,
    pub user: User,
}
