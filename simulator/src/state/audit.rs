//! Writes and reads the audit log.

use super::State;
use super::entities::{AuditEntry, Environment};
use configcat_management::Timestamp;
use configcat_management::construct;
use configcat_management::models::{
    AuditLogEntry, AuditLogType, ConfigId, EnvironmentId, OrganizationId, ProductId,
};

/// An event to record in the audit log.
#[derive(Debug)]
pub struct Event<'a> {
    /// Type of the event.
    pub ty: AuditLogType,
    /// Organization, if the event has no product.
    pub organization: Option<&'a OrganizationId>,
    /// Product, if any.
    pub product: Option<&'a ProductId>,
    /// Config, if any.
    pub config: Option<&'a ConfigId>,
    /// Environment, if any.
    pub environment: Option<&'a EnvironmentId>,
    /// Name of the entity that was affected.
    pub target: String,
    /// Details of the change.
    pub details: String,
    /// Reason for the change, if stated.
    pub why: Option<String>,
}

impl<'a> Event<'a> {
    /// Creates an event of a product.
    #[must_use]
    pub fn new(ty: AuditLogType, product: &'a ProductId, target: &str, details: impl Into<String>) -> Self {
        Self {
            ty,
            organization: None,
            product: Some(product),
            config: None,
            environment: None,
            target: target.into(),
            details: details.into(),
            why: None,
        }
    }

    /// Creates an event of an organization.
    #[must_use]
    pub fn of_organization(
        ty: AuditLogType,
        organization: &'a OrganizationId,
        target: &str,
        details: impl Into<String>,
    ) -> Self {
        Self {
            ty,
            organization: Some(organization),
            product: None,
            config: None,
            environment: None,
            target: target.into(),
            details: details.into(),
            why: None,
        }
    }

    /// Sets the config of the event.
    #[must_use]
    pub const fn config(mut self, config: &'a ConfigId) -> Self {
        self.config = Some(config);
        self
    }

    /// Sets the environment of the event.
    #[must_use]
    pub const fn environment(mut self, environment: &'a EnvironmentId) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Sets the reason for the change.
    #[must_use]
    pub fn why(mut self, why: Option<String>) -> Self {
        self.why = why;
        self
    }
}

/// Filter for audit log entries.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) organization: OrganizationId,
    pub(crate) product: Option<ProductId>,
    pub(crate) config: Option<ConfigId>,
    pub(crate) environment: Option<EnvironmentId>,
    pub(crate) ty: Option<AuditLogType>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

impl Filter {
    fn shows(&self, entry: &AuditEntry) -> bool {
        fn same<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
            wanted.is_none_or(|wanted| Some(wanted) == found)
        }
        same(self.product.as_ref(), entry.product.as_ref())
            && same(self.config.as_ref(), entry.config.as_ref())
            && same(self.environment.as_ref(), entry.environment.as_ref())
            && same(self.ty.as_ref(), Some(&entry.ty))
            && self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at <= to)
    }
}

impl State {
    /// Writes an entry. An event whose product no longer exists is dropped, unless the event names an organization.
    // Documented: every change writes an entry of the matching type.
    // Assumed: the texts of `details`, `where` and `auditLogType` are worded by us.
    // Assumed: the entries of a deleted product stay in the audit log of the organization.
    pub(crate) fn record(&mut self, at: Timestamp, event: Event<'_>) {
        let product = event.product.and_then(|id| self.products.get(id));
        let Some(organization) = product.map(|p| &p.organization).or(event.organization).cloned() else {
            return;
        };
        let root = product
            .map(|p| p.name.clone())
            .or_else(|| self.organizations.get(&organization).map(|organization| organization.name.clone()));
        let config = event.config.and_then(|id| self.configs.get(id)).map(|c| c.name.clone());
        let environment: Option<String> =
            event.environment.and_then(|id| self.environments.get(id)).map(|e: &Environment| e.name.clone());
        let path: Vec<String> = [root, config, environment].into_iter().flatten().collect();
        let entry = AuditEntry {
            id: self.ids.audit_entry(),
            at,
            ty: event.ty,
            organization,
            product: event.product.cloned(),
            config: event.config.cloned(),
            environment: event.environment.cloned(),
            place: path.join(" / "),
            target: event.target,
            details: event.details,
            why: event.why.filter(|why| !why.is_empty()),
            user: self.me.clone(),
        };
        self.audit.insert(entry);
    }

    /// Returns the entries that match a filter, newest first.
    // Assumed: entries are listed newest first.
    pub(crate) fn audit_entries(&self, filter: &Filter) -> Vec<AuditLogEntry> {
        let entries = self.audit.of(&filter.organization);
        entries.rev().filter(|entry| filter.shows(entry)).map(view).collect()
    }
}

fn view(entry: &AuditEntry) -> AuditLogEntry {
    construct::AuditLogEntryFields {
        audit_log_id: entry.id,
        audit_log_date_time: entry.at,
        audit_log_type: words(entry.ty.as_str()),
        audit_log_type_enum: entry.ty.clone(),
        truncated: false,
        model_version: 1,
        user_email: Some(entry.user.email.clone()),
        user_name: entry.user.full_name.clone(),
        r#where: entry.place.clone(),
        why: entry.why.clone(),
        action_target: entry.target.clone(),
        details: entry.details.clone(),
    }
    .into()
}

/// Converts a camel-case name to words: `settingValueChanged` becomes `Setting value changed`.
fn words(camel: &str) -> String {
    let mut out = String::new();
    for c in camel.chars() {
        if out.is_empty() {
            out.extend(c.to_uppercase());
        } else if c.is_uppercase() {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}
