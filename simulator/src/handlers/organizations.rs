//! Organizations.

use crate::assumed::plan;
use crate::call::Call;
use crate::generated::organizations::Organizations;
use crate::problem::Problem;
use crate::state::State;
use crate::state::lookup::sorted;
use configcat_management::construct;
use configcat_management::models::{Organization, OrganizationId, OrganizationLimitations};

impl Organizations for State {
    // Documented: the organizations that the user belongs to are listed.
    // Assumed: a user belongs to an organization through a role in it or as a member of one of its products.
    fn list(&mut self, _: &Call<'_>) -> Result<Vec<Organization>, Problem> {
        let visible = self.organizations.values().filter(|o| self.belongs(&self.me.id, &o.id));
        Ok(sorted(visible, |o| o.created).into_iter().map(Self::view_organization).collect())
    }

    // Assumed: the limits are the same for every organization.
    fn get_limitations(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
    ) -> Result<OrganizationLimitations, Problem> {
        self.organization(&organization_id)?;
        let limits = Self::limitations();
        Ok(construct::OrganizationLimitationsFields {
            max_percentage_option_count: limits.max_percentage_option_count,
            max_targeting_rule_count: limits.max_targeting_rule_count,
            max_comparison_value_length: limits.max_comparison_value_length,
            max_comparison_value_list_length: limits.max_comparison_value_list_length,
            max_comparison_value_list_item_length: limits.max_comparison_value_list_item_length,
            max_string_flag_value_length: limits.max_string_flag_value_length,
            max_condition_per_targeting_rule_count: limits.max_condition_per_targeting_rule_count,
            max_predefined_variations: plan::PREDEFINED_VARIATIONS,
        }
        .into())
    }
}
