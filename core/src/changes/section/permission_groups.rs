//! Permission groups.

use super::member::{Member, Role};
use super::shape::Section;
use crate::operations::permission_groups;

pub(super) static PERMISSION_GROUPS: Section = Section {
    name: "permissionGroups",
    singular: "permission group",
    key: "name",
    id: "permissionGroupId",
    list: &permission_groups::LIST,
    items: None,
    get: None,
    create: &permission_groups::CREATE,
    update: &permission_groups::UPDATE,
    delete: &permission_groups::DELETE,
    fields: &[
        Member::plain("canManageMembers"),
        Member::plain("canCreateOrUpdateConfig"),
        Member::plain("canDeleteConfig"),
        Member::plain("canCreateOrUpdateEnvironment"),
        Member::plain("canDeleteEnvironment"),
        Member::plain("canCreateOrUpdateSetting"),
        Member::plain("canTagSetting"),
        Member::plain("canDeleteSetting"),
        Member::plain("canCreateOrUpdateTag"),
        Member::plain("canDeleteTag"),
        Member::plain("canManageWebhook"),
        Member::plain("canUseExportImport"),
        Member::plain("canManageProductPreferences"),
        Member::plain("canManageIntegrations"),
        Member::plain("canViewSdkKey"),
        Member::plain("canRotateSdkKey"),
        Member::plain("canCreateOrUpdateSegments"),
        Member::plain("canDeleteSegments"),
        Member::plain("canViewProductAuditLog"),
        Member::plain("canViewProductStatistics"),
        Member::plain("canDisable2FA"),
        Member::plain("accessType"),
        Member::plain("newEnvironmentAccessType"),
        Member::plain("approvalPermissionType"),
        Member::plain("newEnvironmentApprovalPermissionType"),
        Member {
            name: "environments",
            role: Role::ByEnvironment {
                wire: "environmentAccesses",
                member: "environmentAccessType",
                none: "none",
            },
        },
        Member {
            name: "approvals",
            role: Role::ByEnvironment {
                wire: "environmentApprovalPermissions",
                member: "environmentApprovalPermissionType",
                none: "cannotApprove",
            },
        },
    ],
    children: &[],
};
