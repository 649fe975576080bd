//! Choices that no public source states. Each is one constant or one function, so that it is easy to change when the
//! service turns out to differ.

use configcat_management::Field;
use configcat_management::models::{
    AccessType, ApprovalPermissionType, ConfigId, EnvironmentAccessType, EnvironmentId, EvaluationVersion,
    KeyGenerationMode, SettingType, SettingValue,
};

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

/// Days after which an invitation lapses.
pub const INVITATION_DAYS: i64 = 7;

/// Days without a change after which a flag is stale, when nothing is said.
pub const STALE_AFTER_DAYS: i32 = 60;

/// Seconds between two polls of a proxy, when nothing is said.
pub const PROXY_POLL_SECONDS: i32 = 60;

/// Longest page of a list with pages, and the page when nothing is said.
pub const PAGE_SIZE: i32 = 100;

/// What stands in place of a secure header's value.
pub const HIDDEN: &str = "**********";

/// Approvals that a change request needs where approval is required.
pub const APPROVALS: usize = 1;

/// Times that a webhook call is sent until it is answered with success, and the pause before each further one.
pub const WEBHOOK_ATTEMPTS: u32 = 3;
/// Pause before the second attempt; it doubles with each further one.
pub const WEBHOOK_PAUSE: std::time::Duration = std::time::Duration::from_millis(200);
/// What a webhook call carries when the webhook has no content of its own.
pub const WEBHOOK_CONTENT: &str = "";

/// Access of a new permission group that does not say any.
pub const GROUP_ACCESS: AccessType = AccessType::Custom;
/// Access to environments of which a new permission group says nothing.
pub const GROUP_ENVIRONMENT_ACCESS: EnvironmentAccessType = EnvironmentAccessType::None;
/// Approval rights of a new permission group that does not say any.
pub const GROUP_APPROVAL: ApprovalPermissionType = ApprovalPermissionType::CannotApprove;

/// Whether the list of an organization's members (V2) names somebody under `members`: everybody with a place in a
/// product, administrators included, and whoever has lost every role.
#[must_use]
pub const fn is_listed_as_member(has_role: bool, has_place: bool) -> bool {
    has_place || !has_role
}

/// What a linked card shows of a flag. The token of a Jira is taken as it comes: only the service could verify it.
#[must_use]
pub fn link_status(default: Option<&SettingValue>, rules: usize) -> String {
    let value = match default {
        Some(SettingValue::Boolean(true)) => "ON".to_owned(),
        Some(SettingValue::Boolean(false)) => "OFF".to_owned(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    if rules == 0 { value } else { format!("{value} + {rules} rules") }
}

/// The name by which a proxy knows the SDK key of a config in an environment.
#[must_use]
pub fn sdk_id(config: &ConfigId, environment: &EnvironmentId) -> String {
    format!("{config}/{environment}")
}

/// Whether a name is what a rule of a proxy profile looks for: it contains the text, whatever the case.
#[must_use]
pub fn name_matches(name: &str, wanted: &str) -> bool {
    name.to_lowercase().contains(&wanted.to_lowercase())
}

/// Fills in the placeholders of a webhook's content, written as `##Name##`; unknown ones stay.
#[must_use]
pub fn placeholders(content: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(content.to_owned(), |text, (name, value)| text.replace(&format!("##{name}##"), value))
}
