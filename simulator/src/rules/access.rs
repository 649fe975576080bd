//! Visibility and access rights. A resource that the caller cannot see is reported as not found, so that its existence
//! is not revealed.

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

/// Entities that a request refers to.
#[derive(Debug, Default)]
struct Scope {
    organization: Option<OrganizationId>,
    product: Option<ProductId>,
    environment: Option<EnvironmentId>,
}

/// Returns the problem for an operation whose right is not in the spec, or whose path has an unknown parameter.
// Assumed: an operation whose right is unknown is refused with 403.
fn undecided() -> Problem {
    Problem::forbidden("This operation has no right that could be checked.")
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

impl State {
    /// Returns whether a user administers an organization.
    pub(crate) fn administers(&self, user: &UserId, organization: &OrganizationId) -> bool {
        self.organization_roles.get(&(organization.clone(), user.clone())).is_some_and(|role| role.admin)
    }

    /// Returns whether the caller administers an organization.
    pub(crate) fn is_admin(&self, organization: &OrganizationId) -> bool {
        self.administers(&self.me.id, organization)
    }

    /// Returns whether a user belongs to an organization, by a role or as a member of one of its products.
    pub(crate) fn belongs(&self, user: &UserId, organization: &OrganizationId) -> bool {
        self.organization_roles.contains(&(organization.clone(), user.clone()))
            || self.products.of(organization).any(|p| self.members.contains(&(p.id.clone(), user.clone())))
    }

    /// Returns the permission group of a user in a product.
    pub(crate) fn group_of(&self, user: &UserId, product: &ProductId) -> Option<&PermissionGroup> {
        let member = self.members.get(&(product.clone(), user.clone()))?;
        self.permission_groups.get(&member.group)
    }

    fn admin_of(&self, user: &UserId, product: &ProductId) -> bool {
        self.products.get(product).is_some_and(|p| self.administers(user, &p.organization))
    }

    /// Returns whether the caller sees a product.
    pub(crate) fn sees(&self, product: &ProductId) -> bool {
        self.admin_of(&self.me.id, product) || self.members.contains(&(product.clone(), self.me.id.clone()))
    }

    /// Reports a product that is named in a request body as not found if the caller does not see it.
    // Assumed: a product of a config in the body that the caller does not see is reported with 404.
    pub(crate) fn check_sees(&self, product: &ProductId) -> Result<(), Problem> {
        if self.sees(product) { Ok(()) } else { Err(Problem::not_found()) }
    }

    /// Returns the caller's rights in a product; `None` if the caller is neither an administrator nor a member.
    // Assumed: administrators of the organization may do everything in it, whatever their permission group
    // allows.
    pub(crate) fn rights(&self, product: &ProductId) -> Option<Rights> {
        if self.admin_of(&self.me.id, product) {
            return Some(Rights::ALL);
        }
        self.group_of(&self.me.id, product).map(|group| group.rights)
    }

    /// Returns the caller's access to an environment.
    pub(crate) fn access(&self, environment: &Environment) -> EnvironmentAccessType {
        self.access_of(&self.me.id, environment)
    }

    /// Returns a user's access to an environment.
    pub(crate) fn access_of(&self, user: &UserId, environment: &Environment) -> EnvironmentAccessType {
        if self.admin_of(user, &environment.product) {
            return EnvironmentAccessType::Full;
        }
        let Some(group) = self.group_of(user, &environment.product) else {
            return EnvironmentAccessType::None;
        };
        group_access(group, &environment.id)
    }

    /// Returns whether the caller may change values in an environment.
    pub(crate) fn writes(&self, environment: &Environment) -> bool {
        self.access(environment) == EnvironmentAccessType::Full
    }

    /// Returns a user's approval permission in an environment.
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

    /// Returns whether the caller may make changes without an approval where one is required.
    pub(crate) fn can_bypass(&self, environment: &Environment) -> bool {
        self.approval_of(&self.me.id, environment) == EnvironmentApprovalPermissionType::CanBypassApproval
    }

    /// Returns the environments of a product that the caller sees, in list order.
    pub(crate) fn visible_environments(&self, product: &ProductId) -> Vec<&Environment> {
        let mut environments = self.environments_of(product);
        environments.retain(|e| self.access(e) != EnvironmentAccessType::None);
        environments
    }

    /// Checks that the caller sees the entities of a request, and has the right that the operation requires.
    // Documented: what the caller does not see is reported with 404, what the caller may not do with 403.
    // Assumed: an environment to which the caller has no access is not visible.
    // Assumed: rights are checked before the fields of the request.
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

    // Assumed: an operation for administrators of the organization is refused with 403 to its other members.
    fn check_admin(&self, organization: &OrganizationId) -> Result<(), Problem> {
        if self.is_admin(organization) {
            return Ok(());
        }
        Err(Problem::forbidden("Only administrators of the organization may do this."))
    }

    /// Resolves the identifiers in the path, or the SDK key. The handler reports unknown ones.
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

/// Returns the access of a group to an environment.
// Documented: access `full` and `readOnly` apply to every environment, `custom` access is set for each.
pub(crate) fn group_access(group: &PermissionGroup, environment: &EnvironmentId) -> EnvironmentAccessType {
    match group.access {
        AccessType::Full => EnvironmentAccessType::Full,
        AccessType::ReadOnly => EnvironmentAccessType::ReadOnly,
        _ => {
            let right = group.environments.iter().find(|right| right.environment == *environment);
            right.map_or(EnvironmentAccessType::None, |right| right.access.clone())
        }
    }
}

/// Returns the approval permission of a group in an environment.
// Documented: an approval permission applies to every environment, unless it is `custom`; then it is set for
// each.
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
            right.map_or(E::CannotApprove, |right| right.approval.clone())
        }
    }
}
