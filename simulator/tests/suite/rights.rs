//! Rights that each operation requires. The table is written by hand: the simulator's own is generated from the spec, and
//! a right that is missing or wrong there must fail here.

use crate::support::scene::{DEPENDENT, PERMISSIONS, Scene};
use configcat_management::operations;
use configcat_management::spec::Http;

/// Right that an operation requires in addition to visibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// Administrator of the organization.
    Admin,
    /// Full access to the environment.
    Write,
    /// One of these permissions.
    Permission(&'static [&'static str]),
}

use Needs::{Admin, Permission, Write};

/// Operations that require more than visibility.
const TABLE: &[(Needs, &[&str])] = &[
    (Admin, &["products.create", "products.update", "products.delete"]),
    (Admin, &["members.add_to_group", "members.delete_from_organization"]),
    (Admin, &["invitations.list_for_organization"]),
    (Admin, &["audit_logs.list_for_organization", "audit_logs.list_for_organization_v1"]),
    (Admin, &["proxy_profiles.list", "proxy_profiles.create", "proxy_profiles.get", "proxy_profiles.patch"]),
    (Admin, &["proxy_profiles.replace", "proxy_profiles.delete", "proxy_profiles.get_sdk_keys"]),
    (Admin, &["proxy_profiles.select_sdk_keys", "proxy_profiles.deselect_sdk_keys"]),
    (Admin, &["proxy_profiles.generate_secret"]),
    (Permission(&["canManageProductPreferences"]), &["products.update_preferences"]),
    (Permission(&["canCreateOrUpdateConfig"]), &["configs.create", "configs.update"]),
    (Permission(&["canDeleteConfig"]), &["configs.delete"]),
    (Permission(&["canCreateOrUpdateEnvironment"]), &["environments.create", "environments.update"]),
    (Permission(&["canDeleteEnvironment"]), &["environments.delete"]),
    (Permission(&["canCreateOrUpdateSetting"]), &["settings.create", "predefined_variations.update"]),
    (Permission(&["canCreateOrUpdateSetting", "canTagSetting"]), &["settings.patch", "settings.replace"]),
    (Permission(&["canDeleteSetting"]), &["settings.delete"]),
    (Permission(&["canCreateOrUpdateTag"]), &["tags.create", "tags.update"]),
    (Permission(&["canDeleteTag"]), &["tags.delete"]),
    (Permission(&["canCreateOrUpdateSegments"]), &["segments.create", "segments.update"]),
    (Permission(&["canDeleteSegments"]), &["segments.delete"]),
    (
        Permission(&["canManageMembers"]),
        &["permission_groups.create", "permission_groups.update", "permission_groups.delete"],
    ),
    (Permission(&["canManageMembers"]), &["members.invite", "members.delete_from_product"]),
    (Permission(&["canManageMembers"]), &["invitations.list_for_product", "invitations.delete"]),
    (Permission(&["canManageWebhook"]), &["webhooks.create", "webhooks.patch", "webhooks.replace"]),
    (Permission(&["canManageWebhook"]), &["webhooks.delete", "webhooks.get_signing_keys"]),
    (
        Permission(&["canManageIntegrations"]),
        &["integrations.create", "integrations.update", "integrations.delete"],
    ),
    (Permission(&["canViewSdkKey"]), &["sdk_keys.get"]),
    (Permission(&["canViewProductAuditLog"]), &["audit_logs.list", "audit_logs.list_v1"]),
    (Write, &["values.patch", "values.replace", "values.replace_many"]),
    (Write, &["flag_values.patch", "flag_values.replace", "flag_values.replace_many"]),
    (Write, &["values_by_sdk_key.patch", "values_by_sdk_key.replace"]),
    (Write, &["flag_values_by_sdk_key.patch", "flag_values_by_sdk_key.replace"]),
    (Write, &["integration_links.add_or_update", "integration_links.delete", "jira.add_or_update_link"]),
    (Write, &["change_requests.create", "change_requests.update", "change_requests.apply"]),
    (Write, &["change_requests.update_proposed_changes", "change_requests.delete_proposed_change"]),
    (Write, &["change_requests.resolve_conflicts", "change_requests.claim_ownership"]),
    (Write, &["change_requests.close"]),
];

/// Writes that require only visibility, or whose handler checks more than a right: an approval needs a permission in the
/// environment, a comment can be changed only by its author, and code references are uploaded by build servers.
const OPEN_CHANGES: &[&str] = &[
    "jira.connect",
    "code_references.upload",
    "code_references.delete_reports",
    "change_requests.approve",
    "change_requests.remove_approval",
    "change_request_comments.add",
    "change_request_comments.update",
    "change_request_comments.delete",
];

fn needs(operation: &str) -> Needs {
    let row = TABLE.iter().find(|(_, operations)| operations.contains(&operation));
    row.map_or(Needs::Nothing, |(needs, _)| *needs)
}

#[test]
fn every_write_is_in_the_table_or_open() {
    let mut known: Vec<&str> = TABLE.iter().flat_map(|(_, operations)| operations.iter().copied()).collect();
    known.extend(OPEN_CHANGES);
    for operation in operations::ALL.iter().filter(|operation| operation.http != Http::Get) {
        assert!(known.contains(&operation.id), "which right does {} require?", operation.id);
    }
    for id in known {
        assert!(operations::ALL.iter().any(|operation| operation.id == id), "unknown operation {id}");
    }
}

#[tokio::test]
async fn callers_without_the_right_get_403_and_change_nothing() {
    let mut scene = Scene::new().await;
    let mut checked = 0;
    // Report all failures: one missing right must not hide another.
    let mut wrong = Vec::new();
    for operation in operations::ALL {
        let needs = needs(operation.id);
        let Some(without) = (match needs {
            Needs::Nothing => None,
            Admin => Some((&[][..], "full")),
            Write => Some((&[][..], "readOnly")),
            Permission(names) => Some((names, "full")),
        }) else {
            continue;
        };
        scene.permit_all_but(without.0, without.1).await;
        let before = scene.state();
        let response = scene.status(&scene.ada, operation).await;
        if response.status != 403 {
            wrong.push(format!("{} without {needs:?}: {} {}", operation.id, response.status, response.body));
        }
        if scene.state() != before {
            wrong.push(format!("{} without {needs:?} changed something", operation.id));
            scene = Scene::new().await;
        }
        checked += 1;
    }
    let all: usize = TABLE.iter().map(|(_, operations)| operations.len()).sum();
    assert_eq!(checked, all);
    assert!(wrong.is_empty(), "{} problems with {all} operations:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn callers_with_only_the_right_are_allowed() {
    for operation in operations::ALL {
        let Permission(names) = needs(operation.id) else { continue };
        for name in names {
            let scene = Scene::new().await;
            let needed = |other: &str| other == *name || DEPENDENT.contains(&(*name, other));
            let others: Vec<&str> = PERMISSIONS.iter().copied().filter(|other| !needed(other)).collect();
            scene.permit_all_but(&others, "full").await;
            let response = scene.status(&scene.ada, operation).await;
            assert_ne!(response.status, 403, "{} with {name}: {}", operation.id, response.body);
        }
    }
}

#[tokio::test]
async fn callers_without_visibility_get_404() {
    let scene = Scene::new().await;
    // The details of a link cover only the flags that the caller sees; its path names no other resource.
    let scoped = operations::ALL.iter().filter(|operation| operation.id != "integration_links.get_details");
    for operation in scoped.filter(|operation| operation.path_parameters().next().is_some()) {
        let before = scene.state();
        let response = scene.status(&scene.linus, operation).await;
        assert_eq!(response.status, 404, "{}: {}", operation.id, response.body);
        assert_eq!(scene.state(), before, "{} changed something", operation.id);
    }
}

/// Operations that require a preceding operation.
const BEFORE: &[(&str, &str)] = &[("change_requests.remove_approval", "change_requests.approve")];

#[tokio::test]
async fn owner_may_call_every_operation() {
    let mut wrong = Vec::new();
    for operation in operations::ALL {
        let scene = Scene::new().await;
        for (_, first) in BEFORE.iter().filter(|(id, _)| *id == operation.id) {
            scene.succeed(operations::find(first).unwrap(), 0).await.unwrap();
        }
        wrong.extend(scene.succeed(operation, 0).await.err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
