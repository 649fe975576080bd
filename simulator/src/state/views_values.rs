//! Conversion of flag values to API models.

use super::State;
use super::entities::{
    Config, Content, Environment, Formula, Rollout, Setting, SettingValueState, prerequisites,
};
use crate::assumed;
use crate::problem::Problem;
use configcat_management::construct;
use configcat_management::models::{self, ConfigId, EnvironmentId, EvaluationVersion, SettingId};
use std::collections::{BTreeMap, BTreeSet};

impl SettingValueState {
    /// Returns the initial value of a flag in an environment.
    // Assumed: the value of a new flag with predefined variations is the first of them.
    // Assumed: a value that was never changed has no date of its last change.
    pub(crate) fn fresh(setting: &Setting, version: &EvaluationVersion, environment: &EnvironmentId) -> Self {
        let first = setting.variations.first();
        let value = first.map_or_else(|| assumed::default_value(&setting.ty), |v| v.value.clone());
        let content = if *version == EvaluationVersion::V2 {
            let default = models::FlagValue {
                value: Some(value),
                predefined_variation_id: first.map(|v| v.id.clone()),
                ..models::FlagValue::default()
            };
            Content::V2(Formula { default, rules: Vec::new(), percentage_attribute: None })
        } else {
            Content::V1(Rollout { value, rules: Vec::new(), percentages: Vec::new() })
        };
        Self {
            setting: setting.id,
            environment: environment.clone(),
            content,
            version: models::VersionId::new(super::ids::uuid()),
            updated: None,
            updater: None,
        }
    }
}

impl State {
    /// Returns the value of a flag in an environment. Every flag has a value in every environment.
    pub(crate) fn value(
        &self,
        setting: &Setting,
        environment: &Environment,
    ) -> Result<&SettingValueState, Problem> {
        self.values.get(&(setting.id, environment.id.clone())).ok_or_else(Problem::not_found)
    }

    fn view_setting_tags(&self, setting: &Setting) -> Vec<models::SettingTag> {
        setting
            .tags
            .iter()
            .filter_map(|attached| {
                let tag = self.tags.get(&attached.tag)?;
                Some(
                    construct::SettingTagFields {
                        setting_tag_id: attached.id,
                        tag_id: tag.id,
                        name: tag.name.clone(),
                        color: tag.color.clone(),
                    }
                    .into(),
                )
            })
            .collect()
    }

    fn view_links(&self, setting: &Setting, environment: &Environment) -> Vec<models::IntegrationLink> {
        let first = (setting.id, environment.id.clone(), String::new(), String::new());
        let links = self.integration_links.range(first..);
        links
            .take_while(|link| link.setting == setting.id && link.environment == environment.id)
            .map(Self::view_link)
            .collect()
    }

    // Assumed: `isWatching` is always false, because no operation watches a flag.
    pub(crate) fn view_setting_data(setting: &Setting) -> models::SettingData {
        construct::SettingDataFields {
            setting_id: setting.id,
            key: setting.key.clone(),
            name: setting.name.clone(),
            hint: setting.hint.clone(),
            setting_type: setting.ty.clone(),
            is_json: setting.is_json,
            order: setting.place.order,
            created_at: Some(setting.created_at),
            creator_email: Some(setting.creator.email.clone()),
            creator_full_name: Some(setting.creator.full_name.clone()),
            is_watching: false,
        }
        .into()
    }

    pub(crate) fn view_config_value(
        &self,
        setting: &Setting,
        environment: &Environment,
    ) -> Result<models::ConfigSettingValue, Problem> {
        let state = self.value(setting, environment)?;
        let Content::V1(rollout) = &state.content else { return Err(wrong_version(&EvaluationVersion::V2)) };
        let updater = state.updater.as_ref();
        Ok(construct::ConfigSettingValueFields {
            setting: Self::view_setting_data(setting),
            updated_at: state.updated,
            last_updater_user_email: updater.map(|by| by.email.clone()),
            last_updater_user_full_name: updater.map(|by| by.full_name.clone()),
            integration_links: self.view_links(setting, environment),
            setting_tags: self.view_setting_tags(setting),
            rollout_rules: rollout.rules.clone(),
            rollout_percentage_items: rollout.percentages.clone(),
            value: rollout.value.clone(),
        }
        .into())
    }

    pub(crate) fn view_value(
        &self,
        setting: &Setting,
        config: &Config,
        environment: &Environment,
    ) -> Result<models::SettingValueDetails, Problem> {
        let value = self.view_config_value(setting, environment)?;
        Ok(construct::SettingValueDetailsFields {
            setting: value.setting,
            updated_at: value.updated_at,
            last_updater_user_email: value.last_updater_user_email,
            last_updater_user_full_name: value.last_updater_user_full_name,
            integration_links: value.integration_links,
            setting_tags: value.setting_tags,
            rollout_rules: value.rollout_rules,
            rollout_percentage_items: value.rollout_percentage_items,
            value: value.value,
            config: self.view_config(config)?,
            environment: self.view_environment(environment)?,
            feature_flag_limitations: Self::limitations(),
            read_only: !self.writes(environment),
        }
        .into())
    }

    /// Returns the flags whose values depend on this one, in any environment.
    pub(crate) fn dependents(&self, setting: &Setting) -> Vec<SettingId> {
        let Some(config) = self.configs.get(&setting.config) else { return Vec::new() };
        let environments = self.environments.of(&config.product);
        let values = environments.flat_map(|e| self.values.find(&(e.id.clone(), setting.id)));
        let dependents: BTreeSet<SettingId> = values.map(|value| value.setting).collect();
        dependents.into_iter().collect()
    }

    /// Collects the dependents and the open change requests of one flag in an environment.
    fn relations_of(&self, setting: SettingId, environment: &Environment) -> Relations {
        let values = self.values.find(&(environment.id.clone(), setting));
        let dependents: BTreeSet<SettingId> = values.map(|value| value.setting).collect();
        let mut relations = self.proposals_in(environment);
        relations.dependents.insert(setting, dependents.into_iter().collect());
        relations
    }

    /// Collects the dependents and the open change requests of all flags of a config in an environment.
    pub(crate) fn relations(&self, config: &ConfigId, environment: &Environment) -> Relations {
        let mut relations = self.proposals_in(environment);
        for setting in self.settings.of(config) {
            let value = self.values.get(&(setting.id, environment.id.clone()));
            for needed in value.iter().flat_map(|value| prerequisites(&value.content)) {
                let dependents = relations.dependents.entry(needed).or_default();
                if dependents.last() != Some(&setting.id) {
                    dependents.push(setting.id);
                }
            }
        }
        relations
    }

    /// Counts the open change requests of each flag in an environment.
    fn proposals_in(&self, environment: &Environment) -> Relations {
        let mut relations = Relations::default();
        let product = self.change_requests.of(&environment.product);
        let open = product.filter(|request| request.is_open() && request.environment == environment.id);
        for proposal in open.flat_map(|request| &request.proposals) {
            *relations.change_requests.entry(proposal.setting).or_default() += 1;
        }
        relations
    }

    pub(crate) fn view_config_formula(
        &self,
        setting: &Setting,
        environment: &Environment,
        relations: &Relations,
    ) -> Result<models::ConfigSettingFormula, Problem> {
        let state = self.value(setting, environment)?;
        let Content::V2(formula) = &state.content else { return Err(wrong_version(&EvaluationVersion::V1)) };
        Ok(self.view_formula_of(setting, environment, state, formula, relations))
    }

    /// Returns a flag's data with a current or proposed formula.
    pub(crate) fn view_formula_of(
        &self,
        setting: &Setting,
        environment: &Environment,
        state: &SettingValueState,
        formula: &Formula,
        relations: &Relations,
    ) -> models::ConfigSettingFormula {
        let updater = state.updater.as_ref();
        let data = Self::view_setting_data(setting);
        construct::ConfigSettingFormulaFields {
            last_version_id: state.version.clone(),
            default_value: formula.default.clone(),
            targeting_rules: formula.rules.clone(),
            setting: construct::FlagSettingDataFields {
                setting_id: data.setting_id,
                key: data.key,
                name: data.name,
                hint: data.hint,
                setting_type: data.setting_type,
                is_json: data.is_json,
                order: data.order,
                created_at: data.created_at,
                creator_email: data.creator_email,
                creator_full_name: data.creator_full_name,
                predefined_variations: setting.variations.iter().map(Self::view_variation).collect(),
                is_watching: false,
            }
            .into(),
            updated_at: state.updated,
            percentage_evaluation_attribute: formula.percentage_attribute.clone(),
            last_updater_user_email: updater.map(|by| by.email.clone()),
            last_updater_user_full_name: updater.map(|by| by.full_name.clone()),
            integration_links: self.view_links(setting, environment),
            setting_tags: self.view_setting_tags(setting),
            setting_ids_where_prerequisite: relations
                .dependents
                .get(&setting.id)
                .cloned()
                .unwrap_or_default(),
            change_request_count: relations.change_requests.get(&setting.id).copied().unwrap_or_default(),
        }
        .into()
    }

    pub(crate) fn view_formula(
        &self,
        setting: &Setting,
        config: &Config,
        environment: &Environment,
    ) -> Result<models::SettingFormula, Problem> {
        let relations = self.relations_of(setting.id, environment);
        let formula = self.view_config_formula(setting, environment, &relations)?;
        Ok(construct::SettingFormulaFields {
            last_version_id: formula.last_version_id,
            default_value: formula.default_value,
            targeting_rules: formula.targeting_rules,
            setting: formula.setting,
            updated_at: formula.updated_at,
            percentage_evaluation_attribute: formula.percentage_evaluation_attribute,
            last_updater_user_email: formula.last_updater_user_email,
            last_updater_user_full_name: formula.last_updater_user_full_name,
            integration_links: formula.integration_links,
            setting_tags: formula.setting_tags,
            setting_ids_where_prerequisite: formula.setting_ids_where_prerequisite,
            change_request_count: formula.change_request_count,
            config: self.view_config(config)?,
            environment: self.view_environment(environment)?,
            read_only: !self.writes(environment),
            feature_flag_limitations: Self::limitations(),
            approve_required: self.approve_required(environment),
            can_bypass_approval: self.can_bypass(environment),
            reason_required: self.reason_required(environment),
        }
        .into())
    }
}

/// Dependents of each flag of a config in an environment, and numbers of open proposals. Computed once for all flags.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    dependents: BTreeMap<SettingId, Vec<SettingId>>,
    change_requests: BTreeMap<SettingId, i32>,
}

/// Returns the problem for a request to the endpoints of one version about a config of the other.
// Assumed: the V1 endpoints refuse V2 configs with 400.
// Assumed: the V2 endpoints refuse V1 configs with 400.
pub(crate) fn wrong_version(version: &EvaluationVersion) -> Problem {
    Problem::field(
        "configId",
        format!("The config is of evaluation version {version}; use the endpoints of that version."),
    )
}
