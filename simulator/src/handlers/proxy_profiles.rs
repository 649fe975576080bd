//! Proxy profiles: which SDK keys a proxy serves.

use crate::assumed::{self, plan};
use crate::call::Call;
use crate::generated::proxy_profiles::ProxyProfiles;
use crate::problem::Problem;
use crate::rules::{self, patching, urls};
use crate::state::entities::{ProxyProfile, ProxyWebhook};
use crate::state::lookup::sorted;
use crate::state::proxies::Pair;
use crate::state::{Event, State, ids};
use configcat_management::construct;
use configcat_management::models::{
    self, AuditLogType, JsonPatch, OrganizationId, ProxyProfileId, ProxyProfileInput, ProxyProfileList,
    ProxyProfileSdkKeys, ProxyProfileSecret, ProxyProfileSelectionRule, ProxyProfileSelectionRuleInput,
    SelectSdkKeys, SelectionRuleKind,
};
use configcat_management::{Field, Timestamp, schema};
use std::collections::BTreeSet;

fn view(profile: &ProxyProfile) -> models::ProxyProfile {
    construct::ProxyProfileFields {
        proxy_profile_id: profile.id.clone(),
        name: profile.name.clone(),
        description: profile.description.clone(),
        last_accessed_at: profile.last_accessed,
        connection_preferences: construct::ConnectionPreferencesFields {
            sdk_poll_interval: profile.poll_interval,
            webhook_notification: profile.webhook.as_ref().map(|webhook| {
                construct::WebhookNotificationFields {
                    webhook_proxy_url: webhook.url.clone(),
                    signing_key1: webhook.key1.clone(),
                    signing_key2: webhook.key2.clone(),
                }
                .into()
            }),
        }
        .into(),
        sdk_key_selection_rules: profile.rules.clone(),
    }
    .into()
}

fn rule_of(input: ProxyProfileSelectionRuleInput) -> ProxyProfileSelectionRule {
    construct::ProxyProfileSelectionRuleFields {
        kind: input.kind.unwrap_or(SelectionRuleKind::Include),
        product_id_filter: input.product_id_filter.value(),
        config_id_filter: input.config_id_filter.value(),
        environment_id_filter: input.environment_id_filter.value(),
        product_name_match_filter: input.product_name_match_filter.value(),
        config_name_match_filter: input.config_name_match_filter.value(),
        environment_name_match_filter: input.environment_name_match_filter.value(),
    }
    .into()
}

fn rule_input(rule: &ProxyProfileSelectionRule) -> ProxyProfileSelectionRuleInput {
    construct::ProxyProfileSelectionRuleInputFields {
        kind: Some(rule.kind.clone()),
        product_id_filter: Field::from(rule.product_id_filter.clone()),
        config_id_filter: Field::from(rule.config_id_filter.clone()),
        environment_id_filter: Field::from(rule.environment_id_filter.clone()),
        product_name_match_filter: Field::from(rule.product_name_match_filter.clone()),
        config_name_match_filter: Field::from(rule.config_name_match_filter.clone()),
        environment_name_match_filter: Field::from(rule.environment_name_match_filter.clone()),
    }
    .into()
}

/// Converts a profile to the equivalent request body, to which a JSON Patch is applied.
pub(crate) fn as_input(profile: &ProxyProfile) -> ProxyProfileInput {
    let webhook = profile.webhook.as_ref().map(|webhook| {
        construct::WebhookNotificationInputFields { webhook_proxy_url: webhook.url.clone() }.into()
    });
    construct::ProxyProfileInputFields {
        name: profile.name.clone(),
        description: Field::from(profile.description.clone()),
        connection_preferences: Field::Value(
            construct::ConnectionPreferencesInputFields {
                sdk_poll_interval: Field::Value(profile.poll_interval),
                webhook_notification: Field::from(webhook),
            }
            .into(),
        ),
        sdk_key_selection_rules: Field::Value(profile.rules.iter().map(rule_input).collect()),
    }
    .into()
}

impl State {
    fn write_profile(&mut self, mut profile: ProxyProfile, input: ProxyProfileInput) -> Result<(), Problem> {
        rules::named("name", &input.name)?;
        let preferences = input.connection_preferences.value();
        let (interval, webhook) = preferences
            .map_or((None, None), |p| (p.sdk_poll_interval.value(), p.webhook_notification.value()));
        if let Some(webhook) = &webhook {
            urls::http(
                "connectionPreferences.webhookNotification.webhookProxyUrl",
                &webhook.webhook_proxy_url,
            )?;
        }
        profile.name = input.name;
        profile.description = input.description.value();
        profile.poll_interval = interval.unwrap_or(assumed::PROXY_POLL_SECONDS);
        let inputs = input.sdk_key_selection_rules.value().unwrap_or_default();
        rules::at_most("sdkKeySelectionRules", inputs.len(), plan::SELECTION_RULES)?;
        profile.rules = inputs.into_iter().map(rule_of).collect();
        // The signing keys are kept as long as there is a webhook, even if its URL changes.
        let before = profile.webhook.take();
        profile.webhook = webhook.map(|webhook| ProxyWebhook {
            url: webhook.webhook_proxy_url,
            key1: before.as_ref().map_or_else(ids::signing_key, |b| b.key1.clone()),
            key2: before.and_then(|b| b.key2),
        });
        self.proxy_profiles.insert(profile);
        Ok(())
    }

    /// Creates a proxy profile.
    ///
    /// Assumed: names of proxy profiles need not be unique.
    pub(crate) fn create_proxy_profile(
        &mut self,
        now: Timestamp,
        organization: &OrganizationId,
        id: ProxyProfileId,
        body: ProxyProfileInput,
    ) -> Result<(), Problem> {
        self.organization(organization)?;
        if self.proxy_profiles.contains(&id) {
            return Err(Problem::field("proxyProfileId", "It already exists."));
        }
        let profile = ProxyProfile {
            id,
            organization: organization.clone(),
            name: String::new(),
            description: None,
            last_accessed: None,
            poll_interval: assumed::PROXY_POLL_SECONDS,
            webhook: None,
            rules: Vec::new(),
            selected: Vec::new(),
            secret: None,
            created: self.ids.created(),
        };
        let name = body.name.clone();
        self.write_profile(profile, body)?;
        let ty = AuditLogType::ProxyConfigurationCreated;
        self.record(now, Event::of_organization(ty, organization, &name, "Proxy profile created."));
        Ok(())
    }

    fn change_profile(
        &mut self,
        now: Timestamp,
        id: &ProxyProfileId,
        input: ProxyProfileInput,
    ) -> Result<(), Problem> {
        let profile = self.proxy_profile(id)?.clone();
        let (organization, name) = (profile.organization.clone(), input.name.clone());
        self.write_profile(profile, input)?;
        let ty = AuditLogType::ProxyConfigurationChanged;
        self.record(now, Event::of_organization(ty, &organization, &name, "Proxy profile changed."));
        Ok(())
    }

    fn view_keys(&self, id: &ProxyProfileId) -> Result<ProxyProfileSdkKeys, Problem> {
        let profile = self.proxy_profile(id)?;
        let items = self.served(profile).into_iter().filter_map(|pair| {
            let keys = self.sdk_keys.get(&pair)?;
            Some(
                construct::ProxyProfileSdkKeyItemFields {
                    primary_sdk_key: keys.primary.clone(),
                    secondary_sdk_key: keys.secondary.clone(),
                    sdk_id: assumed::sdk_id(&pair.0, &pair.1),
                    config_id: pair.0,
                    environment_id: pair.1,
                }
                .into(),
            )
        });
        Ok(construct::ProxyProfileSdkKeysFields { items: items.collect() }.into())
    }

    /// Resolves the items of a request to pairs. An item names one pair, all environments of a config, or all configs
    /// of an environment.
    ///
    /// Documented: an item without an environment means all environments of its config, one without a config all configs
    /// with its environment.
    /// Assumed: an item with neither, or with something of another organization, is refused with 400.
    fn named_pairs(
        &self,
        organization: &OrganizationId,
        body: SelectSdkKeys,
    ) -> Result<BTreeSet<Pair>, Problem> {
        let (mut pairs, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for (i, item) in body.items.into_iter().enumerate() {
            let at = format!("items[{i}]");
            let here = |product| self.products.get(product).is_some_and(|p| p.organization == *organization);
            let (config, environment) = (item.config_id.value(), item.environment_id.value());
            // A short item may stand for very many pairs.
            if !seen.insert((config.clone(), environment.clone())) {
                continue;
            }
            let config = config.map(|id| match self.configs.get(&id).filter(|c| here(&c.product)) {
                Some(config) => Ok(config),
                None => Err(Problem::field(format!("{at}.configId"), format!("Unknown config {id}."))),
            });
            let environment =
                environment.map(|id| match self.environments.get(&id).filter(|e| here(&e.product)) {
                    Some(environment) => Ok(environment),
                    None => Err(Problem::field(
                        format!("{at}.environmentId"),
                        format!("Unknown environment {id}."),
                    )),
                });
            match (config.transpose()?, environment.transpose()?) {
                (Some(config), Some(environment)) if config.product != environment.product => {
                    let message = "Config and environment are of different products.";
                    return Err(Problem::field(format!("{at}.environmentId"), message));
                }
                (Some(config), Some(environment)) => {
                    pairs.insert((config.id.clone(), environment.id.clone()));
                }
                (Some(config), None) => {
                    let all = self.environments_of(&config.product).into_iter();
                    pairs.extend(all.map(|environment| (config.id.clone(), environment.id.clone())));
                }
                (None, Some(environment)) => {
                    let all = self.configs_of(&environment.product).into_iter();
                    pairs.extend(all.map(|config| (config.id.clone(), environment.id.clone())));
                }
                (None, None) => return Err(Problem::field(at, "A config or an environment is required.")),
            }
        }
        Ok(pairs)
    }

    // Documented: SDK keys of a proxy profile that has selection rules can be neither selected nor deselected: 403.
    /// Selects or deselects pairs individually.
    fn choose(
        &mut self,
        now: Timestamp,
        id: &ProxyProfileId,
        body: SelectSdkKeys,
        selects: bool,
    ) -> Result<ProxyProfileSdkKeys, Problem> {
        let profile = self.proxy_profile(id)?;
        if !profile.rules.is_empty() {
            return Err(Problem::forbidden("The proxy profile selects its SDK keys by selection rules."));
        }
        let organization = profile.organization.clone();
        let pairs = self.named_pairs(&organization, body)?;
        let profile = self.proxy_profile_mut(id)?;
        if selects {
            let mut known: BTreeSet<Pair> = profile.selected.iter().cloned().collect();
            profile.selected.extend(pairs.into_iter().filter(|pair| known.insert(pair.clone())));
        } else {
            profile.selected.retain(|pair| !pairs.contains(pair));
        }
        let name = profile.name.clone();
        let ty = AuditLogType::ProxyConfigurationChanged;
        let details = if selects { "SDK keys selected." } else { "SDK keys deselected." };
        self.record(now, Event::of_organization(ty, &organization, &name, details));
        self.view_keys(id)
    }
}

impl ProxyProfiles for State {
    fn list(&mut self, _: &Call<'_>, organization_id: OrganizationId) -> Result<ProxyProfileList, Problem> {
        self.organization(&organization_id)?;
        let profiles = sorted(self.proxy_profiles.of(&organization_id), |p| p.created);
        Ok(construct::ProxyProfileListFields { profiles: profiles.into_iter().map(view).collect() }.into())
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        organization_id: OrganizationId,
        body: ProxyProfileInput,
    ) -> Result<models::ProxyProfile, Problem> {
        let id = ProxyProfileId::new(ids::uuid());
        self.create_proxy_profile(call.now, &organization_id, id.clone(), body)?;
        Ok(view(self.proxy_profile(&id)?))
    }

    fn get(
        &mut self,
        _: &Call<'_>,
        proxy_profile_id: ProxyProfileId,
    ) -> Result<models::ProxyProfile, Problem> {
        Ok(view(self.proxy_profile(&proxy_profile_id)?))
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        proxy_profile_id: ProxyProfileId,
        body: JsonPatch,
    ) -> Result<models::ProxyProfile, Problem> {
        let current = as_input(self.proxy_profile(&proxy_profile_id)?);
        if let Some(input) = patching::apply(&current, &body, &schema::proxy_profiles::PROXY_PROFILE_INPUT)? {
            self.change_profile(call.now, &proxy_profile_id, input)?;
        }
        Ok(view(self.proxy_profile(&proxy_profile_id)?))
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        proxy_profile_id: ProxyProfileId,
        body: ProxyProfileInput,
    ) -> Result<models::ProxyProfile, Problem> {
        self.change_profile(call.now, &proxy_profile_id, body)?;
        Ok(view(self.proxy_profile(&proxy_profile_id)?))
    }

    fn delete(&mut self, call: &Call<'_>, proxy_profile_id: ProxyProfileId) -> Result<(), Problem> {
        let profile = self.proxy_profiles.remove(&proxy_profile_id).ok_or_else(Problem::not_found)?;
        let ty = AuditLogType::ProxyConfigurationDeleted;
        let event =
            Event::of_organization(ty, &profile.organization, &profile.name, "Proxy profile deleted.");
        self.record(call.now, event);
        Ok(())
    }

    fn get_sdk_keys(
        &mut self,
        _: &Call<'_>,
        proxy_profile_id: ProxyProfileId,
    ) -> Result<ProxyProfileSdkKeys, Problem> {
        self.view_keys(&proxy_profile_id)
    }

    fn select_sdk_keys(
        &mut self,
        call: &Call<'_>,
        proxy_profile_id: ProxyProfileId,
        body: SelectSdkKeys,
    ) -> Result<ProxyProfileSdkKeys, Problem> {
        self.choose(call.now, &proxy_profile_id, body, true)
    }

    fn deselect_sdk_keys(
        &mut self,
        call: &Call<'_>,
        proxy_profile_id: ProxyProfileId,
        body: SelectSdkKeys,
    ) -> Result<ProxyProfileSdkKeys, Problem> {
        self.choose(call.now, &proxy_profile_id, body, false)
    }

    fn generate_secret(
        &mut self,
        call: &Call<'_>,
        proxy_profile_id: ProxyProfileId,
    ) -> Result<ProxyProfileSecret, Problem> {
        let secret = ids::secret();
        let profile = self.proxy_profile_mut(&proxy_profile_id)?;
        profile.secret = Some(secret.clone());
        let (organization, name) = (profile.organization.clone(), profile.name.clone());
        let ty = AuditLogType::ProxyConfigurationSecretRegenerated;
        self.record(call.now, Event::of_organization(ty, &organization, &name, "Secret regenerated."));
        Ok(construct::ProxyProfileSecretFields { secret_token: secret }.into())
    }
}
