//! The SDK keys of configs and environments.

use super::State;
use super::entities::KeyPair;
use super::ids::sdk_key;
use configcat_management::models::ProductId;

impl State {
    /// Creates the missing SDK keys, one for every pair of config and environment of a product.
    pub(crate) fn ensure_sdk_keys(&mut self, product: &ProductId) {
        let mut missing = Vec::new();
        for config in self.configs.of(product) {
            for environment in self.environments.of(product) {
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
