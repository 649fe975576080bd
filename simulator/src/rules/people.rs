//! Memberships and roles: invitations, joining, changing groups, granting roles, removal.

use crate::assumed;
use crate::problem::Problem;
use crate::state::entities::{Invitation, Member, OrganizationRole, Person, User};
use crate::state::{Event, State, clock, ids};
use configcat_management::Timestamp;
use configcat_management::models::{
    AuditLogType, InvitationId, OrganizationId, PermissionGroupId, ProductId, UserId,
};

impl State {
    /// Checks that the organization keeps an administrator when `user` loses that role.
    // Assumed: the last administrator of an organization cannot lose the role or be removed; this is refused
    // with 400.
    pub(crate) fn check_last_admin(
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

    /// Removes a user from the ownership of a product's open change requests, unless the user still sees the
    /// product as an administrator.
    // Assumed: the open change requests of a user who leaves a product have no owner then.
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

    // Documented: adding a member of a product to another of its permission groups moves the member.
    pub(crate) fn join_group(
        &mut self,
        now: Timestamp,
        user: &UserId,
        group: PermissionGroupId,
    ) -> Result<(), Problem> {
        let group = self.permission_group(group)?;
        let (product, id, name) = (group.product.clone(), group.id, group.name.clone());
        let key = (product.clone(), user.clone());
        let before = self.members.get(&key).map(|member| member.group);
        if before == Some(id) {
            return Ok(());
        }
        let ty = if before.is_some() {
            AuditLogType::TeamMemberPermissionGroupChanged
        } else {
            AuditLogType::TeamMemberAddedToProduct
        };
        self.members.insert(Member { product: product.clone(), user: user.clone(), group: id });
        let email = self.user(user)?.person.email.clone();
        self.record(now, Event::new(ty, &product, &email, format!("In group {name}.")));
        Ok(())
    }

    // Assumed: a user who leaves the last product of an organization, and has no role in it, no longer
    // belongs to it.
    pub(crate) fn leave_product(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        user: &UserId,
    ) -> Result<(), Problem> {
        self.members.remove(&(product.clone(), user.clone())).ok_or_else(Problem::not_found)?;
        let email = self.user(user)?.person.email.clone();
        self.record(
            now,
            Event::new(AuditLogType::TeamMemberRemoved, product, &email, "Removed from the product."),
        );
        self.release_change_requests(now, product, user);
        Ok(())
    }

    /// Accepts an invitation: creates an account for the e-mail address if there is none, and adds the user to the
    /// product.
    // Assumed: an expired invitation cannot be accepted.
    // Assumed: a user who accepts an invitation is in its permission group, also if the user was in another
    // one.
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
        let known = self.by_email(&invitation.email).map(|person| person.id.clone());
        let user = known.unwrap_or_else(|| {
            let name = full_name.unwrap_or_else(|| invitation.email.clone());
            self.create_user(None, &invitation.email, &name)
        });
        self.members.insert(Member {
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

    /// Adds a user, with a random identifier if `id` is `None`.
    pub(crate) fn create_user(&mut self, id: Option<UserId>, email: &str, full_name: &str) -> UserId {
        let id = id.unwrap_or_else(|| UserId::new(ids::uuid()));
        let person = Person { id: id.clone(), email: email.to_owned(), full_name: full_name.to_owned() };
        self.users.insert(User { person, two_factor: false });
        id
    }

    // Assumed: an address without a name, an `@` and a host is refused with 400.
    // Assumed: the address of a member of the product is refused with 400; case does not matter.
    // Assumed: inviting an address again renews its invitation.
    pub(crate) fn invite_one(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        group: PermissionGroupId,
        email: String,
        at: &str,
    ) -> Result<(), Problem> {
        let email = email.trim().to_owned();
        check_email(at, &email)?;
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
            expires: clock::later(now, assumed::INVITATION_DAYS * clock::MICROS_PER_DAY),
        };
        self.invitations.insert(invitation);
        self.record(now, Event::new(ty, product, &email, "Invited."));
        Ok(())
    }

    /// Grants or revokes the administrator and billing manager roles of a user in an organization. `None` leaves a role
    /// unchanged.
    // Assumed: a user who loses all roles and is in no product stays in the organization.
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

/// Rejects what is not an e-mail address.
///
/// Assumed: an address has a name, an `@`, a host and no whitespace; anything else is refused with 400.
pub(crate) fn check_email(field: &str, email: &str) -> Result<(), Problem> {
    let well_formed = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if well_formed && !email.contains(char::is_whitespace) {
        return Ok(());
    }
    Err(Problem::field(field, format!("'{email}' is not an e-mail address.")))
}
