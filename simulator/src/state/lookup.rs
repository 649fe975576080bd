//! Finds things, or says 404.

use super::State;
use super::entities::{Config, Environment, Organization, Product, Setting, Tag};
use crate::problem::Problem;
use configcat_management::models::{ConfigId, EnvironmentId, OrganizationId, ProductId, SettingId, TagId};

fn found<T>(thing: Option<T>) -> Result<T, Problem> {
    thing.ok_or_else(Problem::not_found)
}

impl State {
    pub(crate) fn organization(&self, id: &OrganizationId) -> Result<&Organization, Problem> {
        found(self.organizations.get(id))
    }

    pub(crate) fn product(&self, id: &ProductId) -> Result<&Product, Problem> {
        found(self.products.get(id))
    }

    pub(crate) fn product_mut(&mut self, id: &ProductId) -> Result<&mut Product, Problem> {
        found(self.products.get_mut(id))
    }

    pub(crate) fn config(&self, id: &ConfigId) -> Result<&Config, Problem> {
        found(self.configs.get(id))
    }

    pub(crate) fn config_mut(&mut self, id: &ConfigId) -> Result<&mut Config, Problem> {
        found(self.configs.get_mut(id))
    }

    pub(crate) fn environment(&self, id: &EnvironmentId) -> Result<&Environment, Problem> {
        found(self.environments.get(id))
    }

    pub(crate) fn environment_mut(&mut self, id: &EnvironmentId) -> Result<&mut Environment, Problem> {
        found(self.environments.get_mut(id))
    }

    pub(crate) fn tag(&self, id: TagId) -> Result<&Tag, Problem> {
        found(self.tags.get(&id))
    }

    pub(crate) fn tag_mut(&mut self, id: TagId) -> Result<&mut Tag, Problem> {
        found(self.tags.get_mut(&id))
    }

    pub(crate) fn setting(&self, id: SettingId) -> Result<&Setting, Problem> {
        found(self.settings.get(&id))
    }

    pub(crate) fn setting_mut(&mut self, id: SettingId) -> Result<&mut Setting, Problem> {
        found(self.settings.get_mut(&id))
    }

    /// Configs of a product in the order of lists.
    pub(crate) fn configs_of(&self, product: &ProductId) -> Vec<&Config> {
        sorted(self.configs.values().filter(|c| c.product == *product), |c| c.place)
    }

    /// Environments of a product in the order of lists.
    pub(crate) fn environments_of(&self, product: &ProductId) -> Vec<&Environment> {
        sorted(self.environments.values().filter(|e| e.product == *product), |e| e.place)
    }

    /// Flags of a config in the order of lists.
    pub(crate) fn settings_of(&self, config: &ConfigId) -> Vec<&Setting> {
        sorted(self.settings.values().filter(|s| s.config == *config), |s| s.place)
    }

    /// A config and an environment of the same product; an environment of another product is as good as none.
    pub(crate) fn pair(
        &self,
        config: &ConfigId,
        environment: &EnvironmentId,
    ) -> Result<(&Config, &Environment), Problem> {
        let (config, environment) = (self.config(config)?, self.environment(environment)?);
        if config.product == environment.product {
            Ok((config, environment))
        } else {
            Err(Problem::not_found())
        }
    }

    /// A flag and an environment of the same product.
    pub(crate) fn flag_in(
        &self,
        environment: &EnvironmentId,
        setting: SettingId,
    ) -> Result<(&Setting, &Config, &Environment), Problem> {
        let setting = self.setting(setting)?;
        let (config, environment) = self.pair(&setting.config, environment)?;
        Ok((setting, config, environment))
    }

    /// The config and environment that an SDK key belongs to.
    pub(crate) fn by_sdk_key(&self, key: Option<&str>) -> Result<(ConfigId, EnvironmentId), Problem> {
        let key =
            key.ok_or_else(|| Problem::field("X-CONFIGCAT-SDKKEY", "The SDK key header is required."))?;
        found(
            self.sdk_keys
                .iter()
                .find(|(_, pair)| pair.primary == key || pair.secondary.as_deref() == Some(key))
                .map(|(place, _)| place.clone()),
        )
    }

    /// A flag of a config by its key, or by its number.
    pub(crate) fn by_key_or_id(&self, config: &ConfigId, key_or_id: &str) -> Result<SettingId, Problem> {
        let of_config = || self.settings.values().filter(|s| s.config == *config);
        let by_key = of_config().find(|s| s.key == key_or_id);
        found(by_key.or_else(|| of_config().find(|s| s.id.to_string() == key_or_id)).map(|s| s.id))
    }
}

pub(crate) fn sorted<'a, T: 'a, K: Ord>(
    things: impl Iterator<Item = &'a T>,
    key: impl Fn(&T) -> K,
) -> Vec<&'a T> {
    let mut things: Vec<&T> = things.collect();
    things.sort_by_key(|thing| key(thing));
    things
}
