//! Values and targeting of V2 configs, by identifiers and by SDK key.

use crate::call::Call;
use crate::generated::flag_values::{self, FlagValues};
use crate::generated::flag_values_by_sdk_key::{self, FlagValuesBySdkKey};
use crate::problem::Problem;
use crate::rules::{self, formulas, patching};
use crate::state::State;
use crate::state::entities::{Content, Formula};
use crate::state::views_values::wrong_version;
use configcat_management::construct;
use configcat_management::models::{
    ConfigId, ConfigSettingFormulas, EnvironmentId, EvaluationVersion, JsonPatch, SettingFormula, SettingId,
    UpdateEvaluationFormula, UpdateEvaluationFormulas, VersionId,
};
use configcat_management::{Timestamp, schema};

/// Query parameters of a change.
#[derive(Debug, Default)]
struct Terms {
    reason: Option<String>,
    bypass_approval: Option<bool>,
    latest_version: Option<VersionId>,
}

macro_rules! terms {
    ($query:expr) => {
        Terms {
            reason: $query.reason,
            bypass_approval: $query.bypass_approval,
            latest_version: $query.latest_version_id,
        }
    };
}

impl State {
    fn v2_value(
        &self,
        environment: &EnvironmentId,
        setting: SettingId,
    ) -> Result<(&Formula, &VersionId), Problem> {
        let (flag, _, environment) = self.flag_in(environment, setting)?;
        let state = self.value(flag, environment)?;
        match &state.content {
            Content::V2(formula) => Ok((formula, &state.version)),
            Content::V1(_) => Err(wrong_version(&EvaluationVersion::V1)),
        }
    }

    fn show_v2(&self, environment: &EnvironmentId, setting: SettingId) -> Result<SettingFormula, Problem> {
        let (flag, config, environment) = self.flag_in(environment, setting)?;
        self.view_formula(flag, config, environment)
    }

    // Documented: a change needs a reason where the product or the environment requires one, and an approval
    // or `bypassApproval` where approvals are required.
    fn check_terms(&self, environment: &EnvironmentId, terms: &Terms) -> Result<(), Problem> {
        let environment = self.environment(environment)?;
        rules::reason(self.reason_required(environment), terms.reason.as_deref())?;
        rules::approval(
            self.approve_required(environment),
            terms.bypass_approval,
            self.can_bypass(environment),
        )
    }

    // Documented: PUT replaces the whole value; fields that are absent are reset.
    // Documented: every change gives the value a new `lastVersionId`.
    // Assumed: replacing a value by the same one gives it a new `lastVersionId`, too.
    fn replace_v2(
        &mut self,
        now: Timestamp,
        environment: &EnvironmentId,
        setting: SettingId,
        terms: Terms,
        input: UpdateEvaluationFormula,
    ) -> Result<SettingFormula, Problem> {
        let (_, version) = self.v2_value(environment, setting)?;
        check_version(terms.latest_version.as_ref(), version)?;
        self.check_terms(environment, &terms)?;
        let (flag, config, _) = self.flag_in(environment, setting)?;
        let formula = self.formula(flag, config, input)?;
        self.refuse_cycle(&[(setting, formula.clone())], environment)?;
        self.store(now, environment, setting, Content::V2(formula), terms.reason)?;
        self.show_v2(environment, setting)
    }

    // Documented: a JSON Patch that changes nothing gets 204.
    // Assumed: a JSON Patch that changes nothing needs neither a reason nor an approval.
    fn patch_v2(
        &mut self,
        now: Timestamp,
        environment: &EnvironmentId,
        setting: SettingId,
        terms: Terms,
        patch: &JsonPatch,
    ) -> Result<Option<SettingFormula>, Problem> {
        let (formula, version) = self.v2_value(environment, setting)?;
        check_version(terms.latest_version.as_ref(), version)?;
        let current = formulas::as_input(formula);
        match patching::apply(&current, patch, &schema::flag_values::UPDATE_EVALUATION_FORMULA)? {
            Some(input) => self.replace_v2(now, environment, setting, terms, input).map(Some),
            None => Ok(None),
        }
    }

    fn show_all_v2(
        &self,
        config: &ConfigId,
        environment: &EnvironmentId,
    ) -> Result<ConfigSettingFormulas, Problem> {
        let (config, environment) = self.pair(config, environment)?;
        if config.version != EvaluationVersion::V2 {
            return Err(wrong_version(&config.version));
        }
        let relations = self.relations(&config.id, environment);
        let settings = self.settings_of(&config.id).into_iter();
        let formulas = settings.map(|s| self.view_config_formula(s, environment, &relations));
        Ok(construct::ConfigSettingFormulasFields {
            config: self.view_config(config)?,
            environment: self.view_environment(environment)?,
            read_only: !self.writes(environment),
            setting_formulas: formulas.collect::<Result<_, _>>()?,
            feature_flag_limitations: Self::limitations(),
            approve_required: self.approve_required(environment),
            can_bypass_approval: self.can_bypass(environment),
            reason_required: self.reason_required(environment),
        }
        .into())
    }
}

/// Rejects a change that is based on an older version, because it would overwrite the changes since then.
// Documented: a `latestVersionId` that is not the current version is refused with 409.
fn check_version(base: Option<&VersionId>, version: &VersionId) -> Result<(), Problem> {
    if base.is_some_and(|base| base != version) {
        let message = "The value has changed since that version.";
        return Err(Problem { status: 409, ..Problem::field("latestVersionId", message) });
    }
    Ok(())
}

impl FlagValues for State {
    fn get(
        &mut self,
        _: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
    ) -> Result<SettingFormula, Problem> {
        self.show_v2(&environment_id, setting_id)
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
        query: flag_values::PatchQuery,
        body: JsonPatch,
    ) -> Result<Option<SettingFormula>, Problem> {
        self.patch_v2(call.now, &environment_id, setting_id, terms!(query), &body)
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
        query: flag_values::ReplaceQuery,
        body: UpdateEvaluationFormula,
    ) -> Result<SettingFormula, Problem> {
        self.replace_v2(call.now, &environment_id, setting_id, terms!(query), body)
    }

    fn get_all(
        &mut self,
        _: &Call<'_>,
        config_id: ConfigId,
        environment_id: EnvironmentId,
    ) -> Result<ConfigSettingFormulas, Problem> {
        self.show_all_v2(&config_id, &environment_id)
    }

    // Documented: only the flags in the request are updated.
    // Assumed: a duplicate flag, or one of another config, is refused with 400.
    // Assumed: all flags of the request are checked before any is changed.
    // Assumed: `latestVersionId` must be the version of every flag in the request.
    fn replace_many(
        &mut self,
        call: &Call<'_>,
        config_id: ConfigId,
        environment_id: EnvironmentId,
        query: flag_values::ReplaceManyQuery,
        body: UpdateEvaluationFormulas,
    ) -> Result<ConfigSettingFormulas, Problem> {
        let (config, environment) = self.pair(&config_id, &environment_id)?;
        if config.version != EvaluationVersion::V2 {
            return Err(wrong_version(&config.version));
        }
        let terms = terms!(query);
        self.check_terms(&environment_id, &terms)?;
        // All are checked before any is stored.
        let mut checked: Vec<(SettingId, Formula)> = Vec::new();
        for (i, input) in body.update_formulas.unwrap_or_default().into_iter().enumerate() {
            let setting =
                input.setting_id.and_then(|id| self.settings.get(&id)).filter(|s| s.config == config_id);
            let field = format!("updateFormulas[{i}].settingId");
            let setting = setting.ok_or_else(|| Problem::field(&field, "The config has no such flag."))?;
            if checked.iter().any(|(id, _)| *id == setting.id) {
                return Err(Problem::field(field, "Duplicate flag."));
            }
            check_version(terms.latest_version.as_ref(), &self.value(setting, environment)?.version)?;
            let mut formula = UpdateEvaluationFormula::new(input.default_value);
            formula.targeting_rules = input.targeting_rules;
            formula.percentage_evaluation_attribute = input.percentage_evaluation_attribute;
            let formula = self.formula(setting, config, formula)?;
            checked.push((setting.id, formula));
        }
        self.refuse_cycle(&checked, &environment_id)?;
        for (setting, formula) in checked {
            self.store(call.now, &environment_id, setting, Content::V2(formula), terms.reason.clone())?;
        }
        self.show_all_v2(&config_id, &environment_id)
    }
}

impl FlagValuesBySdkKey for State {
    fn get(
        &mut self,
        _: &Call<'_>,
        setting_key_or_id: String,
        query: flag_values_by_sdk_key::GetQuery,
    ) -> Result<SettingFormula, Problem> {
        let (config, environment) = self.by_sdk_key(query.sdk_key.as_deref())?;
        self.show_v2(&environment, self.by_key_or_id(&config, &setting_key_or_id)?)
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        setting_key_or_id: String,
        query: flag_values_by_sdk_key::PatchQuery,
        body: JsonPatch,
    ) -> Result<Option<SettingFormula>, Problem> {
        let (config, environment) = self.by_sdk_key(query.sdk_key.as_deref())?;
        let setting = self.by_key_or_id(&config, &setting_key_or_id)?;
        self.patch_v2(call.now, &environment, setting, terms!(query), &body)
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        setting_key_or_id: String,
        query: flag_values_by_sdk_key::ReplaceQuery,
        body: UpdateEvaluationFormula,
    ) -> Result<SettingFormula, Problem> {
        let (config, environment) = self.by_sdk_key(query.sdk_key.as_deref())?;
        let setting = self.by_key_or_id(&config, &setting_key_or_id)?;
        self.replace_v2(call.now, &environment, setting, terms!(query), body)
    }
}
