//! Organizations, their proxy profiles and audit logs.

use super::{Exporter, OWNER, Orders, pruned};
use crate::handlers::proxy_profiles;
use crate::seed::{
    AuditLogSeed, Body, OrganizationSeed, ProxyProfileSeed, SelectedSdkKeySeed, SigningKeysSeed,
};
use crate::state::entities::{AuditEntry, Organization, OrganizationRole, ProxyProfile};
use crate::state::lookup::sorted;
use configcat_management::models::{ConfigId, EnvironmentId};

impl Exporter<'_> {
    pub(super) fn organization(&self, organization: &Organization) -> OrganizationSeed {
        let people = |wanted: fn(&OrganizationRole) -> bool| {
            let roles = self.state.organization_roles.of(&organization.id).filter(|role| wanted(role));
            roles.filter_map(|role| Some(self.state.person(&role.user)?.email.clone())).collect::<Vec<_>>()
        };
        let admins = people(|role| role.admin);
        let mut seed = OrganizationSeed {
            organization_id: Some(organization.id.clone()),
            name: organization.name.clone(),
            owned: admins.iter().any(|email| email == OWNER),
            admins: admins.into_iter().filter(|email| email != OWNER).collect(),
            billing_managers: people(|role| role.billing_manager),
            members: people(|role| !role.admin && !role.billing_manager),
            ..OrganizationSeed::default()
        };
        let creator = seed.planter().cloned().unwrap_or_else(|| OWNER.into());
        let mut orders = Orders::default();
        let products = sorted(self.state.products.of(&organization.id), |product| product.place.created);
        seed.products = products.into_iter().map(|p| self.product(p, &creator, &mut orders)).collect();
        let profiles = sorted(self.state.proxy_profiles.of(&organization.id), |profile| profile.created);
        seed.proxy_profiles = profiles.into_iter().map(proxy_profile).collect();
        seed.audit_log = Some(self.state.audit.of(&organization.id).map(entry).collect());
        seed
    }
}

fn proxy_profile(profile: &ProxyProfile) -> ProxyProfileSeed {
    let selected = |pairs: &[(ConfigId, EnvironmentId)]| {
        let pairs = pairs.iter().map(|(config, environment)| SelectedSdkKeySeed {
            config_id: config.clone(),
            environment_id: environment.clone(),
        });
        pairs.collect()
    };
    let input = proxy_profiles::as_input(profile);
    // Without the nulls of the input, for readers.
    let input = serde_json::from_value(pruned(&input)).unwrap_or(input);
    ProxyProfileSeed {
        proxy_profile_id: Some(profile.id.clone()),
        secret: profile.secret.clone(),
        signing_keys: profile
            .webhook
            .as_ref()
            .map(|webhook| SigningKeysSeed { key1: webhook.key1.clone(), key2: webhook.key2.clone() }),
        last_accessed_at: profile.last_accessed,
        selected_sdk_keys: selected(&profile.selected),
        profile: Body(input),
    }
}

fn entry(entry: &AuditEntry) -> AuditLogSeed {
    AuditLogSeed {
        audit_log_id: Some(entry.id),
        audit_log_date_time: Some(entry.at),
        audit_log_type_enum: entry.ty.clone(),
        product_id: entry.product.clone(),
        config_id: entry.config.clone(),
        environment_id: entry.environment.clone(),
        r#where: entry.place.clone(),
        action_target: entry.target.clone(),
        details: entry.details.clone(),
        why: entry.why.clone(),
        user_email: Some(entry.user.email.clone()),
    }
}
