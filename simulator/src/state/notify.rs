//! Collects changes for webhooks.

use super::State;
use super::notices::Notice;
use configcat_management::models::{ConfigId, EnvironmentId, SettingId};

impl State {
    /// Queues a change for the webhooks of a config in an environment and for proxies, if there may be any. Duplicates
    /// are skipped. Which proxies serve the SDK key is decided once, after the transaction.
    // Documented: a change of a flag's value calls the webhooks of its config and environment.
    pub(crate) fn notify(&mut self, notice: Notice) {
        let place = (notice.config.clone(), notice.environment.clone());
        let has_receiver = self.webhooks.find(&place).next().is_some()
            || self.notified_profiles(&notice.config).next().is_some();
        if has_receiver && self.noticed.insert(notice.clone()) {
            self.notices.push(notice);
        }
    }

    /// Queues the same change for every environment.
    // Assumed: creating and deleting a flag calls the webhooks of all environments.
    pub(crate) fn notify_everywhere(
        &mut self,
        config: &ConfigId,
        setting: SettingId,
        key: &str,
        details: &str,
    ) {
        let Some(product) = self.configs.get(config).map(|c| c.product.clone()) else { return };
        let environments: Vec<EnvironmentId> =
            self.environments_of(&product).into_iter().map(|e| e.id.clone()).collect();
        for environment in environments {
            self.notify(Notice {
                config: config.clone(),
                environment,
                setting,
                key: key.to_owned(),
                details: details.to_owned(),
                why: None,
            });
        }
    }
}
