//! Organizations, products, configs, environments, SDK keys, tags and segments.

use super::super::State;
use super::{Checked, at_most, each, ensure, exists, same};
use crate::assumed::plan;

fn named(name: &str) -> Checked {
    ensure(!name.trim().is_empty(), "name", || "it must not be empty".into())
}

impl State {
    pub(super) fn check_structure(&self) -> Result<(), String> {
        each("organizations", self.organizations.values(), |organization| {
            at_most("products", self.products.of(&organization.id).count(), plan::PRODUCTS)?;
            named(&organization.name)
        })?;
        each("products", self.products.values(), |product| {
            exists(self.organizations.get(&product.organization), "organization", &product.organization)?;
            at_most("configs", self.configs.of(&product.id).count(), plan::CONFIGS)?;
            at_most("environments", self.environments.of(&product.id).count(), plan::ENVIRONMENTS)?;
            named(&product.name)
        })?;
        each("configs", self.configs.values(), |config| {
            exists(self.products.get(&config.product), "product", &config.product)?;
            named(&config.name)
        })?;
        each("environments", self.environments.values(), |environment| {
            exists(self.products.get(&environment.product), "product", &environment.product)?;
            named(&environment.name)
        })?;
        each("tags", self.tags.values(), |tag| {
            exists(self.products.get(&tag.product), "product", &tag.product)?;
            named(&tag.name)
        })?;
        each("segments", self.segments.values(), |segment| {
            exists(self.products.get(&segment.product), "product", &segment.product)?;
            named(&segment.name)?;
            let others = self.segments.find(&(segment.product.clone(), segment.name.clone())).count();
            ensure(others == 1, "name", || format!("'{}' is already in use", segment.name))
        })?;
        self.check_sdk_keys()
    }

    fn check_sdk_keys(&self) -> Result<(), String> {
        each("sdk_keys", self.sdk_keys.values(), |pair| {
            let config = exists(self.configs.get(&pair.config), "config", &pair.config)?;
            let environment =
                exists(self.environments.get(&pair.environment), "environment", &pair.environment)?;
            same("environment", &environment.product, &config.product)?;
            for (field, key) in [("primary", Some(&pair.primary)), ("secondary", pair.secondary.as_ref())] {
                let unique = key.is_none_or(|key| self.sdk_keys.find(key).count() == 1);
                ensure(unique, field, || "the key is already in use".into())?;
            }
            ensure(pair.secondary.as_ref() != Some(&pair.primary), "secondary", || {
                "it is the primary key".into()
            })
        })?;
        each("configs", self.configs.values(), |config| {
            let missing = self
                .environments
                .of(&config.product)
                .find(|environment| !self.sdk_keys.contains(&(config.id.clone(), environment.id.clone())));
            ensure(missing.is_none(), "sdk_keys", || {
                format!("there is no SDK key for {}", missing.map(|e| e.id.to_string()).unwrap_or_default())
            })
        })
    }
}
