//! Who sees what, and who may do what. Nobody learns that a thing is there that is not visible to them.

use super::requirement::Requirement;
use crate::call::Call;
use crate::generated::rights::{PathId, path_id, requirement};
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::{Environment, PermissionGroup, Rights};
use configcat_management::models::{
    AccessType, ApprovalPermissionType, ChangeRequestId, ConfigId, EnvironmentAccessType,
    EnvironmentApprovalPermissionType, EnvironmentId, OrganizationId, ProductId, UserId,
};
use std::str::FromStr;

/// What a request is about.
#[derive(Debug, Default)]
struct Scope {
    organization: Option<OrganizationId>,
    product: Option<ProductId>,
    environment: Option<EnvironmentId>,
}

/// Refuses an operation for which the spec states no right, or whose path has an unknown parameter.
fn undecided() -> Problem {
    Problem::forbidden("This operation has no right that could be checked.")
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

impl State {
    /// Whether somebody administers an organization.
    pub(crate) fn administers(&self, user: &UserId, organization: &OrganizationId) -> bool {
        self.organization_roles.get(&(organization.clone(), user.clone())).is_some_and(|role| role.admin)
    }

    /// Whether the caller administers an organization.
    pub(crate) fn is_admin(&self, organization: &OrganizationId) -> bool {
        self.administers(&self.me.id, organization)
    }

    /// Whether somebody belongs to an organization, by a role or by a place in one of its products.
    pub(crate) fn belongs(&self, user: &UserId, organization: &OrganizationId) -> bool {
        self.organization_roles.contains(&(organization.clone(), user.clone()))
            || self.products.of(organization).any(|p| self.members.contains(&(p.id.clone(), user.clone())))
    }

    /// The group that somebody is in.
    pub(crate) fn group_of(&self, user: &UserId, product: &ProductId) -> Option<&PermissionGroup> {
        let member = self.members.get(&(product.clone(), user.clone()))?;
        self.permission_groups.get(&member.group)
    }

    fn admin_of(&self, user: &UserId, product: &ProductId) -> bool {
        self.products.get(product).is_some_and(|p| self.administers(user, &p.organization))
    }

    /// Whether the caller sees a product.
    pub(crate) fn sees(&self, product: &ProductId) -> bool {
        self.admin_of(&self.me.id, product) || self.members.contains(&(product.clone(), self.me.id.clone()))
    }

    /// A product that is named in a body is there only for those who see it.
    pub(crate) fn check_sees(&self, product: &ProductId) -> Result<(), Problem> {
        if self.sees(product) { Ok(()) } else { Err(Problem::not_found()) }
    }

    /// What the caller may do in a product.
    pub(crate) fn rights(&self, product: &ProductId) -> Option<Rights> {
        if self.admin_of(&self.me.id, product) {
            return Some(Rights::ALL);
        }
        self.group_of(&self.me.id, product).map(|group| group.rights)
    }

    /// The caller's access to an environment.
    pub(crate) fn access(&self, environment: &Environment) -> EnvironmentAccessType {
        self.access_of(&self.me.id, environment)
    }

    /// Somebody's access to an environment.
    pub(crate) fn access_of(&self, user: &UserId, environment: &Environment) -> EnvironmentAccessType {
        if self.admin_of(user, &environment.product) {
            return EnvironmentAccessType::Full;
        }
        let Some(group) = self.group_of(user, &environment.product) else {
            return EnvironmentAccessType::None;
        };
        group_access(group, &environment.id)
    }

    /// Whether the caller may change values in an environment.
    pub(crate) fn writes(&self, environment: &Environment) -> bool {
        self.access(environment) == EnvironmentAccessType::Full
    }

    /// What somebody may do about approvals in an environment.
    pub(crate) fn approval_of(
        &self,
        user: &UserId,
        environment: &Environment,
    ) -> EnvironmentApprovalPermissionType {
        if self.admin_of(user, &environment.product) {
            return EnvironmentApprovalPermissionType::CanBypassApproval;
        }
        let Some(group) = self.group_of(user, &environment.product) else {
            return EnvironmentApprovalPermissionType::CannotApprove;
        };
        group_approval(group, &environment.id)
    }

    /// Whether the caller may make changes without an approval where one is asked for.
    pub(crate) fn can_bypass(&self, environment: &Environment) -> bool {
        self.approval_of(&self.me.id, environment) == EnvironmentApprovalPermissionType::CanBypassApproval
    }

    /// Environments of a product that the caller sees, in the order of lists.
    pub(crate) fn visible_environments(&self, product: &ProductId) -> Vec<&Environment> {
        let mut environments = self.environments_of(product);
        environments.retain(|e| self.access(e) != EnvironmentAccessType::None);
        environments
    }

    /// Checks that the caller sees what a request is about, and may do what it asks for.
    pub(crate) fn authorize(&self, call: &Call<'_>) -> Result<(), Problem> {
        let scope = self.scope(call)?;
        let requirement = requirement(call.operation.id).ok_or_else(undecided)?;
        if let Some(organization) = &scope.organization {
            if self.organizations.contains(organization) && !self.belongs(&self.me.id, organization) {
                return Err(Problem::not_found());
            }
            if matches!(requirement, Requirement::Admin) && self.organizations.contains(organization) {
                return self.check_admin(organization);
            }
        }
        let Some(product) = &scope.product else { return Ok(()) };
        self.check_sees(product)?;
        let environment = scope.environment.as_ref().and_then(|id| self.environments.get(id));
        if environment.is_some_and(|e| self.access(e) == EnvironmentAccessType::None) {
            return Err(Problem::not_found());
        }
        match requirement {
            Requirement::View => Ok(()),
            Requirement::Admin => self.check_admin(&self.product(product)?.organization),
            Requirement::Permission(name, granted) => {
                if self.rights(product).is_some_and(|rights| granted(&rights)) {
                    Ok(())
                } else {
                    Err(Problem::forbidden(format!("Your group lacks the permission {name}.")))
                }
            }
            Requirement::Write if environment.is_none_or(|e| self.writes(e)) => Ok(()),
            Requirement::Write => Err(Problem::forbidden("Your group may only read in this environment.")),
        }
    }

    fn check_admin(&self, organization: &OrganizationId) -> Result<(), Problem> {
        if self.is_admin(organization) {
            return Ok(());
        }
        Err(Problem::forbidden("Only administrators of the organization may do this."))
    }

    /// What the identifiers in the path, or the SDK key, belong to. Unknown ones are for the handler to report.
    fn scope(&self, call: &Call<'_>) -> Result<Scope, Problem> {
        let mut scope = Scope::default();
        for (parameter, text) in call.operation.path_parameters().zip(&call.path) {
            if let Some(id) = path_id(parameter.wire).ok_or_else(undecided)? {
                self.widen(&mut scope, id, text);
            }
        }
        if let Ok((config, environment)) = self.by_sdk_key(call.sdk_key)
            && call.operation.resource.ends_with("by_sdk_key")
        {
            scope.product = self.configs.get(&config).map(|c| c.product.clone());
            scope.environment = Some(environment);
        }
        Ok(scope)
    }

    fn widen(&self, scope: &mut Scope, id: PathId, text: &str) {
        let config_product = |id: &ConfigId| self.configs.get(id).map(|c| c.product.clone());
        let product = match id {
            PathId::Organization => {
                scope.organization = parsed(text);
                None
            }
            PathId::ProxyProfile => {
                scope.organization =
                    parsed(text).and_then(|id| self.proxy_profiles.get(&id)).map(|p| p.organization.clone());
                None
            }
            PathId::Product => parsed(text).filter(|id| self.products.contains(id)),
            PathId::Config => parsed(text).and_then(|id| config_product(&id)),
            PathId::Environment => {
                scope.environment = parsed(text);
                scope.environment.as_ref().and_then(|id| self.environments.get(id)).map(|e| e.product.clone())
            }
            PathId::Setting => {
                parsed(text).and_then(|id| self.settings.get(&id)).and_then(|s| config_product(&s.config))
            }
            PathId::Tag => parsed(text).and_then(|id| self.tags.get(&id)).map(|t| t.product.clone()),
            PathId::Segment => parsed(text).and_then(|id| self.segments.get(&id)).map(|s| s.product.clone()),
            PathId::PermissionGroup => {
                parsed(text).and_then(|id| self.permission_groups.get(&id)).map(|g| g.product.clone())
            }
            PathId::Integration => {
                parsed(text).and_then(|id| self.integrations.get(&id)).map(|i| i.product.clone())
            }
            PathId::Invitation => {
                parsed(text).and_then(|id| self.invitations.get(&id)).map(|i| i.product.clone())
            }
            PathId::Webhook => parsed(text).and_then(|id| self.webhooks.get(&id)).map(|webhook| {
                scope.environment = Some(webhook.environment.clone());
                webhook.product.clone()
            }),
            PathId::ChangeRequest => self.widen_to_change_request(scope, parsed(text)),
            PathId::ChangeRequestComment => {
                let request = parsed(text).and_then(|id| self.commented(id));
                self.widen_to_change_request(scope, request)
            }
        };
        scope.product = product.or_else(|| scope.product.take());
    }

    fn widen_to_change_request(&self, scope: &mut Scope, id: Option<ChangeRequestId>) -> Option<ProductId> {
        let request = self.change_requests.get(&id?)?;
        scope.environment = Some(request.environment.clone());
        Some(request.product.clone())
    }
}

/// What a group says of access to an environment.
pub(crate) fn group_access(group: &PermissionGroup, environment: &EnvironmentId) -> EnvironmentAccessType {
    match group.access {
        AccessType::Full => EnvironmentAccessType::Full,
        AccessType::ReadOnly => EnvironmentAccessType::ReadOnly,
        _ => {
            let right = group.environments.iter().find(|right| right.environment == *environment);
            right.map_or_else(|| group.new_access.clone(), |right| right.access.clone())
        }
    }
}

/// What a group says of approvals in an environment.
pub(crate) fn group_approval(
    group: &PermissionGroup,
    environment: &EnvironmentId,
) -> EnvironmentApprovalPermissionType {
    use EnvironmentApprovalPermissionType as E;
    match group.approval {
        ApprovalPermissionType::CannotApprove => E::CannotApprove,
        ApprovalPermissionType::CanApproveOthers => E::CanApproveOthers,
        ApprovalPermissionType::CanBypassApproval => E::CanBypassApproval,
        _ => {
            let right = group.environments.iter().find(|right| right.environment == *environment);
            right.map_or_else(|| group.new_approval.clone(), |right| right.approval.clone())
        }
    }
}
