//! Pending invitations.

use crate::call::Call;
use crate::generated::invitations::Invitations;
use crate::problem::Problem;
use crate::state::entities::Invitation;
use crate::state::lookup::sorted;
use crate::state::{Event, State};
use configcat_management::construct;
use configcat_management::models::{self, AuditLogType, InvitationId, OrganizationId, ProductId};

impl Invitations for State {
    // Documented: `expired` tells whether an invitation has expired.
    // Assumed: expired invitations stay in the lists.
    fn list_for_product(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
    ) -> Result<Vec<models::Invitation>, Problem> {
        self.product(&product_id)?;
        let pending = sorted(self.invitations.of(&product_id), |i| i.created).into_iter();
        Ok(pending
            .map(|i| {
                construct::InvitationFields {
                    invitation_id: i.id.clone(),
                    email: Some(i.email.clone()),
                    permission_group_id: i.group,
                    created_at: i.created_at,
                    expired: i.expires <= call.now,
                }
                .into()
            })
            .collect())
    }

    // Assumed: invitations are listed in the order in which they were created.
    fn list_for_organization(
        &mut self,
        call: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<Vec<models::OrganizationInvitation>, Problem> {
        self.organization(&organization_id)?;
        let all = self.products.of(&organization_id).flat_map(|product| self.invitations.of(&product.id));
        let pending: Vec<&Invitation> = sorted(all, |i| i.created);
        Ok(pending
            .into_iter()
            .map(|i| {
                construct::OrganizationInvitationFields {
                    invitation_id: i.id.clone(),
                    email: Some(i.email.clone()),
                    product_id: i.product.clone(),
                    product_name: self.products.get(&i.product).map(|product| product.name.clone()),
                    permission_group_id: i.group,
                    created_at: i.created_at,
                    expired: i.expires <= call.now,
                    expires: i.expires,
                }
                .into()
            })
            .collect())
    }

    fn delete(&mut self, call: &Call<'_>, invitation_id: InvitationId) -> Result<(), Problem> {
        let invitation = self.invitations.remove(&invitation_id).ok_or_else(Problem::not_found)?;
        let ty = AuditLogType::TeamMemberInvitationRevoked;
        self.record(call.now, Event::new(ty, &invitation.product, &invitation.email, "Invitation revoked."));
        Ok(())
    }
}
