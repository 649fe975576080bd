//! Plants configs with SDK keys, webhooks and flags.

use super::{At as _, Planter, check_uuid, checked};
use crate::problem::Problem;
use crate::seed::{ConfigSeed, DeletedSettingSeed, SdkKeySeed, WebhookSeed};
use crate::state::entities::{DeletedSetting, KeyPair};
use configcat_management::models::{
    ConfigId, CreateConfig, EnvironmentId, EvaluationVersion, ProductId, SettingId,
};
use configcat_management::{Field, schema};

impl Planter<'_> {
    pub(super) fn config(&mut self, seed: &ConfigSeed, product: &ProductId) -> Result<(), Problem> {
        check_uuid("configId", seed.config_id.as_ref())?;
        let version = seed.evaluation_version.clone().unwrap_or(EvaluationVersion::V2);
        let mut body = CreateConfig::new(&*seed.name).evaluation_version(version.clone());
        body.description = Field::from(seed.description.clone());
        body.order = Field::from(seed.order);
        let body = checked(&body, &schema::configs::CREATE_CONFIG)?;
        let version = body.evaluation_version.clone().unwrap_or(version);
        let id = self.state.create_config(self.now, product, seed.config_id.clone(), body)?;
        let mut seen = Vec::new();
        for (name, key) in &seed.sdk_keys {
            let at = || format!("sdkKeys.{name}");
            let environment = self.environment_once(product, name, &mut seen).at(at)?;
            self.sdk_key(key, &id, environment).at(at)?;
        }
        // Create all flags first, because values may refer to any of them.
        let mut planted = Vec::new();
        for (i, setting) in seed.settings.iter().enumerate() {
            planted.push(self.setting(setting, &id, product).at(|| format!("settings[{i}]"))?);
        }
        for (i, (setting, at)) in seed.settings.iter().zip(&planted).enumerate() {
            let mut seen = Vec::new();
            for (name, value) in &setting.values {
                let path = || format!("settings[{i}].values.{name}");
                let environment = self.environment_once(product, name, &mut seen).at(path)?;
                self.value(*at, &environment, &version, value).at(path)?;
            }
        }
        self.refuse_cycles(&planted, product)?;
        for (i, deleted) in seed.deleted_settings.iter().enumerate() {
            self.deleted_setting(deleted, &id).at(|| format!("deletedSettings[{i}]"))?;
        }
        for (name, webhooks) in &seed.webhooks {
            let environment = self.named_environment(product, name).at(|| format!("webhooks.{name}"))?;
            for (i, webhook) in webhooks.iter().enumerate() {
                self.webhook(webhook, &id, &environment).at(|| format!("webhooks.{name}[{i}]"))?;
            }
        }
        for (i, request) in seed.change_requests.iter().enumerate() {
            self.change_request(request, &id, product).at(|| format!("changeRequests[{i}]"))?;
        }
        Ok(())
    }

    fn sdk_key(
        &mut self,
        seed: &SdkKeySeed,
        config: &ConfigId,
        environment: EnvironmentId,
    ) -> Result<(), Problem> {
        let (primary, secondary) = match seed {
            SdkKeySeed::Primary(primary) => (primary, None),
            SdkKeySeed::Pair { primary, secondary } => (primary, Some(secondary)),
        };
        let mut keys = std::iter::once(primary).chain(secondary);
        if keys.any(|key| self.state.by_sdk_key(Some(key)).is_ok()) || secondary == Some(primary) {
            return Err(Problem::field("", "The key already exists."));
        }
        self.state.sdk_keys.insert(KeyPair {
            config: config.clone(),
            environment,
            primary: primary.clone(),
            secondary: secondary.cloned(),
        });
        Ok(())
    }

    /// Rejects prerequisites that form a cycle. All values are checked at once, because they may form a long chain.
    fn refuse_cycles(&self, planted: &[SettingId], product: &ProductId) -> Result<(), Problem> {
        for environment in self.state.environments_of(product) {
            let Some(cycle) = self.state.stored_cycle(planted.iter().copied(), &environment.id) else {
                continue;
            };
            let at = planted.iter().position(|id| cycle.first() == Some(id)).unwrap_or_default();
            let path = format!("settings[{at}].values.{}.targetingRules", environment.name);
            return Err(self.state.circular(path, cycle, |_| true));
        }
        Ok(())
    }

    fn deleted_setting(&mut self, seed: &DeletedSettingSeed, config: &ConfigId) -> Result<(), Problem> {
        let id = self.state.new_setting_id(seed.setting_id)?;
        self.state.deleted_settings.insert(DeletedSetting {
            id,
            config: config.clone(),
            key: seed.key.clone(),
            name: seed.name.clone(),
            hint: seed.hint.clone(),
            ty: seed.setting_type.clone(),
        });
        Ok(())
    }

    fn webhook(
        &mut self,
        seed: &WebhookSeed,
        config: &ConfigId,
        environment: &EnvironmentId,
    ) -> Result<(), Problem> {
        let body = checked(&seed.webhook.0, &schema::webhooks::WEBHOOK_INPUT)?;
        if let Some(id) = seed.webhook_id {
            self.state.ids.reserve("webhookId", id.get().into())?;
            if self.state.webhooks.contains(&id) {
                return Err(Problem::field("webhookId", "It already exists."));
            }
        }
        let wanted = seed.webhook_id;
        let id = self.state.create_webhook(self.now, config, environment, wanted, body)?;
        if let (Some(keys), Some(webhook)) = (&seed.signing_keys, self.state.webhooks.get_mut(&id)) {
            webhook.key1 = Some(keys.key1.clone());
            webhook.key2.clone_from(&keys.key2);
        }
        Ok(())
    }
}
