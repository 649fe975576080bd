//! Integrations with other services.

use crate::call::Call;
use crate::generated::integrations::Integrations;
use crate::problem::Problem;
use crate::rules::{self, urls};
use crate::state::entities::Integration;
use crate::state::lookup::sorted;
use crate::state::{Event, State, ids};
use configcat_management::Timestamp;
use configcat_management::construct;
use configcat_management::models::{
    self, AuditLogType, ConfigId, CreateIntegration, EnvironmentId, IntegrationId, IntegrationList,
    IntegrationType, ProductId, UpdateIntegration,
};
use std::collections::BTreeMap;

/// Parameter of a Slack integration.
const SLACK_URL: &str = "incoming_webhook.url";

/// Returns the parameters that a type requires.
///
/// Documented: which parameters an integration requires depends on its type.
fn required(ty: &IntegrationType) -> &'static [&'static str] {
    match ty {
        IntegrationType::DataDog => &["apikey"],
        IntegrationType::Slack => &[SLACK_URL],
        IntegrationType::Amplitude => &["apiKey", "secretKey"],
        IntegrationType::MixPanel => &["serviceAccountUserName", "serviceAccountSecret", "projectId"],
        IntegrationType::Segment => &["writeKey"],
        _ => &[],
    }
}

/// Returns the parameter of a type that takes one of a fixed set of values, with these values.
fn choice(ty: &IntegrationType) -> Option<(&'static str, &'static [&'static str])> {
    match ty {
        IntegrationType::DataDog => Some(("site", &["Us", "Eu", "Us1Fed", "Us3", "Us5"])),
        IntegrationType::MixPanel => Some(("server", &["StandardServer", "EUResidencyServer"])),
        IntegrationType::Segment => Some(("server", &["Us", "Eu"])),
        _ => None,
    }
}

/// Checks the parameters of an integration.
///
/// Observed (infrastructure provider): a missing parameter is refused with 400 and `apikey parameter is required`, with its
/// name first; an unknown site of Datadog with `'site' is invalid`; an unknown server of Mixpanel or Segment with
/// `'server' is invalid`.
fn check_parameters(ty: &IntegrationType, parameters: &BTreeMap<String, String>) -> Result<(), Problem> {
    for name in required(ty) {
        if parameters.get(*name).is_none_or(|value| value.trim().is_empty()) {
            return Err(Problem::property("parameters", format!("{name} parameter is required.")));
        }
    }
    if let Some((name, values)) = choice(ty)
        && let Some(value) = parameters.get(name)
        && !values.contains(&value.as_str())
    {
        let message = format!("'{name}' is invalid. It is one of {}.", values.join(", "));
        return Err(Problem::property("parameters", message));
    }
    let url = parameters.get(SLACK_URL).filter(|_| *ty == IntegrationType::Slack);
    url.map_or(Ok(()), |url| urls::slack(SLACK_URL, url))
}

fn view(state: &State, integration: &Integration) -> Result<models::Integration, Problem> {
    Ok(construct::IntegrationFields {
        product: state.view_product(state.product(&integration.product)?)?,
        integration_id: integration.id.clone(),
        name: integration.name.clone(),
        integration_type: integration.ty.clone(),
        parameters: Some(integration.parameters.clone()),
        environment_ids: integration.environments.clone(),
        config_ids: integration.configs.clone(),
    }
    .into())
}

impl State {
    /// Adds an integration to a product.
    ///
    /// Assumed: names need not be unique.
    pub(crate) fn create_integration(
        &mut self,
        now: Timestamp,
        product: &ProductId,
        id: Option<IntegrationId>,
        body: CreateIntegration,
    ) -> Result<IntegrationId, Problem> {
        self.product(product)?;
        rules::named("name", &body.name)?;
        check_parameters(&body.integration_type, &body.parameters)?;
        self.check_reach(product, &body.environment_ids, &body.config_ids)?;
        let id = id.unwrap_or_else(|| IntegrationId::new(ids::uuid()));
        if self.integrations.contains(&id) {
            return Err(Problem::field("integrationId", "It already exists."));
        }
        let name = body.name.clone();
        let created = self.ids.created();
        self.integrations.insert(Integration {
            id: id.clone(),
            product: product.clone(),
            name: body.name,
            ty: body.integration_type,
            parameters: body.parameters,
            environments: body.environment_ids,
            configs: body.config_ids,
            created,
        });
        let ty = AuditLogType::IntegrationAdded;
        self.record(now, Event::new(ty, product, &name, "Integration added."));
        Ok(id)
    }

    /// Checks that the environments and configs of an integration exist in its product.
    ///
    /// Assumed: an environment or config of another product is refused with 400.
    fn check_reach(
        &self,
        product: &ProductId,
        environments: &[EnvironmentId],
        configs: &[ConfigId],
    ) -> Result<(), Problem> {
        for id in environments {
            if self.environments.get(id).is_none_or(|e| e.product != *product) {
                return Err(Problem::field(
                    "environmentIds",
                    format!("The product has no environment {id}."),
                ));
            }
        }
        for id in configs {
            if self.configs.get(id).is_none_or(|c| c.product != *product) {
                return Err(Problem::field("configIds", format!("The product has no config {id}.")));
            }
        }
        Ok(())
    }
}

impl Integrations for State {
    fn list(&mut self, _: &Call<'_>, product_id: ProductId) -> Result<IntegrationList, Problem> {
        self.product(&product_id)?;
        let integrations = sorted(self.integrations.of(&product_id), |i| i.created).into_iter();
        Ok(construct::IntegrationListFields {
            integrations: integrations.map(|i| view(self, i)).collect::<Result<_, _>>()?,
        }
        .into())
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        body: CreateIntegration,
    ) -> Result<models::Integration, Problem> {
        let id = self.create_integration(call.now, &product_id, None, body)?;
        view(self, self.integration(&id)?)
    }

    fn get(&mut self, _: &Call<'_>, integration_id: IntegrationId) -> Result<models::Integration, Problem> {
        view(self, self.integration(&integration_id)?)
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        integration_id: IntegrationId,
        body: UpdateIntegration,
    ) -> Result<models::Integration, Problem> {
        let mut integration = self.integration(&integration_id)?.clone();
        rules::named("name", &body.name)?;
        check_parameters(&integration.ty, &body.parameters)?;
        self.check_reach(&integration.product, &body.environment_ids, &body.config_ids)?;
        integration.name = body.name;
        integration.parameters = body.parameters;
        integration.environments = body.environment_ids;
        integration.configs = body.config_ids;
        let (product, name) = (integration.product.clone(), integration.name.clone());
        self.integrations.insert(integration);
        let ty = AuditLogType::IntegrationChanged;
        self.record(call.now, Event::new(ty, &product, &name, "Integration changed."));
        view(self, self.integration(&integration_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, integration_id: IntegrationId) -> Result<(), Problem> {
        let integration = self.integrations.remove(&integration_id).ok_or_else(Problem::not_found)?;
        let ty = AuditLogType::IntegrationRemoved;
        self.record(
            call.now,
            Event::new(ty, &integration.product, &integration.name, "Integration removed."),
        );
        Ok(())
    }
}
