//! Permission groups.

use crate::assumed;
use crate::call::Call;
use crate::generated::permission_groups::PermissionGroups;
use crate::problem::Problem;
use crate::rules;
use crate::state::entities::{EnvironmentRight, PermissionGroup, Rights};
use crate::state::{Event, State};
use configcat_management::Timestamp;
use configcat_management::models::{
    self, AccessType, ApprovalPermissionType, AuditLogType, CreatePermissionGroup, EnvironmentAccessInput,
    EnvironmentApprovalPermissionInput, EnvironmentId, PermissionGroupId, ProductId, UpdatePermissionGroup,
};

/// Checks that a group with the right to delete also has the right to create and update.
fn check_rights(rights: &Rights) -> Result<(), Problem> {
    for (delete, change, field, needed) in [
        (
            rights.can_delete_config,
            rights.can_create_or_update_config,
            "canDeleteConfig",
            "canCreateOrUpdateConfig",
        ),
        (
            rights.can_delete_environment,
            rights.can_create_or_update_environment,
            "canDeleteEnvironment",
            "canCreateOrUpdateEnvironment",
        ),
        (
            rights.can_delete_setting,
            rights.can_create_or_update_setting,
            "canDeleteSetting",
            "canCreateOrUpdateSetting",
        ),
        (rights.can_delete_tag, rights.can_create_or_update_tag, "canDeleteTag", "canCreateOrUpdateTag"),
        (
            rights.can_delete_segments,
            rights.can_create_or_update_segments,
            "canDeleteSegments",
            "canCreateOrUpdateSegments",
        ),
    ] {
        if delete && !change {
            return Err(Problem::field(field, format!("This permission requires {needed}.")));
        }
    }
    Ok(())
}

impl State {
    /// Creates a permission group.
    pub(crate) fn create_permission_group(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        id: Option<PermissionGroupId>,
        input: CreatePermissionGroup,
    ) -> Result<PermissionGroupId, Problem> {
        self.product(product)?;
        self.check_group_name(product, None, &input.name)?;
        let rights = Rights::of_new(&input);
        check_rights(&rights)?;
        if id.is_some_and(|id| self.permission_groups.contains(&id)) {
            return Err(Problem::field("permissionGroupId", "It already exists."));
        }
        if let Some(id) = id {
            self.ids.reserve("permissionGroupId", id.get())?;
        }
        let id = id.unwrap_or_else(|| self.ids.permission_group());
        let mut group = PermissionGroup {
            id,
            product: product.clone(),
            name: input.name,
            rights,
            access: input.access_type.unwrap_or(assumed::GROUP_ACCESS),
            new_access: input.new_environment_access_type.unwrap_or(assumed::GROUP_ENVIRONMENT_ACCESS),
            approval: input.approval_permission_type.unwrap_or(assumed::GROUP_APPROVAL),
            new_approval: input
                .new_environment_approval_permission_type
                .unwrap_or(models::EnvironmentApprovalPermissionType::CannotApprove),
            environments: Vec::new(),
        };
        self.settle_environments(&mut group);
        self.grant_accesses(&mut group, input.environment_accesses.value())?;
        self.grant_approvals(&mut group, input.environment_approval_permissions.value())?;
        let name = group.name.clone();
        self.permission_groups.insert(group);
        self.record(
            now,
            Event::new(AuditLogType::PermissionGroupCreated, product, &name, "Permission group created."),
        );
        Ok(id)
    }

    fn check_group_name(
        &self,
        product: &ProductId,
        id: Option<PermissionGroupId>,
        name: &str,
    ) -> Result<(), Problem> {
        rules::named("name", name)?;
        let same = self.permission_groups.find(&(product.clone(), name.to_owned()));
        let others = same.filter(|group| Some(group.id) != id);
        rules::unique("name", name, others.map(|group| group.name.as_str()))
    }

    /// Adds the missing environments to a group, with the group's defaults for new environments.
    fn settle_environments(&self, group: &mut PermissionGroup) {
        for environment in self.environments_of(&group.product) {
            if !group.environments.iter().any(|right| right.environment == environment.id) {
                group.environments.push(EnvironmentRight {
                    environment: environment.id.clone(),
                    access: group.new_access.clone(),
                    approval: group.new_approval.clone(),
                });
            }
        }
    }

    /// Adds a new environment to every group of a product, with the group's defaults for new environments.
    pub(crate) fn settle_in_groups(&mut self, product: &ProductId, environment: &EnvironmentId) {
        let groups: Vec<PermissionGroupId> =
            self.permission_groups.of(product).map(|group| group.id).collect();
        for id in groups {
            if let Some(group) = self.permission_groups.get_mut(&id) {
                let right = EnvironmentRight {
                    environment: environment.clone(),
                    access: group.new_access.clone(),
                    approval: group.new_approval.clone(),
                };
                group.environments.push(right);
            }
        }
    }

    fn grant_accesses(
        &self,
        group: &mut PermissionGroup,
        inputs: Option<Vec<EnvironmentAccessInput>>,
    ) -> Result<(), Problem> {
        let inputs = inputs.unwrap_or_default();
        if !inputs.is_empty() && group.access != AccessType::Custom {
            return Err(Problem::field("environmentAccesses", "They are for access type custom only."));
        }
        for (i, input) in inputs.into_iter().enumerate() {
            let at = format!("environmentAccesses[{i}].environmentId");
            let right = right_for(group, input.environment_id.as_ref(), at)?;
            if let Some(access) = input.environment_access_type {
                right.access = access;
            }
        }
        Ok(())
    }

    fn grant_approvals(
        &self,
        group: &mut PermissionGroup,
        inputs: Option<Vec<EnvironmentApprovalPermissionInput>>,
    ) -> Result<(), Problem> {
        let inputs = inputs.unwrap_or_default();
        if !inputs.is_empty() && group.approval != ApprovalPermissionType::Custom {
            let message = "They are for approval permission type custom only.";
            return Err(Problem::field("environmentApprovalPermissions", message));
        }
        for (i, input) in inputs.into_iter().enumerate() {
            let at = format!("environmentApprovalPermissions[{i}].environmentId");
            let right = right_for(group, input.environment_id.as_ref(), at)?;
            if let Some(approval) = input.environment_approval_permission_type {
                right.approval = approval;
            }
        }
        Ok(())
    }
}

fn right_for<'a>(
    group: &'a mut PermissionGroup,
    environment: Option<&EnvironmentId>,
    at: String,
) -> Result<&'a mut EnvironmentRight, Problem> {
    let right = group.environments.iter_mut().find(|right| Some(&right.environment) == environment);
    right.ok_or_else(|| Problem::field(at, "The product has no such environment."))
}

impl PermissionGroups for State {
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<models::PermissionGroup>, Problem> {
        self.product(&product_id)?;
        self.permission_groups.of(&product_id).map(|group| self.view_group(group)).collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: CreatePermissionGroup,
    ) -> Result<models::PermissionGroup, Problem> {
        let id = self.create_permission_group(call.now, &product_id, None, body)?;
        self.view_group(self.permission_group(id)?)
    }

    fn get(
        &mut self,
        _: &Call<'_>,
        permission_group_id: PermissionGroupId,
    ) -> Result<models::PermissionGroup, Problem> {
        self.view_group(self.permission_group(permission_group_id)?)
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        permission_group_id: PermissionGroupId,
        body: UpdatePermissionGroup,
    ) -> Result<models::PermissionGroup, Problem> {
        let mut group = self.permission_group(permission_group_id)?.clone();
        if let Some(name) = body.name.as_ref().value() {
            self.check_group_name(&group.product, Some(group.id), name)?;
        }
        group.rights.update(&body);
        check_rights(&group.rights)?;
        rules::keep(&mut group.name, body.name);
        rules::keep(&mut group.access, body.access_type);
        rules::keep(&mut group.new_access, body.new_environment_access_type);
        rules::keep(&mut group.approval, body.approval_permission_type);
        rules::keep(&mut group.new_approval, body.new_environment_approval_permission_type);
        self.settle_environments(&mut group);
        self.grant_accesses(&mut group, body.environment_accesses.value())?;
        self.grant_approvals(&mut group, body.environment_approval_permissions.value())?;
        let (product, name) = (group.product.clone(), group.name.clone());
        self.permission_groups.insert(group);
        self.record(
            call.now,
            Event::new(AuditLogType::PermissionGroupChanged, &product, &name, "Permission group changed."),
        );
        self.view_group(self.permission_group(permission_group_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, permission_group_id: PermissionGroupId) -> Result<(), Problem> {
        let group = self.permission_group(permission_group_id)?;
        let (product, name) = (group.product.clone(), group.name.clone());
        if self.members.of(&product).any(|member| member.group == permission_group_id) {
            return Err(Problem::field("permissionGroupId", "The group has members."));
        }
        if self.permission_groups.of(&product).count() == 1 {
            return Err(Problem::field("permissionGroupId", "A product keeps at least one group."));
        }
        let invitations: Vec<_> = self
            .invitations
            .of(&product)
            .filter(|invitation| invitation.group == permission_group_id)
            .map(|invitation| invitation.id.clone())
            .collect();
        for id in invitations {
            self.invitations.remove(&id);
        }
        self.permission_groups.remove(&permission_group_id);
        self.record(
            call.now,
            Event::new(AuditLogType::PermissionGroupDeleted, &product, &name, "Permission group deleted."),
        );
        Ok(())
    }
}
