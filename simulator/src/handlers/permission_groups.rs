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
    EnvironmentAccessType, EnvironmentApprovalPermissionInput, EnvironmentApprovalPermissionType,
    EnvironmentId, PermissionGroupId, ProductId, UpdatePermissionGroup,
};

/// Checks that a group with the right to delete also has the right to create and update.
///
/// Documented: a permission to delete requires the permission to create and update; otherwise the group is refused with 400.
/// Observed (infrastructure provider): the text about a missing permission contains `CanDeleteConfig is not allowed without`.
fn check_rights(rights: &Rights) -> Result<(), Problem> {
    for (delete, change, what) in [
        (rights.can_delete_config, rights.can_create_or_update_config, "Config"),
        (rights.can_delete_environment, rights.can_create_or_update_environment, "Environment"),
        (rights.can_delete_setting, rights.can_create_or_update_setting, "Setting"),
        (rights.can_delete_tag, rights.can_create_or_update_tag, "Tag"),
        (rights.can_delete_segments, rights.can_create_or_update_segments, "Segments"),
    ] {
        if delete && !change {
            let message = format!("CanDelete{what} is not allowed without CanCreateOrUpdate{what}.");
            return Err(Problem::property(format!("canDelete{what}"), message));
        }
    }
    Ok(())
}

impl State {
    /// Creates a permission group.
    ///
    /// Observed (infrastructure provider): names need not be unique in a product.
    pub(crate) fn create_permission_group(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        id: Option<PermissionGroupId>,
        input: CreatePermissionGroup,
    ) -> Result<PermissionGroupId, Problem> {
        self.product(product)?;
        rules::named("name", &input.name)?;
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
                .unwrap_or(EnvironmentApprovalPermissionType::CannotApprove),
            environments: self
                .environments_of(product)
                .into_iter()
                .map(|environment| EnvironmentRight::none(environment.id.clone()))
                .collect(),
        };
        self.set_accesses(&mut group, input.environment_accesses.value())?;
        self.set_approvals(&mut group, input.environment_approval_permissions.value())?;
        let name = group.name.clone();
        self.permission_groups.insert(group);
        self.record(
            now,
            Event::new(AuditLogType::PermissionGroupCreated, product, &name, "Permission group created."),
        );
        Ok(id)
    }

    /// Changes a permission group.
    pub(crate) fn change_permission_group(
        &mut self,
        now: Timestamp,
        id: PermissionGroupId,
        body: UpdatePermissionGroup,
    ) -> Result<(), Problem> {
        let mut group = self.permission_group(id)?.clone();
        if let Some(name) = body.name.as_ref().value() {
            rules::named("name", name)?;
        }
        group.rights.update(&body);
        check_rights(&group.rights)?;
        rules::keep(&mut group.name, body.name);
        rules::keep(&mut group.access, body.access_type);
        rules::keep(&mut group.new_access, body.new_environment_access_type);
        rules::keep(&mut group.approval, body.approval_permission_type);
        rules::keep(&mut group.new_approval, body.new_environment_approval_permission_type);
        self.set_accesses(&mut group, body.environment_accesses.value())?;
        self.set_approvals(&mut group, body.environment_approval_permissions.value())?;
        let (product, name) = (group.product.clone(), group.name.clone());
        self.permission_groups.insert(group);
        self.record(
            now,
            Event::new(AuditLogType::PermissionGroupChanged, &product, &name, "Permission group changed."),
        );
        Ok(())
    }

    /// Adds a new environment to every group of a product.
    ///
    /// Documented: `newEnvironmentAccessType` is the access of a custom group to environments that are created later.
    pub(crate) fn settle_in_groups(&mut self, product: &ProductId, environment: &EnvironmentId) {
        let groups: Vec<PermissionGroupId> =
            self.permission_groups.of(product).map(|group| group.id).collect();
        for id in groups {
            if let Some(group) = self.permission_groups.get_mut(&id) {
                let mut right = EnvironmentRight::none(environment.clone());
                if group.access == AccessType::Custom {
                    right.access = group.new_access.clone();
                }
                if group.approval == ApprovalPermissionType::Custom {
                    right.approval = group.new_approval.clone();
                }
                group.environments.push(right);
            }
        }
    }

    /// Replaces the accesses of a group to single environments. `None` leaves those of a custom group unchanged.
    ///
    /// Observed (infrastructure provider): environments that a request does not name are not accessible to a custom group.
    /// Documented: `environmentAccesses` belong to the access type `custom`.
    /// Assumed: with another access type, any access but `none` is refused with 400.
    fn set_accesses(
        &self,
        group: &mut PermissionGroup,
        inputs: Option<Vec<EnvironmentAccessInput>>,
    ) -> Result<(), Problem> {
        let custom = group.access == AccessType::Custom;
        if custom && inputs.is_none() {
            return Ok(());
        }
        for right in &mut group.environments {
            right.access = EnvironmentAccessType::None;
        }
        for (i, input) in inputs.unwrap_or_default().into_iter().enumerate() {
            let at = format!("environmentAccesses[{i}].environmentId");
            let right = right_for(group, input.environment_id.as_ref(), at)?;
            right.access = input.environment_access_type.unwrap_or(EnvironmentAccessType::None);
            if !custom && right.access != EnvironmentAccessType::None {
                return Err(Problem::field("environmentAccesses", "They are for access type custom only."));
            }
        }
        Ok(())
    }

    /// Replaces the approval permissions of a group in single environments, as [`Self::set_accesses`].
    ///
    /// Assumed: the same rules apply to approval permissions as to accesses.
    fn set_approvals(
        &self,
        group: &mut PermissionGroup,
        inputs: Option<Vec<EnvironmentApprovalPermissionInput>>,
    ) -> Result<(), Problem> {
        let custom = group.approval == ApprovalPermissionType::Custom;
        if custom && inputs.is_none() {
            return Ok(());
        }
        let none = EnvironmentApprovalPermissionType::CannotApprove;
        for right in &mut group.environments {
            right.approval = none.clone();
        }
        for (i, input) in inputs.unwrap_or_default().into_iter().enumerate() {
            let at = format!("environmentApprovalPermissions[{i}].environmentId");
            let right = right_for(group, input.environment_id.as_ref(), at)?;
            right.approval = input.environment_approval_permission_type.unwrap_or_else(|| none.clone());
            if !custom && right.approval != none {
                let message = "They are for approval permission type custom only.";
                return Err(Problem::field("environmentApprovalPermissions", message));
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
    // Assumed: an environment of another product is refused with 400.
    let right = group.environments.iter_mut().find(|right| Some(&right.environment) == environment);
    right.ok_or_else(|| Problem::field(at, "The product has no such environment."))
}

// Observed (infrastructure provider): a group whose access is not custom lists no accesses to environments.
// Assumed: a group whose approval permission is not custom lists no approval permissions in environments.
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
        self.change_permission_group(call.now, permission_group_id, body)?;
        self.view_group(self.permission_group(permission_group_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, permission_group_id: PermissionGroupId) -> Result<(), Problem> {
        let group = self.permission_group(permission_group_id)?;
        let (product, name) = (group.product.clone(), group.name.clone());
        // Assumed: a group with members and the last group of a product cannot be deleted (400).
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
