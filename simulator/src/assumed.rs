//! Behaviour of the service that no public source documents, and numbers that may change. Each is one constant or one
//! function with its source, so that it is easy to change when the service turns out to differ.

use crate::glob;
use configcat_management::Field;
use configcat_management::models::{
    AccessType, ApprovalPermissionType, ConfigId, EnvironmentAccessType, EnvironmentId, EvaluationVersion,
    KeyGenerationMode, SettingType, SettingValue,
};

/// HTTP status when an identifier in the path is malformed.
// Assumed: a malformed identifier in the path is refused with 400.
pub const MALFORMED_ID: u16 = 400;

/// Name of the permission group that every new product starts with.
// Assumed: the permission group of a new product is named `Administrators`.
pub const FIRST_GROUP: &str = "Administrators";

/// Default key generation mode of a product.
// Documented: the key generation mode of a new product is `camelCase`.
pub const KEY_GENERATION: KeyGenerationMode = KeyGenerationMode::CamelCase;

/// Default evaluation version of a config.
// Documented: a config that is created without an evaluation version is a V1 config.
pub const EVALUATION_VERSION: EvaluationVersion = EvaluationVersion::V1;

/// Default range of the audit log (V1), in days.
// Documented: the V1 audit log without a range returns the last 7 days.
pub const AUDIT_DAYS: i64 = 7;
/// Maximum range of the audit log (V1), in days.
// Documented: the range of the V1 audit log is at most 30 days.
pub const LONGEST_AUDIT_DAYS: i64 = 30;

/// Limits of the organization's plan.
pub mod plan {
    /// Maximum number of percentage options of a flag.
    // Documented: a flag has at most 500 percentage options.
    pub const PERCENTAGE_OPTIONS: i32 = 500;
    /// Maximum number of targeting rules of a flag.
    // Documented: a flag has at most 500 targeting rules.
    pub const TARGETING_RULES: i32 = 500;
    /// Maximum length of a comparison value, in characters.
    // Assumed: a comparison value has at most 65,535 characters.
    pub const COMPARISON_VALUE_LENGTH: i32 = 65_535;
    /// Maximum number of items in a comparison list.
    // Documented: a comparison list has at most 15,000 items.
    pub const COMPARISON_LIST_LENGTH: i32 = 15_000;
    /// Maximum length of an item of a comparison list, in characters.
    // Documented: an item of a comparison list has at most 255 characters.
    pub const COMPARISON_ITEM_LENGTH: i32 = 255;
    /// Maximum length of a string value, in characters.
    // Documented: a string value has at most 65,535 or 100,000 characters, depending on the plan.
    // Assumed: the plan of the simulator allows string values of 65,535 characters.
    pub const TEXT_VALUE_LENGTH: i32 = 65_535;
    /// Maximum number of conditions of a rule.
    // Assumed: a targeting rule has at most 500 conditions.
    pub const CONDITIONS_PER_RULE: i32 = 500;
    /// Maximum number of predefined variations of a flag.
    // Assumed: a flag has at most 100 predefined variations.
    pub const PREDEFINED_VARIATIONS: i32 = 100;
    // Assumed: a proxy profile has at most 500 selection rules.
    /// Maximum number of selection rules of a proxy profile. They are evaluated at every change of a flag.
    pub const SELECTION_RULES: i32 = 500;
    /// Maximum number of configs of a product.
    // Documented: a product has at most 500 configs.
    pub const CONFIGS: usize = 500;
    /// Maximum number of environments of a product.
    // Documented: a product has at most 50 environments.
    pub const ENVIRONMENTS: usize = 50;
    /// Maximum number of products of an organization.
    // Documented: an organization has at most 1,000 products.
    pub const PRODUCTS: usize = 1_000;
}

/// Returns the initial value of a flag of this type.
// Documented: a new flag has the value false, the empty string, 0 or 0.0, depending on its type.
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
// Assumed: null in an update changes nothing, like a field that is absent.
pub fn on_update<T>(field: Field<T>) -> Option<T> {
    field.value()
}

/// Days after which an invitation expires.
// Assumed: an invitation expires after 7 days.
pub const INVITATION_DAYS: i64 = 7;

/// Default number of days without a change after which a flag is stale.
// Assumed: a flag is stale after 60 days without a change, if the request does not state the number of days.
pub const STALE_AFTER_DAYS: i32 = 60;

/// Default poll interval of a proxy, in seconds.
// Documented: a proxy profile without a poll interval has one of 60 seconds.
pub const PROXY_POLL_SECONDS: i32 = 60;

/// Placeholder that is returned instead of a secure header's value.
// Documented: the value of a secure webhook header is never returned.
// Assumed: `**********` is returned instead of the value of a secure webhook header.
pub const HIDDEN: &str = "**********";

/// Number of approvals that a change request needs where approval is required.
// Assumed: one approval is enough to apply a change request.
pub const APPROVALS: usize = 1;

/// Maximum number of times that a webhook call is sent. Delivery stops at the first successful response.
// Assumed: a webhook call is sent at most 3 times, until a response is successful.
pub const WEBHOOK_ATTEMPTS: u32 = 3;
/// Pause before the second attempt; it doubles with each further attempt.
// Assumed: the pause between the attempts of a webhook call is short, and doubles each time.
pub const WEBHOOK_PAUSE: std::time::Duration = std::time::Duration::from_millis(200);
/// Body of a webhook call when the webhook has no content of its own.
// Assumed: a webhook without content sends an empty body.
pub const WEBHOOK_CONTENT: &str = "";

/// Default access of a new permission group.
// Assumed: a permission group that is created without an access type has custom access.
pub const GROUP_ACCESS: AccessType = AccessType::Custom;
/// Default access of a new permission group to environments created later.
// Assumed: a permission group that is created without `newEnvironmentAccessType` has no access to later
// environments.
pub const GROUP_ENVIRONMENT_ACCESS: EnvironmentAccessType = EnvironmentAccessType::None;
/// Default approval rights of a new permission group.
// Assumed: a permission group that is created without `approvalPermissionType` may not approve.
pub const GROUP_APPROVAL: ApprovalPermissionType = ApprovalPermissionType::CannotApprove;

/// Returns whether the list of an organization's members (V2) includes a user under `members`: every member of a
/// product, administrators included, and every user who has lost all roles.
// Assumed: the V2 list of an organization's members lists administrators under `members`, too, if they are in
// a product.
// Assumed: the V2 list of an organization's members lists users who have lost all roles and are in no product
// under `members`.
#[must_use]
pub const fn is_listed_as_member(has_role: bool, has_membership: bool) -> bool {
    has_membership || !has_role
}

/// Returns the status of a flag that a linked card shows. Jira tokens are accepted without verification: only the
/// service could verify them.
// Assumed: the status of a linked flag is `ON`, `OFF` or its default value, with the number of its rules.
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

// Observed (proxy): the SDK id of an SDK key is one path segment, without a slash.
// Assumed: the SDK id consists of the ids of the config and the environment, joined by an underscore.
/// Returns the name by which a proxy identifies the SDK key of a config in an environment.
#[must_use]
pub fn sdk_id(config: &ConfigId, environment: &EnvironmentId) -> String {
    format!("{config}_{environment}")
}

// Documented: a name filter of a proxy profile's selection rule accepts `*` as a wildcard.
// Assumed: a name filter ignores case, and without a wildcard it matches the whole name only.
/// Returns whether a name matches the filter of a proxy profile's rule.
#[must_use]
pub fn name_matches(name: &str, filter: &str) -> bool {
    glob::matches(&filter.to_lowercase(), &name.to_lowercase())
}

// Assumed: SDKs behind a proxy download from the data centers of all regions.
/// Data governance that proxies are told.
pub const PROXY_DATA_GOVERNANCE: &str = "global";

/// Maximum length of a webhook's content after its placeholders are replaced, in bytes. Longer ones are not sent.
// Assumed: a webhook whose content becomes longer than 1 MiB by its placeholders is not called.
pub const WEBHOOK_CONTENT_LENGTH: usize = 1 << 20;

/// Replaces the placeholders of a webhook's content, written as `##Name##`. Unknown placeholders are left unchanged, and
/// so are placeholders in the values. Returns `None` if the result is longer than `limit` bytes.
// Assumed: placeholders such as `##ConfigName##` in the content of a webhook are replaced; unknown ones stay
// as they are.
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
