//! Products of a seed, with environments, tags, segments and integrations.

use super::common::{Reference, is_default};
use super::config::ConfigSeed;
use super::people::{FirstGroupSeed, InvitationSeed, PermissionGroupSeed};
use crate::seed::body::{Body, SeedBody};
use crate::seed::known;
use crate::state::strict;
use configcat_management::models::{
    CreateSegment, CreateTag, EnvironmentId, IntegrationId, IntegrationType, KeyGenerationMode, ProductId,
    SegmentId, TagId,
};
use configcat_management::spec::Schema;
use configcat_management::{Timestamp, schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A product of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ProductSeed {
    /// Identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,
    /// Name.
    pub name: String,
    /// Description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Position in the list of products. Default: after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Whether every change of a value needs a reason.
    #[serde(skip_serializing_if = "is_default")]
    pub reason_required: bool,
    /// Whether every change of a value needs an approval.
    #[serde(skip_serializing_if = "is_default")]
    pub approve_required: bool,
    /// How keys of flags are generated from their names.
    #[serde(deserialize_with = "known::optional", skip_serializing_if = "Option::is_none")]
    pub key_generation_mode: Option<KeyGenerationMode>,
    /// Whether variation IDs are shown.
    #[serde(skip_serializing_if = "is_default")]
    pub show_variation_id: bool,
    /// Whether every flag needs a hint.
    #[serde(skip_serializing_if = "is_default")]
    pub mandatory_setting_hint: bool,
    /// Environments.
    #[serde(skip_serializing_if = "is_default")]
    pub environments: Vec<EnvironmentSeed>,
    /// The permission group that the product starts with, if it differs from the service's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_permission_group: Option<FirstGroupSeed>,
    /// Permission groups, in addition to the first one.
    #[serde(skip_serializing_if = "is_default")]
    pub permission_groups: Vec<PermissionGroupSeed>,
    /// Members: e-mail address to the name or number of a permission group. The creator of the product, who is its first
    /// member, is no member if the value is null.
    #[serde(deserialize_with = "strict::map", skip_serializing_if = "is_default")]
    pub members: BTreeMap<String, Option<Reference>>,
    /// Invitations.
    #[serde(skip_serializing_if = "is_default")]
    pub invitations: Vec<InvitationSeed>,
    /// Tags.
    #[serde(skip_serializing_if = "is_default")]
    pub tags: Vec<TagSeed>,
    /// Segments.
    #[serde(skip_serializing_if = "is_default")]
    pub segments: Vec<SegmentSeed>,
    /// Configs.
    #[serde(skip_serializing_if = "is_default")]
    pub configs: Vec<ConfigSeed>,
    /// Integrations.
    #[serde(skip_serializing_if = "is_default")]
    pub integrations: Vec<IntegrationSeed>,
}

/// An environment of a seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EnvironmentSeed {
    /// Identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<EnvironmentId>,
    /// Name.
    pub name: String,
    /// Color.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Position in the list of environments. Default: after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Whether changes here need a reason.
    #[serde(skip_serializing_if = "is_default")]
    pub reason_required: bool,
    /// Whether changes here need an approval.
    #[serde(skip_serializing_if = "is_default")]
    pub approve_required: bool,
}

/// A tag of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagSeed {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_id: Option<TagId>,
    /// Fields of a create request.
    #[serde(flatten)]
    pub tag: Body<CreateTag>,
}

impl SeedBody for CreateTag {
    const SCHEMA: &'static Schema = &schema::tags::CREATE_TAG;
    const OWN: &'static [&'static str] = &["tagId"];
}

/// A segment of a seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment_id: Option<SegmentId>,
    /// Time of its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// E-mail address of its creator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator_email: Option<String>,
    /// Time of its last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// E-mail address of the user who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updater_email: Option<String>,
    /// Fields of a create request.
    #[serde(flatten)]
    pub segment: Body<CreateSegment>,
}

impl SeedBody for CreateSegment {
    const SCHEMA: &'static Schema = &schema::segments::CREATE_SEGMENT;
    const OWN: &'static [&'static str] =
        &["segmentId", "createdAt", "creatorEmail", "updatedAt", "lastUpdaterEmail"];
}

/// An integration of a seed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IntegrationSeed {
    /// Identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<IntegrationId>,
    /// Name.
    pub name: String,
    /// Connected service.
    pub integration_type: IntegrationType,
    /// Connection parameters.
    #[serde(default, deserialize_with = "strict::map")]
    pub parameters: BTreeMap<String, String>,
    /// Names of the environments that it covers; empty means all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub environments: Vec<String>,
    /// Names of the configs that it covers; empty means all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub configs: Vec<String>,
}

/// Does not show the parameters, which include keys.
impl fmt::Debug for IntegrationSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntegrationSeed").field("name", &self.name).finish_non_exhaustive()
    }
}
