//! Members of products and organizations.

use crate::assumed;
use crate::generated::members::Members;
use crate::http::call::Call;
use crate::problem::Problem;
use crate::state::entities::{Invitation, OrganizationRole, User};
use crate::state::{Event, State, clock, ids};
use configcat_management::Timestamp;
use configcat_management::models::{
    self, AuditLogType, InvitationId, InviteMembers, Member, OrganizationAdmin, OrganizationId,
    OrganizationMember, OrganizationMembers, OrganizationPermission, OrganizationPermissionGroup,
    OrganizationProduct, PermissionGroupId, ProductId, UpdateMemberPermissions, UserId,
};

const MICROS_PER_DAY: i64 = 86_400_000_000;

impl State {
    /// People of an organization whom the caller sees: all for an administrator; else the administrators, and the
    /// members of products whose members the caller manages.
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

    fn permissions_of(&self, user: &UserId, organization: &OrganizationId) -> Vec<OrganizationPermission> {
        let products = self.products_of(organization).into_iter();
        products
            .filter_map(|product| {
                let group = self.group_of(user, &product.id)?;
                Some(OrganizationPermission {
                    product: OrganizationProduct {
                        product_id: product.id.clone(),
                        name: product.name.clone(),
                    },
                    permission_group: OrganizationPermissionGroup {
                        permission_group_id: group.id,
                        name: group.name.clone(),
                    },
                })
            })
            .collect()
    }

    /// An organization keeps an administrator.
    fn check_last_admin(
        &self,
        organization: &OrganizationId,
        user: &UserId,
        field: &str,
    ) -> Result<(), Problem> {
        let mut others = self.organization_roles.of(organization).filter(|r| r.admin && r.user != *user);
        if self.administers(user, organization) && others.next().is_none() {
            return Err(Problem::field(field, "The last administrator of the organization stays one."));
        }
        Ok(())
    }

    /// Whoever may not see a product any more owns none of its change requests.
    fn release_change_requests(&mut self, now: Timestamp, product: &ProductId, user: &UserId) {
        if self.products.get(product).is_some_and(|p| self.administers(user, &p.organization)) {
            return;
        }
        let owned: Vec<_> = self
            .change_requests
            .of(product)
            .filter(|request| {
                request.is_open() && request.owner.as_ref().is_some_and(|owner| owner.id == *user)
            })
            .map(|request| request.id)
            .collect();
        for id in owned {
            if let Some(request) = self.change_requests.get_mut(&id) {
                request.owner = None;
            }
            self.review_change_request(now, id);
        }
    }

    pub(crate) fn join_group(
        &mut self,
        now: Timestamp,
        user: &UserId,
        group: PermissionGroupId,
    ) -> Result<(), Problem> {
        let group = self.permission_group(group)?;
        let (product, id, name) = (group.product.clone(), group.id, group.name.clone());
        let place = (product.clone(), user.clone());
        let before = self.members.get(&place).map(|member| member.group);
        if before == Some(id) {
            return Ok(());
        }
        let ty = if before.is_some() {
            AuditLogType::TeamMemberPermissionGroupChanged
        } else {
            AuditLogType::TeamMemberAddedToProduct
        };
        self.members.insert(crate::state::entities::Member {
            product: product.clone(),
            user: user.clone(),
            group: id,
        });
        let email = self.user(user)?.person.email.clone();
        self.record(now, Event::new(ty, &product, &email, format!("In group {name}.")));
        Ok(())
    }

    fn leave_product(&mut self, now: Timestamp, product: &ProductId, user: &UserId) -> Result<(), Problem> {
        self.members.remove(&(product.clone(), user.clone())).ok_or_else(Problem::not_found)?;
        let email = self.user(user)?.person.email.clone();
        self.record(
            now,
            Event::new(AuditLogType::TeamMemberRemoved, product, &email, "Removed from the product."),
        );
        self.release_change_requests(now, product, user);
        Ok(())
    }

    /// Somebody follows an invitation: they get an account if they have none, and their place in the product.
    pub(crate) fn accept_invitation(
        &mut self,
        now: Timestamp,
        id: &InvitationId,
        full_name: Option<String>,
    ) -> Result<UserId, Problem> {
        let invitation = self.invitations.get(id).ok_or_else(Problem::not_found)?.clone();
        if invitation.expires <= now {
            return Err(Problem::field("invitationId", "The invitation has expired."));
        }
        let known =
            self.users.values().find(|user| user.person.email.eq_ignore_ascii_case(&invitation.email));
        let user = known.map(|user| user.person.id.clone()).unwrap_or_else(|| {
            let name = full_name.unwrap_or_else(|| invitation.email.clone());
            self.create_user(None, &invitation.email, &name)
        });
        self.members.insert(crate::state::entities::Member {
            product: invitation.product.clone(),
            user: user.clone(),
            group: invitation.group,
        });
        self.invitations.remove(id);
        if let Some(person) = self.person(&user).cloned() {
            self.me = person;
        }
        let event = Event::new(
            AuditLogType::TeamMemberJoined,
            &invitation.product,
            &invitation.email,
            "Accepted the invitation.",
        );
        self.record(now, event);
        Ok(user)
    }

    /// Adds a person.
    pub(crate) fn create_user(&mut self, id: Option<UserId>, email: &str, full_name: &str) -> UserId {
        let id = id.unwrap_or_else(|| UserId::new(ids::uuid()));
        let person = crate::state::entities::Person {
            id: id.clone(),
            email: email.to_owned(),
            full_name: full_name.to_owned(),
        };
        self.users.insert(User { person, two_factor: false });
        id
    }
}

impl Members for State {
    fn list_for_organization_v1(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<Vec<models::User>, Problem> {
        self.organization(&organization_id)?;
        let users = self.people_of(&organization_id).into_iter().map(|user| models::User {
            user_id: Some(user.person.id.clone()),
            full_name: Some(user.person.full_name.clone()),
            email: Some(user.person.email.clone()),
            two_factor_enabled: user.two_factor,
        });
        Ok(users.collect())
    }

    fn list_for_organization(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<OrganizationMembers, Problem> {
        self.organization(&organization_id)?;
        let people = self.people_of(&organization_id);
        let role =
            |user: &User| self.organization_roles.get(&(organization_id.clone(), user.person.id.clone()));
        let officer = |user: &&User| OrganizationAdmin {
            user_id: user.person.id.clone(),
            full_name: user.person.full_name.clone(),
            email: user.person.email.clone(),
            two_factor_enabled: user.two_factor,
        };
        let admins = people.iter().filter(|user| role(user).is_some_and(|r| r.admin)).map(officer);
        let billing = people.iter().filter(|user| role(user).is_some_and(|r| r.billing_manager)).map(officer);
        let members = people.iter().filter_map(|user| {
            let permissions = self.permissions_of(&user.person.id, &organization_id);
            assumed::is_listed_as_member(role(user).is_some(), !permissions.is_empty()).then(|| {
                OrganizationMember {
                    user_id: user.person.id.clone(),
                    full_name: user.person.full_name.clone(),
                    email: user.person.email.clone(),
                    two_factor_enabled: user.two_factor,
                    permissions,
                }
            })
        });
        Ok(OrganizationMembers {
            admins: admins.collect(),
            billing_managers: billing.collect(),
            members: members.collect(),
        })
    }

    fn list_for_product(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<Member>, Problem> {
        self.product(&product_id)?;
        let members = self.members.of(&product_id).filter_map(|member| {
            let person = self.person(&member.user)?;
            Some(Member {
                user_id: Some(person.id.clone()),
                product_id: member.product.clone(),
                permission_group_id: member.group,
                full_name: Some(person.full_name.clone()),
                email: Some(person.email.clone()),
            })
        });
        Ok(members.collect())
    }

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
                return Err(Problem::field(at, "A member is in one group per product."));
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

impl State {
    fn invite_one(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        group: PermissionGroupId,
        email: String,
        at: &str,
    ) -> Result<(), Problem> {
        let email = email.trim().to_owned();
        let well_formed =
            email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if !well_formed || email.contains(char::is_whitespace) {
            return Err(Problem::field(at, format!("'{email}' is not an e-mail address.")));
        }
        let same = |other: &str| other.eq_ignore_ascii_case(&email);
        let member = self.members.of(product).any(|m| self.person(&m.user).is_some_and(|p| same(&p.email)));
        if member {
            return Err(Problem::field(at, format!("'{email}' is a member of the product already.")));
        }
        // Inviting again renews the invitation.
        let pending = self.invitations.of(product).find(|i| same(&i.email)).map(|i| i.id.clone());
        let ty = if pending.is_some() {
            AuditLogType::TeamMemberInvitationResent
        } else {
            AuditLogType::TeamMemberInvited
        };
        let invitation = Invitation {
            id: pending.unwrap_or_else(|| InvitationId::new(ids::uuid())),
            product: product.clone(),
            group,
            email: email.clone(),
            created: self.ids.created(),
            created_at: now,
            expires: clock::later(now, assumed::INVITATION_DAYS * MICROS_PER_DAY),
        };
        self.invitations.insert(invitation);
        self.record(now, Event::new(ty, product, &email, "Invited."));
        Ok(())
    }

    /// Makes somebody an administrator or billing manager of an organization, or takes that away.
    pub(crate) fn set_roles(
        &mut self,
        now: Timestamp,
        organization: &OrganizationId,
        user: &UserId,
        admin: Option<bool>,
        billing_manager: Option<bool>,
    ) -> Result<(), Problem> {
        if admin == Some(false) {
            self.check_last_admin(organization, user, "isAdmin")?;
        }
        let before = self.organization_roles.get(&(organization.clone(), user.clone())).cloned();
        let mut role = before.clone().unwrap_or_else(|| OrganizationRole {
            organization: organization.clone(),
            user: user.clone(),
            admin: false,
            billing_manager: false,
        });
        role.admin = admin.unwrap_or(role.admin);
        role.billing_manager = billing_manager.unwrap_or(role.billing_manager);
        let roles = (role.admin, role.billing_manager);
        if before.as_ref().is_some_and(|b| (b.admin, b.billing_manager) == roles)
            || (before.is_none() && roles == (false, false))
        {
            return Ok(());
        }
        if roles == (false, false)
            && self.products.of(organization).any(|p| self.members.contains(&(p.id.clone(), user.clone())))
        {
            self.organization_roles.remove(&(organization.clone(), user.clone()));
        } else {
            self.organization_roles.insert(role);
        }
        let email = self.user(user)?.person.email.clone();
        let ty = AuditLogType::OrganizationAdminChanged;
        self.record(now, Event::of_organization(ty, organization, &email, "Roles changed."));
        Ok(())
    }
}
