//! Plants organizations, their proxy profiles and audit logs.

use super::{At as _, Planter, check_uuid, checked};
use crate::problem::Problem;
use crate::rules;
use crate::seed::{AuditLogSeed, OrganizationSeed, ProxyProfileSeed, SelectedSdkKeySeed};
use crate::state::entities::{AuditEntry, Organization, OrganizationRole, Person};
use crate::state::ids;
use configcat_management::models::{ConfigId, EnvironmentId, OrganizationId, ProxyProfileId};
use configcat_management::schema;

impl Planter<'_> {
    pub(super) fn organization(&mut self, seed: &OrganizationSeed, owner: &Person) -> Result<(), Problem> {
        let id = seed.organization_id.clone().unwrap_or_else(|| OrganizationId::new(ids::uuid()));
        check_uuid("organizationId", seed.organization_id.as_ref())?;
        rules::named("name", &seed.name)?;
        if self.state.organizations.contains(&id) {
            return Err(Problem::field("organizationId", format!("{id} already exists.")));
        }
        let created = self.state.ids.created();
        self.state.organizations.insert(Organization { id: id.clone(), name: seed.name.clone(), created });
        self.roles(seed, &id, owner)?;
        self.state.me = match seed.planter() {
            Some(email) => self.person(email)?,
            None => owner.clone(),
        };
        for (i, product) in seed.products.iter().enumerate() {
            self.product(product, &id).at(|| format!("products[{i}]"))?;
        }
        for (i, profile) in seed.proxy_profiles.iter().enumerate() {
            self.proxy_profile(profile, &id).at(|| format!("proxyProfiles[{i}]"))?;
        }
        if let Some(entries) = &seed.audit_log {
            self.audit_log(entries, &id)?;
        }
        self.state.me = owner.clone();
        Ok(())
    }

    fn roles(
        &mut self,
        seed: &OrganizationSeed,
        organization: &OrganizationId,
        owner: &Person,
    ) -> Result<(), Problem> {
        if seed.owned {
            self.state.set_roles(self.now, organization, &owner.id, Some(true), None)?;
        }
        for (i, email) in seed.admins.iter().enumerate() {
            let person = self.person(email).at(|| format!("admins[{i}]"))?;
            self.state.set_roles(self.now, organization, &person.id, Some(true), None)?;
        }
        for (i, email) in seed.billing_managers.iter().enumerate() {
            let person = self.person(email).at(|| format!("billingManagers[{i}]"))?;
            self.state.set_roles(self.now, organization, &person.id, None, Some(true))?;
        }
        for (i, email) in seed.members.iter().enumerate() {
            let user = self.person(email).at(|| format!("members[{i}]"))?.id;
            if self.state.organization_roles.contains(&(organization.clone(), user.clone())) {
                return Err(Problem::field(format!("members[{i}]"), format!("{email} has a role.")));
            }
            self.state.organization_roles.insert(OrganizationRole {
                organization: organization.clone(),
                user,
                admin: false,
                billing_manager: false,
            });
        }
        Ok(())
    }

    fn proxy_profile(
        &mut self,
        seed: &ProxyProfileSeed,
        organization: &OrganizationId,
    ) -> Result<(), Problem> {
        check_uuid("proxyProfileId", seed.proxy_profile_id.as_ref())?;
        let body = checked(&seed.profile.0, &schema::proxy_profiles::PROXY_PROFILE_INPUT)?;
        let id = seed.proxy_profile_id.clone().unwrap_or_else(|| ProxyProfileId::new(ids::uuid()));
        self.state.create_proxy_profile(self.now, organization, id.clone(), body)?;
        let selected = self.selected(&seed.selected_sdk_keys, organization)?;
        if seed.secret.as_ref().is_some_and(String::is_empty) {
            return Err(Problem::field("secret", "It must not be empty."));
        }
        let profile = self.state.proxy_profile_mut(&id)?;
        profile.secret.clone_from(&seed.secret);
        profile.last_accessed = seed.last_accessed_at;
        profile.selected = selected;
        if let Some(keys) = &seed.signing_keys {
            let Some(webhook) = &mut profile.webhook else {
                return Err(Problem::field("signingKeys", "The profile has no webhook notification."));
            };
            webhook.key1.clone_from(&keys.key1);
            webhook.key2.clone_from(&keys.key2);
        }
        Ok(())
    }

    fn selected(
        &self,
        seeds: &[SelectedSdkKeySeed],
        organization: &OrganizationId,
    ) -> Result<Vec<(ConfigId, EnvironmentId)>, Problem> {
        let mut pairs = Vec::new();
        for (i, seed) in seeds.iter().enumerate() {
            let refused = |message: &str| Err(Problem::field(format!("selectedSdkKeys[{i}]"), message));
            let product =
                self.state.pair(&seed.config_id, &seed.environment_id).map(|(config, _)| &config.product);
            let product = product.ok().and_then(|id| self.state.products.get(id));
            if product.is_none_or(|product| product.organization != *organization) {
                return refused("The organization has no such config and environment.");
            }
            let pair = (seed.config_id.clone(), seed.environment_id.clone());
            if pairs.contains(&pair) {
                return refused("It is selected twice.");
            }
            pairs.push(pair);
        }
        Ok(pairs)
    }

    /// Replaces the entries about the planted entities.
    fn audit_log(&mut self, seeds: &[AuditLogSeed], organization: &OrganizationId) -> Result<(), Problem> {
        let planted: Vec<i64> = self.state.audit.of(organization).map(|entry| entry.id).collect();
        planted.iter().for_each(|id| drop(self.state.audit.remove(id)));
        for (i, seed) in seeds.iter().enumerate() {
            let at = |field: &str| format!("auditLog[{i}].{field}");
            let id = seed.audit_log_id.unwrap_or_else(|| self.state.ids.audit_entry());
            if self.state.audit.contains(&id) {
                return Err(Problem::field(at("auditLogId"), "It already exists."));
            }
            let user =
                self.person_or_me("userEmail", seed.user_email.as_ref()).at(|| format!("auditLog[{i}]"))?;
            self.state.audit.insert(AuditEntry {
                id,
                at: seed.audit_log_date_time.unwrap_or(self.now),
                ty: seed.audit_log_type_enum.clone(),
                organization: organization.clone(),
                product: seed.product_id.clone(),
                config: seed.config_id.clone(),
                environment: seed.environment_id.clone(),
                place: seed.r#where.clone(),
                target: seed.action_target.clone(),
                details: seed.details.clone(),
                why: seed.why.clone(),
                user,
            });
        }
        Ok(())
    }
}

impl OrganizationSeed {
    /// Returns the e-mail address of the user who creates the products: the first administrator if the owner of the
    /// simulator does not administer the organization.
    pub(in crate::seed) fn planter(&self) -> Option<&String> {
        self.admins.first().filter(|_| !self.owned)
    }
}
