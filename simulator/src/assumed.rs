//! Behaviour of the service that no public source documents. Each assumption is one constant or one function, so that
//! it is easy to change when the service turns out to differ.

use configcat_management::Field;
use configcat_management::models::{
    AccessType, ApprovalPermissionType, ConfigId, EnvironmentAccessType, EnvironmentId, EvaluationVersion,
    KeyGenerationMode, SettingType, SettingValue,
};

/// HTTP status when an identifier in the path is malformed.
pub const MALFORMED_ID: u16 = 400;

/// Name of the permission group that every new product starts with.
pub const FIRST_GROUP: &str = "Administrators";

/// Default key generation mode of a product.
pub const KEY_GENERATION: KeyGenerationMode = KeyGenerationMode::CamelCase;

/// Default evaluation version of a config.
pub const EVALUATION_VERSION: EvaluationVersion = EvaluationVersion::V1;

/// Default range of the audit log (V1), in days.
pub const AUDIT_DAYS: i64 = 7;
/// Maximum range of the audit log (V1), in days.
pub const LONGEST_AUDIT_DAYS: i64 = 30;

/// Limits of the organization's plan.
pub mod plan {
    /// Maximum number of percentage options of a flag.
    pub const PERCENTAGE_OPTIONS: i32 = 500;
    /// Maximum number of targeting rules of a flag.
    pub const TARGETING_RULES: i32 = 500;
    /// Maximum length of a comparison value, in characters.
    pub const COMPARISON_VALUE_LENGTH: i32 = 65_535;
    /// Maximum number of items in a comparison list.
    pub const COMPARISON_LIST_LENGTH: i32 = 15_000;
    /// Maximum length of an item of a comparison list, in characters.
    pub const COMPARISON_ITEM_LENGTH: i32 = 255;
    /// Maximum length of a string value, in characters.
    pub const TEXT_VALUE_LENGTH: i32 = 65_535;
    /// Maximum number of conditions of a rule.
    pub const CONDITIONS_PER_RULE: i32 = 500;
    /// Maximum number of predefined variations of a flag.
    pub const PREDEFINED_VARIATIONS: i32 = 100;
    /// Maximum number of configs of a product.
    pub const CONFIGS: usize = 500;
    /// Maximum number of environments of a product.
    pub const ENVIRONMENTS: usize = 50;
    /// Maximum number of products of an organization.
    pub const PRODUCTS: usize = 1_000;
}

/// Returns the initial value of a flag of this type.
#[must_use]
pub fn default_value(ty: &SettingType) -> SettingValue {
    match ty {
        SettingType::String => SettingValue::String(String::new()),
        SettingType::Int => SettingValue::Int(0),
        SettingType::Double => SettingValue::Double(0.0),
        _ => SettingValue::Boolean(false),
    }
}

/// Returns the new value that an update sets, if any. Null changes nothing, because the service's own models do not
/// distinguish null from absent.
pub fn on_update<T>(field: Field<T>) -> Option<T> {
    field.value()
}

/// Days after which an invitation expires.
pub const INVITATION_DAYS: i64 = 7;

/// Default number of days without a change after which a flag is stale.
pub const STALE_AFTER_DAYS: i32 = 60;

/// Default poll interval of a proxy, in seconds.
pub const PROXY_POLL_SECONDS: i32 = 60;

/// Placeholder that is returned instead of a secure header's value.
pub const HIDDEN: &str = "**********";

/// Number of approvals that a change request needs where approval is required.
pub const APPROVALS: usize = 1;

/// Maximum number of times that a webhook call is sent. Delivery stops at the first successful response.
pub const WEBHOOK_ATTEMPTS: u32 = 3;
/// Pause before the second attempt; it doubles with each further attempt.
pub const WEBHOOK_PAUSE: std::time::Duration = std::time::Duration::from_millis(200);
/// Body of a webhook call when the webhook has no content of its own.
pub const WEBHOOK_CONTENT: &str = "";

/// Default access of a new permission group.
pub const GROUP_ACCESS: AccessType = AccessType::Custom;
/// Default access of a new permission group to environments created later.
pub const GROUP_ENVIRONMENT_ACCESS: EnvironmentAccessType = EnvironmentAccessType::None;
/// Default approval rights of a new permission group.
pub const GROUP_APPROVAL: ApprovalPermissionType = ApprovalPermissionType::CannotApprove;

/// Returns whether the list of an organization's members (V2) includes a user under `members`: every member of a
/// product, administrators included, and every user who has lost all roles.
#[must_use]
pub const fn is_listed_as_member(has_role: bool, has_membership: bool) -> bool {
    has_membership || !has_role
}

/// Returns the status of a flag that a linked card shows. Jira tokens are accepted without verification: only the
/// service could verify them.
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

/// Returns the name by which a proxy identifies the SDK key of a config in an environment.
#[must_use]
pub fn sdk_id(config: &ConfigId, environment: &EnvironmentId) -> String {
    format!("{config}/{environment}")
}

/// Returns whether a name matches the filter of a proxy profile's rule: it contains the string, ignoring case.
#[must_use]
pub fn name_matches(name: &str, wanted: &str) -> bool {
    name.to_lowercase().contains(&wanted.to_lowercase())
}

/// Maximum length of a webhook's content after its placeholders are replaced, in bytes. Longer ones are not sent.
pub const WEBHOOK_CONTENT_LENGTH: usize = 1 << 20;

/// Replaces the placeholders of a webhook's content, written as `##Name##`. Unknown placeholders are left unchanged, and
/// so are placeholders in the values. Returns `None` if the result is longer than `limit` bytes.
#[must_use]
pub fn placeholders(content: &str, values: &[(&str, &str)], limit: usize) -> Option<String> {
    let mut result = String::new();
    let mut rest = content;
    while let Some((before, found)) = rest.find("##").and_then(|at| rest.split_at_checked(at)) {
        let value = values.iter().find_map(|(name, value)| {
            let after = found.strip_prefix("##")?.strip_prefix(name)?.strip_prefix("##")?;
            Some((*value, after))
        });
        // One `#` at a time, because "###Name##" has a placeholder after the first.
        let (value, after) = value.or_else(|| found.split_at_checked(1))?;
        if result.len() + before.len() + value.len() > limit {
            return None;
        }
        result.push_str(before);
        result.push_str(value);
        rest = after;
    }
    result.push_str(rest);
    (result.len() <= limit).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn placeholders_are_replaced_once_up_to_the_limit() {
        let values = [("A", "##B##"), ("B", "b")];
        let replace = |content| placeholders(content, &values, 20);
        for (content, expected) in [
            ("", ""),
            ("x##A##y##B##z", "x##B##ybz"),
            ("###B####B#####A", "#bb###A"),
            ("##C## ## #ü##", "##C## ## #ü##"),
        ] {
            assert_eq!(replace(content).as_deref(), Some(expected), "{content}");
        }
        assert_eq!(replace("##A####A####A####A##").map(|text| text.len()), Some(20));
        assert_eq!(replace("##A####A####A####A##!"), None);
        assert_eq!(replace(&"#".repeat(21)), None);
    }
}
