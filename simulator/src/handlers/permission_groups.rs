//! Permission groups, for reading.

use crate::generated::permission_groups::PermissionGroups;
use crate::http::call::Call;
use crate::problem::Problem;
use crate::state::State;
use configcat_management::models::{
    CreatePermissionGroup, PermissionGroup, PermissionGroupId, ProductId, UpdatePermissionGroup,
};

impl PermissionGroups for State {
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<PermissionGroup>, Problem> {
        self.product(&product_id)?;
        self.permission_groups
            .values()
            .filter(|g| g.product == product_id)
            .map(|g| self.view_group(g))
            .collect()
    }

    fn get(
        &mut self,
        _: &Call<'_>,
        permission_group_id: PermissionGroupId,
    ) -> Result<PermissionGroup, Problem> {
        let group = self.permission_groups.get(&permission_group_id).ok_or_else(Problem::not_found)?;
        self.view_group(group)
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        _: ProductId,
        _: CreatePermissionGroup,
    ) -> Result<PermissionGroup, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        _: PermissionGroupId,
        _: UpdatePermissionGroup,
    ) -> Result<PermissionGroup, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(&mut self, call: &Call<'_>, _: PermissionGroupId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}
