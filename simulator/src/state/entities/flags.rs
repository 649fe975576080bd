//! Flags, their values, and the segments that values refer to.

use super::{Person, Place};
use crate::state::table::row;
use configcat_management::Timestamp;
use configcat_management::models::{
    ConfigId, EnvironmentId, FlagValue, PredefinedVariationId, ProductId, RolloutPercentageItem, RolloutRule,
    RolloutRuleComparator, SegmentId, SettingId, SettingType, SettingValue, TagId, TargetingRule, VersionId,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    pub id: SettingId,
    pub config: ConfigId,
    pub key: String,
    pub name: String,
    pub hint: Option<String>,
    pub place: Place,
    #[serde(rename = "type")]
    pub ty: SettingType,
    pub is_json: bool,
    pub created_at: Timestamp,
    pub creator: Person,
    pub tags: Vec<AttachedTag>,
    pub variations: Vec<Variation>,
}
row!(Setting, SettingId, |s| s.id, ConfigId, |s| s.config.clone());

/// A tag on a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedTag {
    pub id: i64,
    pub tag: TagId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variation {
    pub id: PredefinedVariationId,
    pub value: SettingValue,
    pub name: Option<String>,
    pub hint: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeletedSetting {
    pub id: SettingId,
    pub config: ConfigId,
    pub key: String,
    pub name: String,
    pub hint: Option<String>,
    #[serde(rename = "type")]
    pub ty: SettingType,
}
row!(DeletedSetting, SettingId, |d| d.id, ConfigId, |d| d.config.clone());

/// The value of a flag in an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SettingValueState {
    pub setting: SettingId,
    pub environment: EnvironmentId,
    pub content: Content,
    pub version: VersionId,
    /// Time of the last change; `None` before the first change.
    pub updated: Option<Timestamp>,
    /// User who made the last change.
    pub updater: Option<Person>,
}
row!(
    SettingValueState,
    (SettingId, EnvironmentId),
    |v| (v.setting, v.environment.clone()),
    EnvironmentId,
    |v| v.environment.clone()
);

/// A value in the format of V1 or V2 configs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Content {
    V1(Rollout),
    V2(Formula),
}

/// Value, rules and percentages of a V1 config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rollout {
    pub value: SettingValue,
    pub rules: Vec<RolloutRule>,
    pub percentages: Vec<RolloutPercentageItem>,
}

/// Value and targeting of a V2 config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Formula {
    pub default: FlagValue,
    pub rules: Vec<TargetingRule>,
    pub percentage_attribute: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    pub id: SegmentId,
    pub product: ProductId,
    pub name: String,
    pub description: Option<String>,
    pub created: u64,
    pub created_at: Timestamp,
    pub creator: Person,
    pub updated_at: Timestamp,
    pub updater: Person,
    pub attribute: String,
    pub comparator: RolloutRuleComparator,
    pub comparison: String,
}
row!(Segment, SegmentId, |s| s.id.clone(), ProductId, |s| s.product.clone());
