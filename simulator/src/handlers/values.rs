//! Values of V1 configs, by identifiers and by SDK key.

use crate::call::Call;
use crate::generated::values::{self, Values};
use crate::generated::values_by_sdk_key::{self, ValuesBySdkKey};
use crate::problem::Problem;
use crate::rules::{self, patching, rollouts};
use crate::state::entities::{Content, Rollout};
use crate::state::notices::Notice;
use crate::state::views_values::wrong_version;
use crate::state::{Event, State, ids};
use configcat_management::construct;
use configcat_management::models::{
    AuditLogType, ConfigId, ConfigSettingValues, EnvironmentId, EvaluationVersion, JsonPatch, SettingId,
    SettingValueDetails, UpdateSettingValue, UpdateSettingValuesWithId, VersionId,
};
use configcat_management::{Timestamp, schema};

impl State {
    /// Stores a new value of a V1 or V2 config.
    // Assumed: a value that is replaced by an equal one is a change: new version, audit log entry, webhook call.
    pub(crate) fn store(
        &mut self,
        now: Timestamp,
        environment: &EnvironmentId,
        setting: SettingId,
        content: Content,
        why: Option<String>,
    ) -> Result<(), Problem> {
        let flag = self.setting(setting)?;
        let (config, key) = (flag.config.clone(), flag.key.clone());
        let product = self.config(&config)?.product.clone();
        let me = self.me.clone();
        let state = self.values.get_mut(&(setting, environment.clone())).ok_or_else(Problem::not_found)?;
        state.content = content;
        state.version = VersionId::new(ids::uuid());
        state.updated = Some(now);
        state.updater = Some(me);
        let notice = Notice {
            config: config.clone(),
            environment: environment.clone(),
            setting,
            key: key.clone(),
            details: "Value changed.".into(),
            why: why.clone(),
        };
        self.notify(notice);
        let event = Event::new(AuditLogType::SettingValueChanged, &product, &key, "Value changed.");
        self.record(now, event.config(&config).environment(environment).why(why));
        Ok(())
    }

    fn v1_value(&self, environment: &EnvironmentId, setting: SettingId) -> Result<&Rollout, Problem> {
        let (flag, _, environment) = self.flag_in(environment, setting)?;
        match &self.value(flag, environment)?.content {
            Content::V1(rollout) => Ok(rollout),
            Content::V2(_) => Err(wrong_version(&EvaluationVersion::V2)),
        }
    }

    fn show_v1(
        &self,
        environment: &EnvironmentId,
        setting: SettingId,
    ) -> Result<SettingValueDetails, Problem> {
        let (flag, config, environment) = self.flag_in(environment, setting)?;
        self.view_value(flag, config, environment)
    }

    // Documented: PUT replaces the whole value; fields that are absent are reset.
    // Assumed: V1 endpoints need no approval where one is required, because they have no `bypassApproval`.
    fn replace_v1(
        &mut self,
        now: Timestamp,
        environment: &EnvironmentId,
        setting: SettingId,
        why: Option<String>,
        input: UpdateSettingValue,
    ) -> Result<SettingValueDetails, Problem> {
        self.v1_value(environment, setting)?;
        rules::reason(self.reason_required(self.environment(environment)?), why.as_deref())?;
        let rollout = self.rollout(self.setting(setting)?, input)?;
        self.store(now, environment, setting, Content::V1(rollout), why)?;
        self.show_v1(environment, setting)
    }

    // Documented: a JSON Patch that changes nothing gets 204.
    // Assumed: a JSON Patch that changes nothing needs no reason.
    fn patch_v1(
        &mut self,
        now: Timestamp,
        environment: &EnvironmentId,
        setting: SettingId,
        why: Option<String>,
        patch: &JsonPatch,
    ) -> Result<Option<SettingValueDetails>, Problem> {
        let current = rollouts::as_input(self.v1_value(environment, setting)?);
        match patching::apply(&current, patch, &schema::values::UPDATE_SETTING_VALUE)? {
            Some(input) => self.replace_v1(now, environment, setting, why, input).map(Some),
            None => Ok(None),
        }
    }

    fn show_all_v1(
        &self,
        config: &ConfigId,
        environment: &EnvironmentId,
    ) -> Result<ConfigSettingValues, Problem> {
        let (config, environment) = self.pair(config, environment)?;
        if config.version == EvaluationVersion::V2 {
            return Err(wrong_version(&config.version));
        }
        let values = self.settings_of(&config.id).into_iter().map(|s| self.view_config_value(s, environment));
        Ok(construct::ConfigSettingValuesFields {
            config: self.view_config(config)?,
            environment: self.view_environment(environment)?,
            read_only: !self.writes(environment),
            setting_values: values.collect::<Result<_, _>>()?,
            feature_flag_limitations: Self::limitations(),
        }
        .into())
    }
}

impl Values for State {
    fn get(
        &mut self,
        _: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
    ) -> Result<SettingValueDetails, Problem> {
        self.show_v1(&environment_id, setting_id)
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
        query: values::PatchQuery,
        body: JsonPatch,
    ) -> Result<Option<SettingValueDetails>, Problem> {
        self.patch_v1(call.now, &environment_id, setting_id, query.reason, &body)
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        environment_id: EnvironmentId,
        setting_id: SettingId,
        query: values::ReplaceQuery,
        body: UpdateSettingValue,
    ) -> Result<SettingValueDetails, Problem> {
        self.replace_v1(call.now, &environment_id, setting_id, query.reason, body)
    }

    fn get_all(
        &mut self,
        _: &Call<'_>,
        config_id: ConfigId,
        environment_id: EnvironmentId,
    ) -> Result<ConfigSettingValues, Problem> {
        self.show_all_v1(&config_id, &environment_id)
    }

    // Documented: only the flags in the request are updated.
    // Assumed: a duplicate flag, or one of another config, is refused with 400.
    // Assumed: all flags of the request are checked before any is changed.
    fn replace_many(
        &mut self,
        call: &Call<'_>,
        config_id: ConfigId,
        environment_id: EnvironmentId,
        query: values::ReplaceManyQuery,
        body: UpdateSettingValuesWithId,
    ) -> Result<ConfigSettingValues, Problem> {
        let (config, environment) = self.pair(&config_id, &environment_id)?;
        if config.version == EvaluationVersion::V2 {
            return Err(wrong_version(&config.version));
        }
        rules::reason(self.reason_required(environment), query.reason.as_deref())?;
        // All are checked before any is stored.
        let mut checked: Vec<(SettingId, Rollout)> = Vec::new();
        for (i, input) in body.setting_values.unwrap_or_default().into_iter().enumerate() {
            let setting =
                input.setting_id.and_then(|id| self.settings.get(&id)).filter(|s| s.config == config_id);
            let field = format!("settingValues[{i}].settingId");
            let setting = setting.ok_or_else(|| Problem::field(&field, "The config has no such flag."))?;
            if checked.iter().any(|(id, _)| *id == setting.id) {
                return Err(Problem::field(field, "Duplicate flag."));
            }
            let mut value = UpdateSettingValue::new(input.value);
            value.rollout_rules = input.rollout_rules;
            value.rollout_percentage_items = input.rollout_percentage_items;
            let rollout = self.rollout(setting, value)?;
            checked.push((setting.id, rollout));
        }
        for (setting, rollout) in checked {
            self.store(call.now, &environment_id, setting, Content::V1(rollout), query.reason.clone())?;
        }
        self.show_all_v1(&config_id, &environment_id)
    }
}

impl ValuesBySdkKey for State {
    fn get(
        &mut self,
        _: &Call<'_>,
        setting_key_or_id: String,
        query: values_by_sdk_key::GetQuery,
    ) -> Result<SettingValueDetails, Problem> {
        let (config, environment) = self.by_sdk_key(query.sdk_key.as_deref())?;
        self.show_v1(&environment, self.by_key_or_id(&config, &setting_key_or_id)?)
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        setting_key_or_id: String,
        query: values_by_sdk_key::PatchQuery,
        body: JsonPatch,
    ) -> Result<Option<SettingValueDetails>, Problem> {
        let (config, environment) = self.by_sdk_key(query.sdk_key.as_deref())?;
        let setting = self.by_key_or_id(&config, &setting_key_or_id)?;
        self.patch_v1(call.now, &environment, setting, query.reason, &body)
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        setting_key_or_id: String,
        query: values_by_sdk_key::ReplaceQuery,
        body: UpdateSettingValue,
    ) -> Result<SettingValueDetails, Problem> {
        let (config, environment) = self.by_sdk_key(query.sdk_key.as_deref())?;
        let setting = self.by_key_or_id(&config, &setting_key_or_id)?;
        self.replace_v1(call.now, &environment, setting, query.reason, body)
    }
}
