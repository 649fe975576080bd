//! Deletions, with everything below.

use super::State;
use super::entities::DeletedSetting;
use configcat_management::models::{ConfigId, EnvironmentId, ProductId, SettingId, TagId};

impl State {
    pub(crate) fn remove_product(&mut self, id: &ProductId) {
        let configs: Vec<ConfigId> = self.configs_of(id).into_iter().map(|c| c.id.clone()).collect();
        configs.iter().for_each(|config| self.remove_config(config));
        let environments: Vec<EnvironmentId> =
            self.environments_of(id).into_iter().map(|e| e.id.clone()).collect();
        environments.iter().for_each(|environment| self.remove_environment(environment));
        self.tags.retain(|_, tag| tag.product != *id);
        self.permission_groups.retain(|_, group| group.product != *id);
        self.members.retain(|member| member.product != *id);
        self.products.remove(id);
    }

    pub(crate) fn remove_config(&mut self, id: &ConfigId) {
        let settings: Vec<SettingId> = self.settings_of(id).into_iter().map(|s| s.id).collect();
        settings.into_iter().for_each(|setting| self.remove_setting(setting));
        self.deleted_settings.retain(|deleted| deleted.config != *id);
        self.sdk_keys.retain(|(config, _), _| config != id);
        self.configs.remove(id);
    }

    pub(crate) fn remove_environment(&mut self, id: &EnvironmentId) {
        self.values.retain(|(_, environment), _| environment != id);
        self.sdk_keys.retain(|(_, environment), _| environment != id);
        self.environments.remove(id);
    }

    /// Deleted flags stay listed as such.
    pub(crate) fn remove_setting(&mut self, id: SettingId) {
        if let Some(setting) = self.settings.remove(&id) {
            self.values.retain(|(setting, _), _| *setting != id);
            self.deleted_settings.push(DeletedSetting {
                config: setting.config,
                key: setting.key,
                name: setting.name,
                hint: setting.hint,
                ty: setting.ty,
            });
        }
    }

    pub(crate) fn remove_tag(&mut self, id: TagId) {
        self.settings.values_mut().for_each(|setting| setting.tags.retain(|attached| attached.tag != id));
        self.tags.remove(&id);
    }
}
