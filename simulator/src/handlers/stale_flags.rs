//! Flags that have not been changed for a long time.

use crate::assumed;
use crate::call::Call;
use crate::generated::stale_flags::{GetQuery, StaleFlags};
use crate::problem::Problem;
use crate::state::entities::{Config, Environment, Setting};
use crate::state::{State, clock};
use configcat_management::Timestamp;
use configcat_management::construct;
use configcat_management::models::{
    ProductId, StaleFlagConfig, StaleFlagProduct, StaleFlagReminderScope, StaleFlagSetting,
    StaleFlagSettingValue, StaleFlagStaleInEnvironmentsType,
};

/// Criteria for stale flags.
struct Measure<'a> {
    before: Timestamp,
    everywhere: bool,
    environments: Vec<&'a Environment>,
}

impl State {
    // Documented: a flag is stale that has not been changed for some days, in any or in all environments.
    // Assumed: the days of a flag that was never changed count from its creation.
    // Assumed: only a change of the value counts, not one of name, hint or tags.
    fn stale(&self, setting: &Setting, measure: &Measure<'_>) -> Option<StaleFlagSetting> {
        let values: Vec<StaleFlagSettingValue> = measure
            .environments
            .iter()
            .filter_map(|environment| {
                let value = self.value(setting, environment).ok()?;
                Some(
                    construct::StaleFlagSettingValueFields {
                        environment_id: environment.id.clone(),
                        updated_at: value.updated,
                        is_stale: value.updated.unwrap_or(setting.created_at) <= measure.before,
                    }
                    .into(),
                )
            })
            .collect();
        let stale = if measure.everywhere {
            !values.is_empty() && values.iter().all(|value| value.is_stale)
        } else {
            values.iter().any(|value| value.is_stale)
        };
        stale.then(|| {
            construct::StaleFlagSettingFields {
                setting_id: setting.id,
                name: setting.name.clone(),
                key: setting.key.clone(),
                hint: setting.hint.clone(),
                has_code_references: self.code_reports.of(&setting.id).next().is_some(),
                tags: setting
                    .tags
                    .iter()
                    .map(|attached| {
                        construct::StaleFlagSettingTagFields {
                            tag_id: attached.tag,
                            setting_tag_id: attached.id,
                        }
                        .into()
                    })
                    .collect(),
                setting_values: values,
            }
            .into()
        })
    }

    // Documented: flags with a tag in `ignoredTagIds` are not listed.
    // Assumed: configs without stale flags are not listed.
    fn stale_config(
        &self,
        config: &Config,
        measure: &Measure<'_>,
        query: &GetQuery,
    ) -> Option<StaleFlagConfig> {
        let ignored = |setting: &&Setting| {
            setting.tags.iter().any(|attached| query.ignored_tag_ids.contains(&attached.tag))
        };
        let settings: Vec<StaleFlagSetting> = self
            .settings_of(&config.id)
            .into_iter()
            .filter(|setting| !ignored(setting))
            .filter_map(|setting| self.stale(setting, measure))
            .collect();
        (!settings.is_empty()).then(|| {
            construct::StaleFlagConfigFields {
                config_id: config.id.clone(),
                name: config.name.clone(),
                evaluation_version: config.version.clone(),
                has_code_references: self
                    .settings
                    .of(&config.id)
                    .any(|s| self.code_reports.of(&s.id).next().is_some()),
                settings,
            }
            .into()
        })
    }
}

impl StaleFlags for State {
    // Documented: environments in `ignoredEnvironmentIds` do not count.
    // Assumed: environments that the caller does not see do not count.
    // Assumed: a flag is stale that is so in any environment, if the request does not ask for all.
    // Assumed: `watchedByMe` lists nothing, because no operation watches a flag.
    fn get(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        query: GetQuery,
    ) -> Result<StaleFlagProduct, Problem> {
        let product = self.product(&product_id)?;
        let days = query.stale_flag_age_days.unwrap_or(assumed::STALE_AFTER_DAYS);
        let mut environments = self.visible_environments(&product_id);
        environments.retain(|environment| !query.ignored_environment_ids.contains(&environment.id));
        let all = StaleFlagStaleInEnvironmentsType::StaleInAllEnvironments;
        let measure = Measure {
            before: clock::later(call.now, -i64::from(days) * clock::MICROS_PER_DAY),
            everywhere: query.stale_flag_stale_in_environments_type == Some(all),
            environments,
        };
        // No flag is watched, because the API has no operation for it.
        let configs = if query.scope == Some(StaleFlagReminderScope::WatchedByMe) {
            Vec::new()
        } else {
            self.configs_of(&product_id)
        };
        Ok(construct::StaleFlagProductFields {
            product_id: product_id.clone(),
            name: product.name.clone(),
            configs: configs.into_iter().filter_map(|c| self.stale_config(c, &measure, &query)).collect(),
            environments: measure
                .environments
                .iter()
                .map(|e| {
                    construct::StaleFlagEnvironmentFields {
                        environment_id: e.id.clone(),
                        name: e.name.clone(),
                    }
                    .into()
                })
                .collect(),
        }
        .into())
    }
}
