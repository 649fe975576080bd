//! Links from flags to cards, issues and items in other systems.

use crate::assumed;
use crate::call::Call;
use crate::generated::integration_links::IntegrationLinks;
use crate::generated::jira::Jira;
use crate::problem::Problem;
use crate::state::entities::{Content, IntegrationLink, JiraConnection};
use crate::state::{Event, State};
use configcat_management::construct;
use configcat_management::models::{
    self, AddOrUpdateIntegrationLink, AddOrUpdateJiraIntegrationLink, AuditLogType, ConnectJira,
    DeletedIntegrationLink, EnvironmentAccessType, EnvironmentId, IntegrationLinkDetails,
    IntegrationLinkType, SettingId,
};
use configcat_management::{Field, Timestamp};

/// The parts of a link that a request may change.
#[derive(Default)]
struct LinkInput {
    description: Field<String>,
    url: Field<String>,
}

impl State {
    // Assumed: a link that exists is updated; fields that are absent or null stay as they are.
    // Assumed: a link type that the OpenAPI document does not list is refused with 400.
    fn link(
        &mut self,
        now: Timestamp,
        (environment, setting): (&EnvironmentId, SettingId),
        ty: IntegrationLinkType,
        key: String,
        input: LinkInput,
    ) -> Result<models::IntegrationLink, Problem> {
        let (flag, config, _) = self.flag_in(environment, setting)?;
        let (product, config, target) = (config.product.clone(), config.id.clone(), flag.key.clone());
        if matches!(ty, IntegrationLinkType::Unknown(_)) {
            return Err(Problem::field("integrationLinkType", format!("'{ty}' is not known.")));
        }
        let link_key = (setting, environment.clone(), ty.as_str().to_owned(), key.clone());
        let mut link = self.integration_links.get(&link_key).cloned().unwrap_or_else(|| IntegrationLink {
            environment: environment.clone(),
            setting,
            ty,
            key,
            description: None,
            url: None,
        });
        crate::rules::keep_optional(&mut link.description, input.description);
        crate::rules::keep_optional(&mut link.url, input.url);
        let seen = Self::view_link(&link);
        let details = format!("Linked to {} {}.", link.ty, link.key);
        self.integration_links.insert(link);
        let event = Event::new(AuditLogType::IntegrationLinkAdded, &product, &target, details);
        self.record(now, event.config(&config).environment(environment));
        Ok(seen)
    }
}

impl IntegrationLinks for State {
    // Assumed: links of flags that the caller does not see are counted in `allIntegrationLinkCount`, but not
    // listed.
    fn get_details(
        &mut self,
        _: &Call<'_>,
        integration_link_type: IntegrationLinkType,
        key: String,
    ) -> Result<IntegrationLinkDetails, Problem> {
        let links: Vec<&IntegrationLink> =
            self.integration_links.of(&(integration_link_type.as_str().to_owned(), key)).collect();
        let mut details = Vec::new();
        for link in &links {
            let (setting, config, environment) = self.flag_in(&link.environment, link.setting)?;
            if !self.sees(&config.product) || self.access(environment) == EnvironmentAccessType::None {
                continue;
            }
            let value = match &self.value(setting, environment)?.content {
                Content::V1(rollout) => assumed::link_status(Some(&rollout.value), rollout.rules.len()),
                Content::V2(formula) => {
                    assumed::link_status(formula.default.value.as_ref(), formula.rules.len())
                }
            };
            details.push(
                construct::IntegrationLinkDetailFields {
                    product: self.view_product(self.product(&config.product)?)?,
                    config: self.view_config(config)?,
                    environment: self.view_environment(environment)?,
                    setting: Self::view_setting_data(setting),
                    read_only: !self.writes(environment),
                    status: value,
                }
                .into(),
            );
        }
        let count = i32::try_from(links.len()).unwrap_or(i32::MAX);
        Ok(construct::IntegrationLinkDetailsFields {
            details: Some(details),
            all_integration_link_count: count,
        }
        .into())
    }

    fn add_or_update(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
        integration_link_type: IntegrationLinkType,
        key: String,
        body: Option<AddOrUpdateIntegrationLink>,
    ) -> Result<models::IntegrationLink, Problem> {
        let input =
            body.map(|body| LinkInput { description: body.description, url: body.url }).unwrap_or_default();
        self.link(call.now, (&environment_id, setting_id), integration_link_type, key, input)
    }

    // Assumed: `hasRemainingIntegrationLink` tells whether other flags are linked to the same card.
    // Assumed: deleting a link that does not exist is refused with 404.
    fn delete(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
        integration_link_type: IntegrationLinkType,
        key: String,
    ) -> Result<DeletedIntegrationLink, Problem> {
        let (flag, config, _) = self.flag_in(&environment_id, setting_id)?;
        let (product, config, target) = (config.product.clone(), config.id.clone(), flag.key.clone());
        let card = (integration_link_type.as_str().to_owned(), key.clone());
        let link_key = (setting_id, environment_id.clone(), card.0.clone(), key);
        let link = self.integration_links.remove(&link_key).ok_or_else(Problem::not_found)?;
        let details = format!("No longer linked to {} {}.", link.ty, link.key);
        let event = Event::new(AuditLogType::IntegrationLinkRemoved, &product, &target, details);
        self.record(call.now, event.config(&config).environment(&environment_id));
        let left = self.integration_links.of(&card).next().is_some();
        Ok(construct::DeletedIntegrationLinkFields { has_remaining_integration_link: left }.into())
    }
}

impl Jira for State {
    fn add_or_update_link(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
        key: String,
        body: Option<AddOrUpdateJiraIntegrationLink>,
    ) -> Result<models::IntegrationLink, Problem> {
        let input =
            body.map(|body| LinkInput { description: body.description, url: body.url }).unwrap_or_default();
        self.link(call.now, (&environment_id, setting_id), IntegrationLinkType::Jira, key, input)
    }

    // Assumed: the token of the Jira app is accepted without verification.
    fn connect(&mut self, _: &Call<'_>, body: Option<ConnectJira>) -> Result<(), Problem> {
        if let Some(body) = body {
            self.jira_connections.insert(JiraConnection { client_key: body.client_key });
        }
        Ok(())
    }
}
