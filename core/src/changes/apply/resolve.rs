//! Ids of entities while a plan is applied: those that were read, and those of what was created since.

use crate::changes::flag::Ids;
use crate::changes::section::VALUES;
use crate::changes::snapshot::{Registry, Snapshot};
use crate::models::SettingType;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ids that steps need.
#[derive(Debug)]
pub(super) struct Known {
    registry: Mutex<Registry>,
    /// Types of flags, by config and key.
    types: Mutex<BTreeMap<(String, String), SettingType>>,
}

impl Known {
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        let mut types = BTreeMap::new();
        for config in snapshot.product.iter().flat_map(|product| product.below("configs")) {
            for flag in config.below(VALUES.parent) {
                if let (Some(name), Some(key), Some(ty)) =
                    (config.text("name"), flag.text("key"), flag.text("settingType"))
                {
                    types.insert((name.to_owned(), key.to_owned()), ty.into());
                }
            }
        }
        Self { registry: Mutex::new(snapshot.registry.clone()), types: Mutex::new(types) }
    }

    /// Gives access to the ids. No other lock is taken meanwhile, and no call is made.
    pub(super) fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_type(&self, config: &str, key: &str, ty: SettingType) {
        let mut types = self.types.lock().unwrap_or_else(PoisonError::into_inner);
        types.insert((config.to_owned(), key.to_owned()), ty);
    }

    pub(super) fn type_of(&self, config: &str, key: &str) -> Option<SettingType> {
        let types = self.types.lock().unwrap_or_else(PoisonError::into_inner);
        types.get(&(config.to_owned(), key.to_owned())).cloned()
    }

    /// Returns the id of an entity; `None` if it does not exist, because the step that creates it failed.
    pub(super) fn id(&self, section: &str, path: &[String]) -> Option<String> {
        self.registry().id(section, path).map(str::to_owned)
    }
}

/// Ids for the conditions of a config.
pub(super) struct ConfigIds<'a> {
    pub(super) known: &'a Known,
    pub(super) config: &'a str,
}

impl Ids for ConfigIds<'_> {
    fn segment(&self, name: &str) -> Option<String> {
        self.known.registry().find("segments", name).map(str::to_owned)
    }

    fn flag(&self, key: &str) -> Option<(i32, SettingType)> {
        let registry = self.known.registry();
        let by_key = registry.id(VALUES.parent, &[self.config.to_owned(), key.to_owned()]).map(str::to_owned);
        // A number stands for the flag that has it.
        let name = registry.name(VALUES.parent, key).map(str::to_owned);
        drop(registry);
        let id = by_key.or_else(|| name.as_ref().map(|_| key.to_owned()))?.parse().ok()?;
        let ty = self.known.type_of(self.config, key).or_else(|| self.known.type_of(self.config, &name?))?;
        Some((id, ty))
    }
}
