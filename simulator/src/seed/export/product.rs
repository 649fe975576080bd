//! Products with environments, tags, segments and integrations.

use super::{Exporter, Orders, people};
use crate::seed::{Body, EnvironmentSeed, IntegrationSeed, ProductSeed, SegmentSeed, TagSeed};
use crate::state::entities::{Environment, Integration, Product, Segment, Tag};
use crate::state::lookup::sorted;
use configcat_management::Field;
use configcat_management::models::{ConfigId, CreateSegment, CreateTag, ProductId};

impl Exporter<'_> {
    pub(super) fn product(&self, product: &Product, creator: &str, orders: &mut Orders) -> ProductSeed {
        let (state, id) = (self.state, &product.id);
        let mut below = Orders::default();
        let environments = sorted(state.environments.of(id), |environment| environment.place.created);
        let mut groups = state.permission_groups.of(id);
        let first = groups.next().map(people::first_group);
        let mut config_orders = Orders::default();
        let configs = sorted(state.configs.of(id), |config| config.place.created);
        ProductSeed {
            product_id: Some(id.clone()),
            name: product.name.clone(),
            description: product.description.clone(),
            order: orders.given(product.place),
            reason_required: product.reason_required,
            approve_required: product.approve_required,
            key_generation_mode: Some(product.key_generation.clone()),
            show_variation_id: product.show_variation_id,
            mandatory_setting_hint: product.mandatory_hint,
            environments: environments.into_iter().map(|e| environment(e, &mut below)).collect(),
            first_permission_group: first,
            permission_groups: groups.map(people::group).collect(),
            members: self.members(product, creator),
            invitations: sorted(state.invitations.of(id), |invitation| invitation.created)
                .into_iter()
                .map(|invitation| self.invitation(invitation))
                .collect(),
            tags: state.tags.of(id).map(tag).collect(),
            segments: state.segments_of(id).into_iter().map(segment).collect(),
            configs: configs.into_iter().map(|config| self.config(config, &mut config_orders)).collect(),
            integrations: sorted(state.integrations.of(id), |integration| integration.created)
                .into_iter()
                .map(|integration| self.integration(integration))
                .collect(),
        }
    }

    fn integration(&self, integration: &Integration) -> IntegrationSeed {
        let product = &integration.product;
        IntegrationSeed {
            integration_id: Some(integration.id.clone()),
            name: integration.name.clone(),
            integration_type: integration.ty.clone(),
            parameters: integration.parameters.clone(),
            environments: integration.environments.iter().map(|id| self.environment(product, id)).collect(),
            configs: integration.configs.iter().map(|id| self.config_name(product, id)).collect(),
        }
    }

    /// Returns the name of a config, or its identifier if the name is ambiguous.
    fn config_name(&self, product: &ProductId, id: &ConfigId) -> String {
        let Some(found) = self.state.configs.get(id) else { return id.to_string() };
        let mut others = self.state.configs.of(product).filter(|other| other.id != *id);
        if others.any(|other| other.name == found.name) { id.to_string() } else { found.name.clone() }
    }
}

fn environment(environment: &Environment, orders: &mut Orders) -> EnvironmentSeed {
    EnvironmentSeed {
        environment_id: Some(environment.id.clone()),
        name: environment.name.clone(),
        color: environment.color.clone(),
        description: environment.description.clone(),
        order: orders.given(environment.place),
        reason_required: environment.reason_required,
        approve_required: environment.approve_required,
    }
}

fn tag(tag: &Tag) -> TagSeed {
    let mut body = CreateTag::new(&*tag.name);
    body.color = tag.color.clone().map_or(Field::Absent, Field::Value);
    TagSeed { tag_id: Some(tag.id), tag: Body(body) }
}

fn segment(segment: &Segment) -> SegmentSeed {
    let mut body = CreateSegment::new(
        &*segment.name,
        &*segment.attribute,
        segment.comparator.clone(),
        &*segment.comparison,
    );
    body.description = segment.description.clone().map_or(Field::Absent, Field::Value);
    SegmentSeed {
        segment_id: Some(segment.id.clone()),
        created_at: Some(segment.created_at),
        creator_email: Some(segment.creator.email.clone()),
        updated_at: Some(segment.updated_at),
        last_updater_email: Some(segment.updater.email.clone()),
        segment: Body(body),
    }
}
