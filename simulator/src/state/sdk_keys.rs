//! The SDK keys of configs and environments.

use super::State;
use super::entities::KeyPair;
use super::ids::sdk_key;
use configcat_management::models::{ConfigId, EnvironmentId, ProductId};

impl State {
    /// Creates the SDK keys of a new config in every environment of its product.
    pub(crate) fn add_keys_of_config(&mut self, product: &ProductId, config: &ConfigId) {
        self.add_keys(product, |other, _| other == config);
    }

    /// Creates the SDK keys of every config of a product in a new environment.
    pub(crate) fn add_keys_of_environment(&mut self, product: &ProductId, environment: &EnvironmentId) {
        self.add_keys(product, |_, other| other == environment);
    }

    // Documented: every config has an SDK key in every environment of its product.
    // Assumed: new configs and environments have a primary key only.
    fn add_keys(&mut self, product: &ProductId, is_new: impl Fn(&ConfigId, &EnvironmentId) -> bool) {
        let mut missing = Vec::new();
        for config in self.configs.of(product) {
            for environment in self.environments.of(product).filter(|e| is_new(&config.id, &e.id)) {
                if !self.sdk_keys.contains(&(config.id.clone(), environment.id.clone())) {
                    missing.push(KeyPair {
                        config: config.id.clone(),
                        environment: environment.id.clone(),
                        primary: sdk_key(&config.version),
                        secondary: None,
                    });
                }
            }
        }
        missing.into_iter().for_each(|pair| self.sdk_keys.insert(pair));
    }
}
