//! Plants products with environments, tags, segments and integrations.

use super::{At as _, Planter, check_uuid, checked};
use crate::problem::Problem;
use crate::rules;
use crate::seed::{EnvironmentSeed, IntegrationSeed, ProductSeed, SegmentSeed, TagSeed};
use crate::state::entities::Tag;
use configcat_management::models::{
    ConfigId, CreateEnvironment, CreateIntegration, CreateProduct, EnvironmentId, OrganizationId, ProductId,
};
use configcat_management::{Field, schema};

impl Planter<'_> {
    pub(super) fn product(
        &mut self,
        seed: &ProductSeed,
        organization: &OrganizationId,
    ) -> Result<(), Problem> {
        check_uuid("productId", seed.product_id.as_ref())?;
        let mut body = CreateProduct::new(&*seed.name);
        body.description = Field::from(seed.description.clone());
        body.order = Field::from(seed.order);
        let body = checked(&body, &schema::products::CREATE_PRODUCT)?;
        let id = self.state.create_product(self.now, organization, seed.product_id.clone(), body)?;
        for (i, environment) in seed.environments.iter().enumerate() {
            self.environment(environment, &id).at(|| format!("environments[{i}]"))?;
        }
        self.people(seed, &id)?;
        for (i, tag) in seed.tags.iter().enumerate() {
            self.tag(tag, &id).at(|| format!("tags[{i}]"))?;
        }
        for (i, segment) in seed.segments.iter().enumerate() {
            self.segment(segment, &id).at(|| format!("segments[{i}]"))?;
        }
        for (i, config) in seed.configs.iter().enumerate() {
            self.config(config, &id).at(|| format!("configs[{i}]"))?;
        }
        for (i, integration) in seed.integrations.iter().enumerate() {
            self.integration(integration, &id).at(|| format!("integrations[{i}]"))?;
        }
        self.preferences(seed, &id)?;
        // After the preferences, which decide about issues.
        let requests: Vec<_> = self.state.change_requests.of(&id).map(|request| request.id).collect();
        requests.into_iter().for_each(|request| self.state.review_change_request(self.now, request));
        Ok(())
    }

    fn people(&mut self, seed: &ProductSeed, product: &ProductId) -> Result<(), Problem> {
        if let Some(group) = &seed.first_permission_group {
            self.first_group(group, product).at(|| "firstPermissionGroup".into())?;
        }
        for (i, group) in seed.permission_groups.iter().enumerate() {
            self.group(group, product).at(|| format!("permissionGroups[{i}]"))?;
        }
        let mut seen = Vec::new();
        for (email, group) in &seed.members {
            let at = || format!("members.{email}");
            let user = self.person(email).at(at)?.id;
            if seen.contains(&user) {
                return Err(Problem::field(at(), "The user is named twice."));
            }
            self.member(&user, group.as_ref(), product).at(at)?;
            seen.push(user);
        }
        for (i, invitation) in seed.invitations.iter().enumerate() {
            self.invitation(invitation, product).at(|| format!("invitations[{i}]"))?;
        }
        Ok(())
    }

    /// Sets the preferences. This is last, because the rules about reasons, approvals and hints apply only to changes after
    /// the seed.
    fn preferences(&mut self, seed: &ProductSeed, id: &ProductId) -> Result<(), Problem> {
        let product = self.state.product_mut(id)?;
        product.reason_required = seed.reason_required;
        product.approve_required = seed.approve_required;
        product.show_variation_id = seed.show_variation_id;
        product.mandatory_hint = seed.mandatory_setting_hint;
        if let Some(mode) = &seed.key_generation_mode {
            product.key_generation = mode.clone();
        }
        let planted: Vec<EnvironmentId> =
            self.state.environments_of(id).iter().map(|e| e.id.clone()).collect();
        for environment in &seed.environments {
            let at = match &environment.environment_id {
                Some(id) => id.clone(),
                None => self.named_environment(id, &environment.name)?,
            };
            if planted.contains(&at) {
                let row = self.state.environment_mut(&at)?;
                row.reason_required = environment.reason_required;
                row.approve_required = environment.approve_required;
            }
        }
        Ok(())
    }

    fn environment(&mut self, seed: &EnvironmentSeed, product: &ProductId) -> Result<(), Problem> {
        check_uuid("environmentId", seed.environment_id.as_ref())?;
        let mut body = CreateEnvironment::new(&*seed.name);
        body.color = Field::from(seed.color.clone());
        body.description = Field::from(seed.description.clone());
        body.order = Field::from(seed.order);
        let body = checked(&body, &schema::environments::CREATE_ENVIRONMENT)?;
        self.state.create_environment(self.now, product, seed.environment_id.clone(), body).map(drop)
    }

    /// Returns the environment of a product with a name or an identifier.
    pub(super) fn named_environment(
        &self,
        product: &ProductId,
        name: &str,
    ) -> Result<EnvironmentId, Problem> {
        let all = || self.state.environments.of(product);
        let mut named = all().filter(|environment| environment.name == name);
        let found = named.next().or_else(|| all().find(|environment| environment.id.as_str() == name));
        let problem = |message: String| Problem::field("environment", message);
        let found = found.ok_or_else(|| problem(format!("The product has no environment {name}.")))?;
        if named.next().is_some() {
            return Err(problem(format!("Several environments are named {name}: use an environmentId.")));
        }
        Ok(found.id.clone())
    }

    /// As [`Self::named_environment`], and rejects an environment that is named twice: by its name and its identifier.
    pub(super) fn environment_once(
        &self,
        product: &ProductId,
        name: &str,
        seen: &mut Vec<EnvironmentId>,
    ) -> Result<EnvironmentId, Problem> {
        let environment = self.named_environment(product, name)?;
        if seen.contains(&environment) {
            return Err(Problem::field("", "The environment is named twice."));
        }
        seen.push(environment.clone());
        Ok(environment)
    }

    fn named_config(&self, product: &ProductId, name: &str) -> Result<ConfigId, Problem> {
        let all = || self.state.configs.of(product);
        let mut named = all().filter(|config| config.name == name);
        let found = named.next().or_else(|| all().find(|config| config.id.as_str() == name));
        let problem = |message: String| Problem::field("config", message);
        let found = found.ok_or_else(|| problem(format!("The product has no config {name}.")))?;
        if named.next().is_some() {
            return Err(problem(format!("Several configs are named {name}: use a configId.")));
        }
        Ok(found.id.clone())
    }

    fn tag(&mut self, seed: &TagSeed, product: &ProductId) -> Result<(), Problem> {
        let body = checked(&seed.tag.0, &schema::tags::CREATE_TAG)?;
        rules::named("name", &body.name)?;
        if let Some(id) = seed.tag_id {
            self.state.ids.reserve("tagId", id.get())?;
        }
        let id = seed.tag_id.unwrap_or_else(|| self.state.ids.tag());
        if self.state.tags.contains(&id) {
            return Err(Problem::field("tagId", "It already exists."));
        }
        self.state.tags.insert(Tag::new(id, product.clone(), body));
        Ok(())
    }

    fn segment(&mut self, seed: &SegmentSeed, product: &ProductId) -> Result<(), Problem> {
        check_uuid("segmentId", seed.segment_id.as_ref())?;
        let body = checked(&seed.segment.0, &schema::segments::CREATE_SEGMENT)?;
        let id = self.state.create_segment(self.now, product, seed.segment_id.clone(), body)?;
        let creator = self.person_or_me("creatorEmail", seed.creator_email.as_ref())?;
        let updater = match &seed.last_updater_email {
            None => creator.clone(),
            Some(email) => self.person(email).at(|| "lastUpdaterEmail".into())?,
        };
        let created_at = seed.created_at.unwrap_or(self.now);
        if let Some(segment) = self.state.segments.get_mut(&id) {
            (segment.creator, segment.updater) = (creator, updater);
            segment.created_at = created_at;
            segment.updated_at = seed.updated_at.unwrap_or(created_at);
        }
        Ok(())
    }

    fn integration(&mut self, seed: &IntegrationSeed, product: &ProductId) -> Result<(), Problem> {
        check_uuid("integrationId", seed.integration_id.as_ref())?;
        let environments = seed
            .environments
            .iter()
            .map(|name| self.named_environment(product, name))
            .collect::<Result<Vec<_>, _>>()?;
        let configs = seed
            .configs
            .iter()
            .map(|name| self.named_config(product, name))
            .collect::<Result<Vec<_>, _>>()?;
        let body = CreateIntegration::new(
            seed.integration_type.clone(),
            &*seed.name,
            seed.parameters.clone(),
            environments,
            configs,
        );
        let body = checked(&body, &schema::integrations::CREATE_INTEGRATION)?;
        self.state.create_integration(self.now, product, seed.integration_id.clone(), body).map(drop)
    }
}
