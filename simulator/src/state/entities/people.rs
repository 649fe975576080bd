//! Users, their rights, and their credentials.

use crate::rate_limit::RateLimit;
use crate::state::table::row;
use configcat_management::Timestamp;
use configcat_management::models::{
    AccessType, ApprovalPermissionType, EnvironmentAccessType, EnvironmentApprovalPermissionType,
    EnvironmentId, InvitationId, OrganizationId, PermissionGroupId, ProductId, UserId,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A user, as recorded with the changes that the user made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub full_name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    #[serde(flatten)]
    pub person: Person,
    pub two_factor: bool,
}
impl Default for Person {
    fn default() -> Self {
        Self { id: UserId::new(""), email: String::new(), full_name: String::new() }
    }
}

row!(User, UserId, |u| u.person.id.clone(), (), |_u| (), String, |u| vec![
    u.person.email.to_ascii_lowercase()
]);

/// User name and password for the API, and the user they belong to.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    pub username: String,
    pub password: String,
    pub user: UserId,
    /// Rate limit of this credential, instead of the simulator's.
    pub rate_limit: Option<RateLimit>,
}
row!(Credential, String, |c| c.username.clone(), UserId, |c| c.user.clone());

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("username", &self.username)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Roles of a user in an organization, in addition to memberships of products.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationRole {
    pub organization: OrganizationId,
    pub user: UserId,
    pub admin: bool,
    pub billing_manager: bool,
}
row!(
    OrganizationRole,
    (OrganizationId, UserId),
    |r| (r.organization.clone(), r.user.clone()),
    OrganizationId,
    |r| r.organization.clone()
);

/// Membership of a user in a product.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Member {
    pub product: ProductId,
    pub user: UserId,
    pub group: PermissionGroupId,
}
row!(Member, (ProductId, UserId), |m| (m.product.clone(), m.user.clone()), ProductId, |m| m.product.clone());

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub id: InvitationId,
    pub product: ProductId,
    pub group: PermissionGroupId,
    pub email: String,
    pub created: u64,
    pub created_at: Timestamp,
    pub expires: Timestamp,
}
row!(Invitation, InvitationId, |i| i.id.clone(), ProductId, |i| i.product.clone());

/// Defines the rights, which several schemas list one by one.
macro_rules! rights {
    ($($right:ident),* $(,)?) => {
        /// Rights of the members of a permission group in a product.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[allow(clippy::struct_excessive_bools, reason = "each is a right of its own")]
        pub struct Rights {
            $(pub $right: bool,)*
        }

        impl Rights {
            /// Every right.
            pub const ALL: Self = Self { $($right: true,)* };

            /// Returns the rights of a new group. Absent rights are not granted.
            pub fn of_new(body: &configcat_management::models::CreatePermissionGroup) -> Self {
                Self { $($right: body.$right.unwrap_or(false),)* }
            }

            /// Returns the body of a request that creates a group with these rights.
            pub fn as_new(&self, name: &str) -> configcat_management::models::CreatePermissionGroup {
                let mut body = configcat_management::models::CreatePermissionGroup::new(name);
                $(body.$right = self.$right.then_some(true);)*
                body
            }

            /// Returns the body of an update that takes away the missing rights of a group that had all.
            pub fn as_update(&self) -> configcat_management::models::UpdatePermissionGroup {
                let mut body = configcat_management::models::UpdatePermissionGroup::new();
                $(if !self.$right {
                    body.$right = configcat_management::Field::Value(false);
                })*
                body
            }

            /// Applies an update. Absent and null rights are left unchanged.
            pub fn update(&mut self, body: &configcat_management::models::UpdatePermissionGroup) {
                $(if let Some(right) = body.$right.as_ref().value() {
                    self.$right = *right;
                })*
            }
        }
    };
}

rights! {
    can_manage_members,
    can_create_or_update_config,
    can_delete_config,
    can_create_or_update_environment,
    can_delete_environment,
    can_create_or_update_setting,
    can_tag_setting,
    can_delete_setting,
    can_create_or_update_tag,
    can_delete_tag,
    can_manage_webhook,
    can_use_export_import,
    can_manage_product_preferences,
    can_manage_integrations,
    can_view_sdk_key,
    can_rotate_sdk_key,
    can_create_or_update_segments,
    can_delete_segments,
    can_view_product_audit_log,
    can_view_product_statistics,
    can_disable_2fa,
}

/// Rights of a permission group in one environment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnvironmentRight {
    pub environment: EnvironmentId,
    pub access: EnvironmentAccessType,
    pub approval: EnvironmentApprovalPermissionType,
}

impl EnvironmentRight {
    /// No right.
    pub const fn none(environment: EnvironmentId) -> Self {
        Self {
            environment,
            access: EnvironmentAccessType::None,
            approval: EnvironmentApprovalPermissionType::CannotApprove,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionGroup {
    pub id: PermissionGroupId,
    pub product: ProductId,
    pub name: String,
    pub rights: Rights,
    pub access: AccessType,
    /// Access to environments created later, if the access is custom.
    pub new_access: EnvironmentAccessType,
    pub approval: ApprovalPermissionType,
    /// Approval permission in environments created later, if the approval permission is custom.
    pub new_approval: EnvironmentApprovalPermissionType,
    /// One entry per environment of the product. It takes effect if the access or the approval permission is custom.
    pub environments: Vec<EnvironmentRight>,
}
row!(
    PermissionGroup,
    PermissionGroupId,
    |g| g.id,
    ProductId,
    |g| g.product.clone(),
    (ProductId, String),
    |g| vec![(g.product.clone(), g.name.clone())]
);
