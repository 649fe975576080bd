//! Choices that no public source states. Each is one constant or one function, so that it is easy to change when the
//! service turns out to differ.

use configcat_management::Field;
use configcat_management::models::{EvaluationVersion, KeyGenerationMode, SettingType, SettingValue};

/// Status for an identifier in the path that does not have its form.
pub const MALFORMED_ID: u16 = 400;

/// The permission group that a new product starts with.
pub const FIRST_GROUP: &str = "Administrators";

/// What a product prefers before anybody says otherwise.
pub const KEY_GENERATION: KeyGenerationMode = KeyGenerationMode::CamelCase;

/// Evaluation rules of a config that does not name any.
pub const EVALUATION_VERSION: EvaluationVersion = EvaluationVersion::V1;

/// Days that the audit log (V1) covers when no range is given, and the longest range.
pub const AUDIT_DAYS: i64 = 7;
/// Longest range of the audit log (V1), in days.
pub const LONGEST_AUDIT_DAYS: i64 = 30;

/// The plan's limits.
pub mod plan {
    /// Percentage options of a flag.
    pub const PERCENTAGE_OPTIONS: i32 = 500;
    /// Targeting rules of a flag.
    pub const TARGETING_RULES: i32 = 500;
    /// Characters of a comparison value.
    pub const COMPARISON_VALUE_LENGTH: i32 = 65_535;
    /// Items of a comparison list.
    pub const COMPARISON_LIST_LENGTH: i32 = 15_000;
    /// Characters of an item of a comparison list.
    pub const COMPARISON_ITEM_LENGTH: i32 = 255;
    /// Characters of a text value.
    pub const TEXT_VALUE_LENGTH: i32 = 65_535;
    /// Conditions of a rule.
    pub const CONDITIONS_PER_RULE: i32 = 500;
    /// Predefined variations of a flag.
    pub const PREDEFINED_VARIATIONS: i32 = 100;
    /// Configs of a product.
    pub const CONFIGS: usize = 500;
    /// Environments of a product.
    pub const ENVIRONMENTS: usize = 50;
    /// Products of an organization.
    pub const PRODUCTS: usize = 1_000;
}

/// The value of a flag to which nobody gave one.
#[must_use]
pub fn default_value(ty: &SettingType) -> SettingValue {
    match ty {
        SettingType::String => SettingValue::String(String::new()),
        SettingType::Int => SettingValue::Int(0),
        SettingType::Double => SettingValue::Double(0.0),
        _ => SettingValue::Boolean(false),
    }
}

/// What an update makes of a field: the service's own models do not tell null from absent, so null changes nothing.
pub fn on_update<T>(wish: Field<T>) -> Option<T> {
    wish.value()
}

/// A state that changed since the caller read it.
pub const STALE_VERSION: u16 = 409;
