//! Members of products and organizations.

use crate::assumed;
use crate::call::Call;
use crate::generated::members::Members;
use crate::problem::Problem;
use crate::state::entities::User;
use crate::state::{Event, State};
use configcat_management::construct;
use configcat_management::models::{
    self, AuditLogType, InviteMembers, Member, OrganizationId, OrganizationMembers, OrganizationPermission,
    ProductId, UpdateMemberPermissions, UserId,
};

impl State {
    /// Returns the users of an organization that the caller sees. Administrators see all users; other callers see the
    /// administrators, and the members of products whose members they manage.
    // Documented: administrators see all members of the organization.
    // Documented: users who are no administrators see the administrators, and the members of those products
    // where they have the permission `canManageMembers`.
    fn people_of(&self, organization: &OrganizationId) -> Vec<&User> {
        let all = self.is_admin(organization);
        let managed = |user: &UserId| {
            self.products.of(organization).any(|product| {
                self.rights(&product.id).is_some_and(|rights| rights.can_manage_members)
                    && self.members.contains(&(product.id.clone(), user.clone()))
            })
        };
        self.users
            .values()
            .filter(|user| self.belongs(&user.person.id, organization))
            .filter(|user| {
                let id = &user.person.id;
                all || self.administers(id, organization) || managed(id)
            })
            .collect()
    }

    // Assumed: the permissions of a member list every product that the member is in, also those that the
    // caller does not see.
    fn permissions_of(&self, user: &UserId, organization: &OrganizationId) -> Vec<OrganizationPermission> {
        let products = self.products_of(organization).into_iter();
        products
            .filter_map(|product| {
                let group = self.group_of(user, &product.id)?;
                Some(
                    construct::OrganizationPermissionFields {
                        product: construct::OrganizationProductFields {
                            product_id: product.id.clone(),
                            name: product.name.clone(),
                        }
                        .into(),
                        permission_group: construct::OrganizationPermissionGroupFields {
                            permission_group_id: group.id,
                            name: group.name.clone(),
                        }
                        .into(),
                    }
                    .into(),
                )
            })
            .collect()
    }
}

impl Members for State {
    fn list_for_organization_v1(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<Vec<models::User>, Problem> {
        self.organization(&organization_id)?;
        let users = self.people_of(&organization_id).into_iter().map(|user| {
            construct::UserFields {
                user_id: Some(user.person.id.clone()),
                full_name: Some(user.person.full_name.clone()),
                email: Some(user.person.email.clone()),
                two_factor_enabled: user.two_factor,
            }
            .into()
        });
        Ok(users.collect())
    }

    // Documented: V2 lists administrators, billing managers and members.
    fn list_for_organization(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<OrganizationMembers, Problem> {
        self.organization(&organization_id)?;
        let people = self.people_of(&organization_id);
        let role =
            |user: &User| self.organization_roles.get(&(organization_id.clone(), user.person.id.clone()));
        let officer = |user: &&User| {
            construct::OrganizationAdminFields {
                user_id: user.person.id.clone(),
                full_name: user.person.full_name.clone(),
                email: user.person.email.clone(),
                two_factor_enabled: user.two_factor,
            }
            .into()
        };
        let admins = people.iter().filter(|user| role(user).is_some_and(|r| r.admin)).map(officer);
        let billing = people.iter().filter(|user| role(user).is_some_and(|r| r.billing_manager)).map(officer);
        let members = people.iter().filter_map(|user| {
            let permissions = self.permissions_of(&user.person.id, &organization_id);
            assumed::is_listed_as_member(role(user).is_some(), !permissions.is_empty()).then(|| {
                construct::OrganizationMemberFields {
                    user_id: user.person.id.clone(),
                    full_name: user.person.full_name.clone(),
                    email: user.person.email.clone(),
                    two_factor_enabled: user.two_factor,
                    permissions,
                }
                .into()
            })
        });
        Ok(construct::OrganizationMembersFields {
            admins: admins.collect(),
            billing_managers: billing.collect(),
            members: members.collect(),
        }
        .into())
    }

    fn list_for_product(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<Member>, Problem> {
        self.product(&product_id)?;
        let members = self.members.of(&product_id).filter_map(|member| {
            let person = self.person(&member.user)?;
            Some(
                construct::MemberFields {
                    user_id: Some(person.id.clone()),
                    product_id: member.product.clone(),
                    permission_group_id: member.group,
                    full_name: Some(person.full_name.clone()),
                    email: Some(person.email.clone()),
                }
                .into(),
            )
        });
        Ok(members.collect())
    }

    // Documented: an invited address gets an invitation, which expires.
    // Assumed: an invitation without an address, or to a permission group of another product, is refused with
    // 400.
    // Assumed: if one address of an invitation is refused, no user is invited.
    fn invite(&mut self, call: &Call<'_>, product_id: ProductId, body: InviteMembers) -> Result<(), Problem> {
        self.product(&product_id)?;
        let group = self.permission_groups.get(&body.permission_group_id);
        if group.is_none_or(|group| group.product != product_id) {
            return Err(Problem::field("permissionGroupId", "The product has no such group."));
        }
        if body.emails.is_empty() {
            return Err(Problem::field("emails", "At least one address is required."));
        }
        for (i, email) in body.emails.into_iter().enumerate() {
            self.invite_one(call.now, &product_id, body.permission_group_id, email, &format!("emails[{i}]"))?;
        }
        Ok(())
    }

    // Documented: a member is in one permission group per product.
    // Assumed: two groups of one product, or a group of another organization, are refused with 400.
    // Documented: `removeFromPermissionGroupsWhereIdNotSet` removes the member from all groups that are not
    // listed.
    // Assumed: the member stays in groups that are not listed, unless
    // `removeFromPermissionGroupsWhereIdNotSet` is true.
    // Assumed: a user who does not belong to the organization is reported with 404.
    fn add_to_group(
        &mut self,
        call: &Call<'_>,
        organization_id: OrganizationId,
        user_id: UserId,
        body: UpdateMemberPermissions,
    ) -> Result<(), Problem> {
        self.organization(&organization_id)?;
        if !self.belongs(&user_id, &organization_id) {
            return Err(Problem::not_found());
        }
        let groups = body.permission_group_ids.value().unwrap_or_default();
        let mut products: Vec<ProductId> = Vec::new();
        for (i, id) in groups.iter().enumerate() {
            let at = format!("permissionGroupIds[{i}]");
            let group = self.permission_groups.get(id);
            let product = group.and_then(|group| self.products.get(&group.product));
            let Some(product) = product.filter(|product| product.organization == organization_id) else {
                return Err(Problem::field(at, format!("The organization has no permission group {id}.")));
            };
            if products.contains(&product.id) {
                return Err(Problem::field(at, "At most one permission group per product."));
            }
            products.push(product.id.clone());
        }
        self.set_roles(
            call.now,
            &organization_id,
            &user_id,
            body.is_admin.value(),
            body.is_billing_manager.value(),
        )?;
        for group in groups {
            self.join_group(call.now, &user_id, group)?;
        }
        if body.remove_from_permission_groups_where_id_not_set == Some(true) {
            let left: Vec<ProductId> = self
                .products
                .of(&organization_id)
                .filter(|p| {
                    !products.contains(&p.id) && self.members.contains(&(p.id.clone(), user_id.clone()))
                })
                .map(|p| p.id.clone())
                .collect();
            for product in left {
                self.leave_product(call.now, &product, &user_id)?;
            }
        }
        Ok(())
    }

    // Assumed: a user who is removed from an organization loses all roles, and leaves all of its products.
    fn delete_from_organization(
        &mut self,
        call: &Call<'_>,
        organization_id: OrganizationId,
        user_id: UserId,
    ) -> Result<(), Problem> {
        self.organization(&organization_id)?;
        if !self.belongs(&user_id, &organization_id) {
            return Err(Problem::not_found());
        }
        self.check_last_admin(&organization_id, &user_id, "userId")?;
        self.organization_roles.remove(&(organization_id.clone(), user_id.clone()));
        let products: Vec<ProductId> = self.products.of(&organization_id).map(|p| p.id.clone()).collect();
        for product in products {
            if self.members.contains(&(product.clone(), user_id.clone())) {
                self.leave_product(call.now, &product, &user_id)?;
            }
        }
        let email = self.user(&user_id)?.person.email.clone();
        let ty = AuditLogType::OrganizationMemberRemoved;
        self.record(
            call.now,
            Event::of_organization(ty, &organization_id, &email, "Removed from the organization."),
        );
        Ok(())
    }

    fn delete_from_product(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        user_id: UserId,
    ) -> Result<(), Problem> {
        self.product(&product_id)?;
        self.leave_product(call.now, &product_id, &user_id)
    }
}
