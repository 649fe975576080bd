//! Flags, their values, and the segments that values refer to.

use super::{Person, Place};
use crate::state::ids;
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
row!(Setting, SettingId, |s| s.id, ConfigId, |s| s.config.clone(), SettingIndex, |s| vec![
    SettingIndex::Key(s.config.clone(), s.key.clone()),
    SettingIndex::Order(s.config.clone(), s.place.order),
]);

/// A value by which a flag is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingIndex {
    /// Key in its config.
    Key(ConfigId, String),
    /// Position in its config.
    Order(ConfigId, i32),
}

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

impl Variation {
    /// Returns the same variation for another flag.
    pub fn copied(&self) -> Self {
        Self { id: PredefinedVariationId::new(ids::uuid()), ..self.clone() }
    }
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
    |v| v.environment.clone(),
    (EnvironmentId, SettingId),
    // The flags that it depends on.
    |v| prerequisites(&v.content).map(|needed| (v.environment.clone(), needed)).collect()
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

impl Formula {
    /// Returns the values that it may serve.
    pub fn values(&self) -> impl Iterator<Item = &FlagValue> {
        let rules = self.rules.iter().flat_map(|rule| {
            rule.value.iter().chain(rule.percentage_options.iter().map(|option| &option.value))
        });
        std::iter::once(&self.default).chain(rules)
    }

    /// Returns the values that it may serve, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut FlagValue> {
        let rules = self.rules.iter_mut().flat_map(|rule| {
            rule.value.iter_mut().chain(rule.percentage_options.iter_mut().map(|option| &mut option.value))
        });
        std::iter::once(&mut self.default).chain(rules)
    }
}

/// Returns the flags that a value depends on.
pub(crate) fn prerequisites(content: &Content) -> impl Iterator<Item = SettingId> {
    let formula = match content {
        Content::V2(formula) => Some(formula),
        Content::V1(_) => None,
    };
    formula.into_iter().flat_map(formula_prerequisites)
}

/// Returns the flags that a formula depends on.
pub(crate) fn formula_prerequisites(formula: &Formula) -> impl Iterator<Item = SettingId> {
    formula
        .rules
        .iter()
        .flat_map(|rule| &rule.conditions)
        .filter_map(|condition| condition.prerequisite_flag_condition())
        .map(|condition| condition.prerequisite_setting_id)
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
row!(Segment, SegmentId, |s| s.id.clone(), ProductId, |s| s.product.clone(), (ProductId, String), |s| vec![
    (s.product.clone(), s.name.clone())
]);
