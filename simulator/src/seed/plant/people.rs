//! Plants users, credentials, permission groups, members and invitations.

use super::{At as _, Planter, check_uuid, checked};
use crate::assumed;
use crate::problem::Problem;
use crate::rules::people::check_email;
use crate::seed::{CredentialSeed, FirstGroupSeed, InvitationSeed, PermissionGroupSeed, Reference, UserSeed};
use crate::state::entities::{Credential, Invitation, Member, Person, User};
use crate::state::{clock, ids};
use configcat_management::models::{
    AccessType, ApprovalPermissionType, EnvironmentAccessInput, EnvironmentAccessType,
    EnvironmentApprovalPermissionInput, EnvironmentApprovalPermissionType, InvitationId, PermissionGroupId,
    ProductId, UserId,
};
use configcat_management::{Field, schema};
use std::collections::BTreeMap;

impl Planter<'_> {
    pub(super) fn user(&mut self, seed: &UserSeed) -> Result<(), Problem> {
        if self.person(&seed.email).is_ok() {
            return Err(Problem::field("email", format!("{} already exists.", seed.email)));
        }
        let id = seed.user_id.clone().unwrap_or_else(|| UserId::new(ids::uuid()));
        if self.state.users.contains(&id) {
            return Err(Problem::field("userId", format!("{id} already exists.")));
        }
        let person = Person { id, email: seed.email.clone(), full_name: seed.full_name.clone() };
        self.state.users.insert(User { person, two_factor: seed.two_factor_enabled });
        Ok(())
    }

    pub(super) fn credential(&mut self, seed: &CredentialSeed) -> Result<(), Problem> {
        let user = self.person(&seed.user).at(|| "user".into())?.id;
        if self.state.credentials.contains(&seed.username) {
            return Err(Problem::field("username", format!("{} already exists.", seed.username)));
        }
        if seed.username.contains(':') {
            return Err(Problem::field("username", "A user name has no colon."));
        }
        self.state.credentials.insert(Credential {
            username: seed.username.clone(),
            password: seed.password.clone(),
            user,
            rate_limit: seed.rate_limit,
        });
        Ok(())
    }

    /// Returns the group of a product with a name or number.
    fn named_group(&self, product: &ProductId, group: &Reference) -> Result<PermissionGroupId, Problem> {
        let missing = || Problem::field("group", format!("The product has no permission group {group}."));
        let groups = &self.state.permission_groups;
        match group {
            Reference::Number(number) => {
                let found = groups.get(&PermissionGroupId::new(*number)).filter(|g| g.product == *product);
                found.map(|group| group.id).ok_or_else(missing)
            }
            Reference::Name(name) => {
                let mut found = groups.find(&(product.clone(), name.clone()));
                let group = found.next().ok_or_else(missing)?;
                if found.next().is_some() {
                    return Err(Problem::field(
                        "group",
                        format!("Several groups are named {name}: use a number."),
                    ));
                }
                Ok(group.id)
            }
        }
    }

    fn accesses(
        &self,
        product: &ProductId,
        environments: &BTreeMap<String, EnvironmentAccessType>,
    ) -> Result<Vec<EnvironmentAccessInput>, Problem> {
        let access = |(name, access): (&String, &EnvironmentAccessType)| {
            let environment = self.named_environment(product, name).at(|| format!("environments.{name}"))?;
            let mut input = EnvironmentAccessInput::new();
            input.environment_id = Some(environment);
            input.environment_access_type = Some(access.clone());
            Ok(input)
        };
        environments.iter().map(access).collect()
    }

    fn approval_permissions(
        &self,
        product: &ProductId,
        environments: &BTreeMap<String, EnvironmentApprovalPermissionType>,
    ) -> Result<Vec<EnvironmentApprovalPermissionInput>, Problem> {
        let approval = |(name, permission): (&String, &EnvironmentApprovalPermissionType)| {
            let environment = self.named_environment(product, name).at(|| format!("approvals.{name}"))?;
            let mut input = EnvironmentApprovalPermissionInput::new();
            input.environment_id = Some(environment);
            input.environment_approval_permission_type = Some(permission.clone());
            Ok(input)
        };
        environments.iter().map(approval).collect()
    }

    /// Changes the group that a product was created with.
    pub(super) fn first_group(&mut self, seed: &FirstGroupSeed, product: &ProductId) -> Result<(), Problem> {
        let Some(mut group) = self.state.permission_groups.of(product).next().cloned() else { return Ok(()) };
        if let Some(id) = seed.permission_group_id.filter(|id| *id != group.id) {
            self.check_group_is_new(id)?;
            let old = std::mem::replace(&mut group.id, id);
            self.state.permission_groups.remove(&old);
            for user in self.state.members.of(product).map(|member| member.user.clone()).collect::<Vec<_>>() {
                self.state.members.insert(Member { product: product.clone(), user, group: id });
            }
            self.state.permission_groups.insert(group.clone());
        }
        let mut body = seed.group.0.clone();
        if !seed.environments.is_empty() {
            body.access_type = Field::Value(AccessType::Custom);
            body.environment_accesses = Field::Value(self.accesses(product, &seed.environments)?);
        }
        if !seed.approvals.is_empty() {
            body.approval_permission_type = Field::Value(ApprovalPermissionType::Custom);
            body.environment_approval_permissions =
                Field::Value(self.approval_permissions(product, &seed.approvals)?);
        }
        let body = checked(&body, &schema::permission_groups::UPDATE_PERMISSION_GROUP)?;
        self.state.change_permission_group(self.now, group.id, body)
    }

    fn check_group_is_new(&mut self, id: PermissionGroupId) -> Result<(), Problem> {
        if self.state.permission_groups.contains(&id) {
            return Err(Problem::field("permissionGroupId", "It already exists."));
        }
        self.state.ids.reserve("permissionGroupId", id.get())
    }

    pub(super) fn group(&mut self, seed: &PermissionGroupSeed, product: &ProductId) -> Result<(), Problem> {
        let mut body = seed.group.0.clone();
        if !seed.environments.is_empty() {
            body.access_type = Some(AccessType::Custom);
            body.environment_accesses = Field::Value(self.accesses(product, &seed.environments)?);
        }
        if !seed.approvals.is_empty() {
            body.approval_permission_type = Some(ApprovalPermissionType::Custom);
            body.environment_approval_permissions =
                Field::Value(self.approval_permissions(product, &seed.approvals)?);
        }
        let body = checked(&body, &schema::permission_groups::CREATE_PERMISSION_GROUP)?;
        self.state.create_permission_group(self.now, product, seed.permission_group_id, body).map(drop)
    }

    pub(super) fn member(
        &mut self,
        user: &UserId,
        group: Option<&Reference>,
        product: &ProductId,
    ) -> Result<(), Problem> {
        let Some(group) = group else {
            let removed = self.state.members.remove(&(product.clone(), user.clone()));
            let missing =
                || Problem::field("", "Only the creator of the product, its first member, can be null.");
            return removed.map(drop).ok_or_else(missing);
        };
        let group = self.named_group(product, group)?;
        self.state.members.insert(Member { product: product.clone(), user: user.clone(), group });
        Ok(())
    }

    pub(super) fn invitation(&mut self, seed: &InvitationSeed, product: &ProductId) -> Result<(), Problem> {
        check_uuid("invitationId", seed.invitation_id.as_ref())?;
        let id = seed.invitation_id.clone().unwrap_or_else(|| InvitationId::new(ids::uuid()));
        if self.state.invitations.contains(&id) {
            return Err(Problem::field("invitationId", "It already exists."));
        }
        check_email("email", &seed.email)?;
        let created_at = seed.created_at.unwrap_or(self.now);
        let expires = clock::later(created_at, assumed::INVITATION_DAYS * clock::MICROS_PER_DAY);
        self.state.invitations.insert(Invitation {
            id,
            product: product.clone(),
            group: self.named_group(product, &seed.permission_group)?,
            email: seed.email.clone(),
            created: self.state.ids.created(),
            created_at,
            expires: seed.expires.unwrap_or(expires),
        });
        Ok(())
    }
}
