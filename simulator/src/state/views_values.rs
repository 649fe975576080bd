//! How the values of flags look on the wire.

use super::State;
use super::entities::{Config, Content, Environment, Formula, Rollout, Setting, SettingValueState};
use crate::assumed;
use crate::problem::Problem;
use configcat_management::models::{self, EvaluationVersion, SettingId};

impl SettingValueState {
    /// The value of a flag that nobody set in an environment.
    pub(crate) fn fresh(setting: &Setting, version: &EvaluationVersion) -> Self {
        let first = setting.variations.first();
        let value = first.map_or_else(|| assumed::default_value(&setting.ty), |v| v.value.clone());
        let content = if *version == EvaluationVersion::V2 {
            let default = models::FlagValue {
                value: Some(value),
                predefined_variation_id: first.map(|v| v.id.clone()),
            };
            Content::V2(Formula { default, rules: Vec::new(), percentage_attribute: None })
        } else {
            Content::V1(Rollout { value, rules: Vec::new(), percentages: Vec::new() })
        };
        Self { content, version: models::VersionId::new(super::ids::uuid()), updated: None }
    }
}

impl State {
    /// The value of a flag in an environment; every flag has one everywhere.
    pub(crate) fn value(
        &self,
        setting: &Setting,
        environment: &Environment,
    ) -> Result<&SettingValueState, Problem> {
        self.values.get(&(setting.id, environment.id.clone())).ok_or_else(Problem::not_found)
    }

    fn view_setting_tags(&self, setting: &Setting) -> Result<Vec<models::SettingTag>, Problem> {
        setting
            .tags
            .iter()
            .map(|attached| {
                let tag = self.tag(attached.tag)?;
                Ok(models::SettingTag {
                    setting_tag_id: attached.id,
                    tag_id: tag.id,
                    name: tag.name.clone(),
                    color: tag.color.clone(),
                })
            })
            .collect()
    }

    fn updater(&self, value: &SettingValueState) -> (Option<String>, Option<String>) {
        let known = value.updated.is_some();
        (known.then(|| self.me.email.clone()), known.then(|| self.me.full_name.clone()))
    }

    pub(crate) fn view_config_value(
        &self,
        setting: &Setting,
        environment: &Environment,
    ) -> Result<models::ConfigSettingValue, Problem> {
        let state = self.value(setting, environment)?;
        let Content::V1(rollout) = &state.content else { return Err(wrong_version(&EvaluationVersion::V2)) };
        let (last_updater_user_email, last_updater_user_full_name) = self.updater(state);
        Ok(models::ConfigSettingValue {
            setting: models::SettingData {
                setting_id: setting.id,
                key: setting.key.clone(),
                name: setting.name.clone(),
                hint: setting.hint.clone(),
                setting_type: setting.ty.clone(),
                is_json: setting.is_json,
                order: setting.place.order,
                created_at: Some(setting.created_at),
                creator_email: Some(self.me.email.clone()),
                creator_full_name: Some(self.me.full_name.clone()),
                is_watching: false,
            },
            updated_at: state.updated,
            last_updater_user_email,
            last_updater_user_full_name,
            integration_links: Vec::new(),
            setting_tags: self.view_setting_tags(setting)?,
            rollout_rules: rollout.rules.clone(),
            rollout_percentage_items: rollout.percentages.clone(),
            value: rollout.value.clone(),
        })
    }

    pub(crate) fn view_value(
        &self,
        setting: &Setting,
        config: &Config,
        environment: &Environment,
    ) -> Result<models::SettingValueDetails, Problem> {
        let value = self.view_config_value(setting, environment)?;
        Ok(models::SettingValueDetails {
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
            read_only: false,
        })
    }

    /// Flags whose values depend on this one.
    pub(crate) fn dependents(&self, id: SettingId) -> Vec<SettingId> {
        let mut found: Vec<SettingId> = self
            .values
            .iter()
            .filter(|(_, state)| prerequisites(&state.content).any(|needed| needed == id))
            .map(|((setting, _), _)| *setting)
            .collect();
        found.dedup();
        found
    }

    pub(crate) fn view_config_formula(
        &self,
        setting: &Setting,
        environment: &Environment,
    ) -> Result<models::ConfigSettingFormula, Problem> {
        let state = self.value(setting, environment)?;
        let Content::V2(formula) = &state.content else { return Err(wrong_version(&EvaluationVersion::V1)) };
        let (last_updater_user_email, last_updater_user_full_name) = self.updater(state);
        let dependents = self
            .values
            .iter()
            .filter(|((_, at), state)| {
                *at == environment.id && prerequisites(&state.content).any(|needed| needed == setting.id)
            })
            .map(|((dependent, _), _)| *dependent)
            .collect();
        Ok(models::ConfigSettingFormula {
            last_version_id: state.version.clone(),
            default_value: formula.default.clone(),
            targeting_rules: formula.rules.clone(),
            setting: models::FlagSettingData {
                setting_id: setting.id,
                key: setting.key.clone(),
                name: setting.name.clone(),
                hint: setting.hint.clone(),
                setting_type: setting.ty.clone(),
                is_json: setting.is_json,
                order: setting.place.order,
                created_at: Some(setting.created_at),
                creator_email: Some(self.me.email.clone()),
                creator_full_name: Some(self.me.full_name.clone()),
                predefined_variations: setting.variations.iter().map(Self::view_variation).collect(),
                is_watching: false,
            },
            updated_at: state.updated,
            percentage_evaluation_attribute: formula.percentage_attribute.clone(),
            last_updater_user_email,
            last_updater_user_full_name,
            integration_links: Vec::new(),
            setting_tags: self.view_setting_tags(setting)?,
            setting_ids_where_prerequisite: dependents,
            change_request_count: 0,
        })
    }

    pub(crate) fn view_formula(
        &self,
        setting: &Setting,
        config: &Config,
        environment: &Environment,
    ) -> Result<models::SettingFormula, Problem> {
        let formula = self.view_config_formula(setting, environment)?;
        Ok(models::SettingFormula {
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
            read_only: false,
            feature_flag_limitations: Self::limitations(),
            approve_required: self.approve_required(environment),
            can_bypass_approval: true,
            reason_required: self.reason_required(environment),
        })
    }
}

/// The flags that a value depends on.
pub(crate) fn prerequisites(content: &Content) -> impl Iterator<Item = SettingId> {
    let formula = match content {
        Content::V2(formula) => Some(formula),
        Content::V1(_) => None,
    };
    formula.into_iter().flat_map(formula_prerequisites)
}

/// The flags that a formula depends on.
pub(crate) fn formula_prerequisites(formula: &Formula) -> impl Iterator<Item = SettingId> {
    formula
        .rules
        .iter()
        .flat_map(|rule| &rule.conditions)
        .filter_map(|condition| condition.prerequisite_flag_condition.as_ref())
        .map(|condition| condition.prerequisite_setting_id)
}

/// A config of one version was asked for a value of the other.
pub(crate) fn wrong_version(version: &EvaluationVersion) -> Problem {
    Problem::field(
        "configId",
        format!("The config is of evaluation version {version}; use the endpoints of that version."),
    )
}
