//! Choices that no public source states. Each is one constant or one function, so that it is easy to change when the
//! service turns out to differ.

use crate::state::entities::Rights;
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

/// What an operation asks of its caller beside seeing the thing.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// Nothing more.
    See,
    /// To administer the organization; such a person may do everything in it, whatever their group says.
    Admin,
    /// A right of the caller's group.
    Right(&'static str, fn(&Rights) -> bool),
    /// Full access to the environment.
    Write,
}

/// The rights are named in the service's documents; which operation asks for which is our reading of the names.
#[must_use]
pub fn need(operation: &str) -> Need {
    use Need::{Admin, Right, See, Write};
    match operation {
        "products.create"
        | "products.update"
        | "products.delete"
        | "members.add_to_group"
        | "members.delete_from_organization"
        | "invitations.list_for_organization"
        | "audit_logs.list_for_organization"
        | "audit_logs.list_for_organization_v1"
        | "proxy_profiles.list"
        | "proxy_profiles.create"
        | "proxy_profiles.get"
        | "proxy_profiles.patch"
        | "proxy_profiles.replace"
        | "proxy_profiles.delete"
        | "proxy_profiles.get_sdk_keys"
        | "proxy_profiles.select_sdk_keys"
        | "proxy_profiles.deselect_sdk_keys"
        | "proxy_profiles.generate_secret" => Admin,
        "products.update_preferences" => Right("change preferences", |r| r.can_manage_product_preferences),
        "configs.create" | "configs.update" => Right("change configs", |r| r.can_create_or_update_config),
        "configs.delete" => Right("delete configs", |r| r.can_delete_config),
        "environments.create" | "environments.update" => {
            Right("change environments", |r| r.can_create_or_update_environment)
        }
        "environments.delete" => Right("delete environments", |r| r.can_delete_environment),
        "settings.create" | "predefined_variations.update" => {
            Right("change flags", |r| r.can_create_or_update_setting)
        }
        // What exactly changes decides between the two; the handler looks.
        "settings.patch" | "settings.replace" => {
            Right("change flags", |r| r.can_create_or_update_setting || r.can_tag_setting)
        }
        "settings.delete" => Right("delete flags", |r| r.can_delete_setting),
        "tags.create" | "tags.update" => Right("change tags", |r| r.can_create_or_update_tag),
        "tags.delete" => Right("delete tags", |r| r.can_delete_tag),
        "segments.create" | "segments.update" => {
            Right("change segments", |r| r.can_create_or_update_segments)
        }
        "segments.delete" => Right("delete segments", |r| r.can_delete_segments),
        "permission_groups.create"
        | "permission_groups.update"
        | "permission_groups.delete"
        | "members.invite"
        | "members.delete_from_product"
        | "invitations.list_for_product"
        | "invitations.delete" => Right("manage members", |r| r.can_manage_members),
        "webhooks.create"
        | "webhooks.patch"
        | "webhooks.replace"
        | "webhooks.delete"
        | "webhooks.get_signing_keys" => Right("manage webhooks", |r| r.can_manage_webhook),
        "integrations.create" | "integrations.update" | "integrations.delete" => {
            Right("manage integrations", |r| r.can_manage_integrations)
        }
        "sdk_keys.get" => Right("see SDK keys", |r| r.can_view_sdk_key),
        "audit_logs.list" | "audit_logs.list_v1" => {
            Right("see the audit log", |r| r.can_view_product_audit_log)
        }
        "values.patch"
        | "values.replace"
        | "values.replace_many"
        | "flag_values.patch"
        | "flag_values.replace"
        | "flag_values.replace_many"
        | "values_by_sdk_key.patch"
        | "values_by_sdk_key.replace"
        | "flag_values_by_sdk_key.patch"
        | "flag_values_by_sdk_key.replace"
        | "integration_links.add_or_update"
        | "integration_links.delete"
        | "jira.add_or_update_link"
        | "change_requests.create"
        | "change_requests.update"
        | "change_requests.update_proposed_changes"
        | "change_requests.delete_proposed_change"
        | "change_requests.resolve_conflicts"
        | "change_requests.apply"
        | "change_requests.claim_ownership"
        | "change_requests.close" => Write,
        _ => See,
    }
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
