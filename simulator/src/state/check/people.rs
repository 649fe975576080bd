//! Users, credentials, roles, groups, members and invitations.

use super::super::State;
use super::{Checked, each, ensure, exists, same};
use configcat_management::models::{PermissionGroupId, ProductId};

impl State {
    pub(super) fn check_people(&self) -> Result<(), String> {
        each("users", self.users.values(), |user| {
            let email = &user.person.email;
            let unique = self.users.find(&email.to_ascii_lowercase()).count() == 1;
            ensure(unique, "email", || format!("'{email}' is already in use"))
        })?;
        each("credentials", self.credentials.values(), |credential| {
            exists(self.users.get(&credential.user), "user", &credential.user)?;
            ensure(!credential.username.contains(':'), "username", || "it must have no colon".into())
        })?;
        each("organization_roles", self.organization_roles.values(), |role| {
            exists(self.organizations.get(&role.organization), "organization", &role.organization)?;
            exists(self.users.get(&role.user), "user", &role.user).map(drop)
        })?;
        each("permission_groups", self.permission_groups.values(), |group| {
            exists(self.products.get(&group.product), "product", &group.product)?;
            for right in &group.environments {
                let environment = self.environments.get(&right.environment);
                let environment = exists(environment, "environments", &right.environment)?;
                same("environments", &environment.product, &group.product)?;
            }
            Ok(())
        })?;
        each("members", self.members.values(), |member| {
            exists(self.users.get(&member.user), "user", &member.user)?;
            self.check_group(member.group, &member.product)
        })?;
        each("invitations", self.invitations.values(), |invitation| {
            self.check_group(invitation.group, &invitation.product)
        })
    }

    fn check_group(&self, group: PermissionGroupId, product: &ProductId) -> Checked {
        exists(self.products.get(product), "product", product)?;
        let group = exists(self.permission_groups.get(&group), "group", group)?;
        same("group", &group.product, product)
    }
}
