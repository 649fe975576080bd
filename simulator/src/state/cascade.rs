//! Deletions of entities with all their dependents.

use super::State;
use super::entities::{DeletedSetting, IntegrationLink};
use super::table::Row as _;
use configcat_management::models::{ConfigId, EnvironmentId, ProductId, SettingId, TagId};

impl State {
    // Documented: deleting a product, config or environment deletes what is below it.
    pub(crate) fn remove_product(&mut self, id: &ProductId) {
        let configs: Vec<ConfigId> = self.configs.of(id).map(|c| c.id.clone()).collect();
        configs.iter().for_each(|config| self.remove_config(config));
        let environments: Vec<EnvironmentId> = self.environments.of(id).map(|e| e.id.clone()).collect();
        environments.iter().for_each(|environment| self.remove_environment(environment));
        self.tags.remove_of(id);
        self.segments.remove_of(id);
        self.webhooks.remove_of(id);
        self.integrations.remove_of(id);
        self.change_requests.remove_of(id);
        self.invitations.remove_of(id);
        self.members.remove_of(id);
        self.permission_groups.remove_of(id);
        self.products.remove(id);
    }

    // Assumed: the change requests of a deleted config or environment are deleted, too.
    pub(crate) fn remove_config(&mut self, id: &ConfigId) {
        let settings: Vec<SettingId> = self.settings.of(id).map(|s| s.id).collect();
        settings.into_iter().for_each(|setting| self.remove_setting(setting));
        self.deleted_settings.remove_of(id);
        let first = (id.clone(), EnvironmentId::new(""));
        let pairs = self.sdk_keys.range(first..).take_while(|pair| pair.config == *id);
        let pairs: Vec<_> = pairs.map(|pair| (pair.config.clone(), pair.environment.clone())).collect();
        pairs.iter().for_each(|pair| drop(self.sdk_keys.remove(pair)));
        self.webhooks.retain(|webhook| webhook.config != *id);
        self.change_requests.retain(|request| request.config != *id);
        self.forget_in_integrations(|_, config| config == id);
        self.forget_in_profiles(|config, _| config == id);
        self.configs.remove(id);
    }

    pub(crate) fn remove_environment(&mut self, id: &EnvironmentId) {
        self.values.remove_of(id);
        self.sdk_keys.remove_of(id);
        self.webhooks.retain(|webhook| webhook.environment != *id);
        self.change_requests.retain(|request| request.environment != *id);
        self.integration_links.retain(|link| link.environment != *id);
        self.forget_in_integrations(|environment, _| environment == id);
        self.forget_in_profiles(|_, environment| environment == id);
        let groups: Vec<_> = self.environments.get(id).map_or_else(Vec::new, |environment| {
            self.permission_groups.of(&environment.product).map(|group| group.id).collect()
        });
        for group in groups {
            if let Some(group) = self.permission_groups.get_mut(&group) {
                group.environments.retain(|right| right.environment != *id);
            }
        }
        self.environments.remove(id);
    }

    /// Deletes a flag, which stays in the list of deleted flags.
    // Documented: deleted flags stay in the list of deleted flags of their config.
    pub(crate) fn remove_setting(&mut self, id: SettingId) {
        let Some(setting) = self.settings.remove(&id) else { return };
        let values: Vec<_> = self.values_of(id).map(|value| value.environment.clone()).collect();
        for environment in values {
            self.values.remove(&(id, environment));
        }
        self.code_reports.remove_of(&id);
        let first = (id, EnvironmentId::new(""), String::new(), String::new());
        let links = self.integration_links.range(first..).take_while(|link| link.setting == id);
        let links: Vec<_> = links.map(IntegrationLink::key).collect();
        links.iter().for_each(|link| drop(self.integration_links.remove(link)));
        self.deleted_settings.insert(DeletedSetting {
            id,
            config: setting.config,
            key: setting.key,
            name: setting.name,
            hint: setting.hint,
            ty: setting.ty,
        });
    }

    // Assumed: a tag that is in use can be deleted; its flags lose it.
    pub(crate) fn remove_tag(&mut self, id: TagId) {
        let tagged: Vec<SettingId> = self.tagged(id).map(|setting| setting.id).collect();
        for setting in tagged {
            if let Some(setting) = self.settings.get_mut(&setting) {
                setting.tags.retain(|attached| attached.tag != id);
            }
        }
        self.tags.remove(&id);
    }

    /// Removes deleted environments and configs from integrations. An integration that named only deleted ones is
    /// deleted as well, because an empty list would apply to everything.
    // Assumed: an integration that names only deleted environments or configs is deleted, because an empty
    // list stands for all.
    fn forget_in_integrations(&mut self, deleted: impl Fn(&EnvironmentId, &ConfigId) -> bool) {
        let nowhere = (EnvironmentId::new(""), ConfigId::new(""));
        let touched: Vec<_> = self
            .integrations
            .values()
            .filter(|i| {
                i.environments.iter().any(|e| deleted(e, &nowhere.1))
                    || i.configs.iter().any(|c| deleted(&nowhere.0, c))
            })
            .map(|i| i.id.clone())
            .collect();
        for id in touched {
            let Some(integration) = self.integrations.get_mut(&id) else { continue };
            let had = (integration.environments.len(), integration.configs.len());
            integration.environments.retain(|e| !deleted(e, &nowhere.1));
            integration.configs.retain(|c| !deleted(&nowhere.0, c));
            let emptied = (had.0 > 0 && integration.environments.is_empty())
                || (had.1 > 0 && integration.configs.is_empty());
            if emptied {
                self.integrations.remove(&id);
            }
        }
    }

    // Assumed: a proxy profile loses the SDK keys of deleted configs and environments.
    fn forget_in_profiles(&mut self, deleted: impl Fn(&ConfigId, &EnvironmentId) -> bool) {
        let touched: Vec<_> = self
            .proxy_profiles
            .values()
            .filter(|p| p.selected.iter().any(|(c, e)| deleted(c, e)))
            .map(|p| p.id.clone())
            .collect();
        for id in touched {
            if let Some(profile) = self.proxy_profiles.get_mut(&id) {
                profile.selected.retain(|(c, e)| !deleted(c, e));
            }
        }
    }
}
