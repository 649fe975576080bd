//! Members, for reading.

use crate::generated::members::Members;
use crate::http::call::Call;
use crate::problem::Problem;
use crate::state::State;
use configcat_management::models::{
    InviteMembers, Member, OrganizationAdmin, OrganizationId, OrganizationMembers, ProductId,
    UpdateMemberPermissions, User, UserId,
};

impl Members for State {
    fn list_for_organization_v1(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<Vec<User>, Problem> {
        self.organization(&organization_id)?;
        Ok(vec![User {
            user_id: Some(self.me.id.clone()),
            full_name: Some(self.me.full_name.clone()),
            email: Some(self.me.email.clone()),
            two_factor_enabled: false,
        }])
    }

    fn list_for_organization(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<OrganizationMembers, Problem> {
        self.organization(&organization_id)?;
        let admin = OrganizationAdmin {
            user_id: self.me.id.clone(),
            full_name: self.me.full_name.clone(),
            email: self.me.email.clone(),
            two_factor_enabled: false,
        };
        Ok(OrganizationMembers { admins: vec![admin], billing_managers: Vec::new(), members: Vec::new() })
    }

    fn list_for_product(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<Vec<Member>, Problem> {
        self.product(&product_id)?;
        let members = self.members.iter().filter(|m| m.product == product_id).map(|m| Member {
            user_id: Some(m.user.id.clone()),
            product_id: m.product.clone(),
            permission_group_id: m.group,
            full_name: Some(m.user.full_name.clone()),
            email: Some(m.user.email.clone()),
        });
        Ok(members.collect())
    }

    fn invite(&mut self, call: &Call<'_>, _: ProductId, _: InviteMembers) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn add_to_group(
        &mut self,
        call: &Call<'_>,
        _: OrganizationId,
        _: UserId,
        _: UpdateMemberPermissions,
    ) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete_from_organization(
        &mut self,
        call: &Call<'_>,
        _: OrganizationId,
        _: UserId,
    ) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete_from_product(&mut self, call: &Call<'_>, _: ProductId, _: UserId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}
