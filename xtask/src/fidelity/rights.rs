//! The rights of operations whose source is the service's OpenAPI document. All other rights are assumed.

use crate::model::Api;
use crate::model::access::Right;
use anyhow::{Result, ensure};
use std::collections::BTreeMap;

/// Rights that the service's OpenAPI document states, in the description of a permission or of an operation, and the
/// operations that it states them for.
const DOCUMENTED: &[(&str, &[&str])] = &[
    // "that belongs to the user"; for members, who sees whom.
    (
        VISIBLE,
        &[
            "me.get",
            "organizations.list",
            "products.list",
            "members.list_for_organization_v1",
            "members.list_for_organization",
        ],
    ),
    // `readOnly` of a value: "whether you have Read-only access to the Environment".
    (
        FULL,
        &[
            "values.patch",
            "values.replace",
            "values.replace_many",
            "values_by_sdk_key.patch",
            "values_by_sdk_key.replace",
            "flag_values.patch",
            "flag_values.replace",
            "flag_values.replace_many",
            "flag_values_by_sdk_key.patch",
            "flag_values_by_sdk_key.replace",
        ],
    ),
    // "Team members and permission groups".
    (
        "`canManageMembers`",
        &[
            "members.invite",
            "members.delete_from_product",
            "permission_groups.create",
            "permission_groups.update",
            "permission_groups.delete",
        ],
    ),
    ("`canManageProductPreferences`", &["products.update_preferences"]),
    ("`canCreateOrUpdateConfig`", &["configs.create", "configs.update"]),
    ("`canDeleteConfig`", &["configs.delete"]),
    ("`canCreateOrUpdateEnvironment`", &["environments.create", "environments.update"]),
    ("`canDeleteEnvironment`", &["environments.delete"]),
    ("`canCreateOrUpdateSetting`", &["settings.create"]),
    ("`canCreateOrUpdateSetting` or `canTagSetting`", &["settings.patch", "settings.replace"]),
    ("`canDeleteSetting`", &["settings.delete"]),
    ("`canCreateOrUpdateTag`", &["tags.create", "tags.update"]),
    ("`canDeleteTag`", &["tags.delete"]),
    ("`canCreateOrUpdateSegments`", &["segments.create", "segments.update"]),
    ("`canDeleteSegments`", &["segments.delete"]),
    ("`canViewSdkKey`", &["sdk_keys.get"]),
    ("`canViewProductAuditLog`", &["audit_logs.list_v1", "audit_logs.list"]),
    ("`canManageWebhook`", &["webhooks.create", "webhooks.patch", "webhooks.replace", "webhooks.delete"]),
    // "add and configure": nothing about deleting.
    ("`canManageIntegrations`", &["integrations.create", "integrations.update"]),
];

const VISIBLE: &str = "none";
const FULL: &str = "full access to the environment";

/// Returns the text of a right.
pub fn text(right: &Right) -> String {
    match right {
        Right::View => VISIBLE.to_owned(),
        Right::Admin => "organization administrator".to_owned(),
        Right::Write => FULL.to_owned(),
        Right::Permission(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.wire())).collect();
            names.join(" or ")
        }
    }
}

/// The operations whose right is documented.
pub struct Documented(BTreeMap<&'static str, &'static str>);

impl Documented {
    /// Fails if the spec has no such operation, or another right for it.
    pub fn of(api: &Api) -> Result<Self> {
        Self::checked(api, DOCUMENTED)
    }

    fn checked(api: &Api, table: &[(&'static str, &[&'static str])]) -> Result<Self> {
        let rights: BTreeMap<String, String> = api
            .operations()
            .map(|(resource, operation)| {
                (format!("{}.{}", resource.name.snake(), operation.name.snake()), text(&operation.right))
            })
            .collect();
        let mut documented = BTreeMap::new();
        for (right, operations) in table {
            for operation in *operations {
                let found = rights.get(*operation).map_or("no right", String::as_str);
                ensure!(
                    found == *right,
                    "xtask/src/fidelity/rights.rs: {operation} has the documented right {right}, but {found} in the spec"
                );
                documented.insert(*operation, *right);
            }
        }
        Ok(Self(documented))
    }

    pub fn contains(&self, operation: &str) -> bool {
        self.0.contains_key(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build;

    #[test]
    fn documented_rights_must_be_those_of_the_spec() {
        let spec =
            std::fs::read_to_string(crate::support::workspace::root().join("api/openapi.yaml")).unwrap();
        let (_, api) = build::read(&spec, "api/openapi.yaml").unwrap();
        let documented = Documented::of(&api).unwrap();
        assert!(documented.contains("tags.delete") && !documented.contains("products.create"));
        for (right, operation) in [("`canDeleteTag`", "tags.create"), ("none", "tags.missing")] {
            assert!(Documented::checked(&api, &[(right, &[operation])]).is_err(), "{operation}");
        }
    }
}
