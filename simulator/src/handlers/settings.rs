//! Metadata of flags and settings.

use crate::assumed::plan;
use crate::call::Call;
use crate::generated::settings::Settings;
use crate::handlers::predefined_variations as variations;
use crate::problem::Problem;
use crate::rules::{self, patching, values::typed};
use crate::state::entities::{AttachedTag, Content, Setting, SettingValueState, Variation};
use crate::state::{Event, State, ids};
use configcat_management::construct;
use configcat_management::models::{
    self, AuditLogType, ConfigId, CreateSetting, DeletedSetting, EnvironmentAccessType, EnvironmentId,
    FlagValue, InitialValue, JsonPatch, PredefinedVariationId, ProductId, ReplaceSetting, SettingId,
    SettingType, TagId,
};
use configcat_management::{Field, Timestamp, schema};
use std::collections::BTreeMap;

/// Identifiers of a new flag that a seed assigns.
#[derive(Debug, Default)]
pub(crate) struct GivenIds {
    pub(crate) setting: Option<SettingId>,
    /// Identifiers of the predefined variations, in their order.
    pub(crate) variations: Vec<Option<PredefinedVariationId>>,
}

impl State {
    /// Creates a flag with a value in every environment.
    ///
    /// Documented: a key is unique in its config; a duplicate is refused with 400.
    /// Observed (infrastructure provider): the text about a duplicate key contains `This key is already in use. Please, choose another`, under `key`.
    /// Assumed: a key may have any characters.
    /// Assumed: values of a setting with `isJson` need not be JSON.
    pub(crate) fn create_setting(
        &mut self,
        now: Timestamp,
        config_id: &ConfigId,
        given: GivenIds,
        input: CreateSetting,
    ) -> Result<SettingId, Problem> {
        let config = self.config(config_id)?;
        let (product, version) = (config.product.clone(), config.version.clone());
        rules::named("name", &input.name)?;
        rules::named("key", &input.key)?;
        if self.by_key(config_id, &input.key).is_some() {
            return Err(Problem::property("key", "This key is already in use. Please, choose another one."));
        }
        let hint = input.hint.value();
        self.check_hint(&product, hint.as_deref())?;
        let initial = input.initial_values.value().unwrap_or_default();
        let from = input.setting_id_to_init_from.value();
        let source = self.setting_source(config_id, &input.setting_type, from, &initial)?;
        let mut tags = input.tags.value().unwrap_or_default();
        tags.extend(source.iter().flat_map(|source| &source.tags).map(|attached| attached.tag));
        let tags = self.check_tags(&product, tags)?;
        let is_json = check_json(&input.setting_type, input.is_json.value())?;
        let inputs = input.predefined_variations.value().unwrap_or_default();
        variations::check_version(&version, inputs.is_empty())?;
        let mut variations = first_variations(&input.setting_type, inputs, given.variations)?;
        if variations.is_empty() {
            variations.extend(source.iter().flat_map(|source| &source.variations).map(Variation::copied));
        }
        let source = source.map(|source| source.id);
        let last = self.last_order(config_id);
        let id = self.new_setting_id(given.setting)?;
        let setting = Setting {
            id,
            config: config_id.clone(),
            key: input.key,
            name: input.name,
            hint,
            place: self.ids.place(input.order.value(), last.into_iter()),
            ty: input.setting_type,
            is_json,
            created_at: now,
            creator: self.me.clone(),
            tags: self.attach(tags, &[]),
            variations,
        };
        let values = self.first_values(&setting, &product, &version, source, initial)?;
        values.into_values().for_each(|value| self.values.insert(value));
        let key = setting.key.clone();
        self.settings.insert(setting);
        let event = Event::new(AuditLogType::SettingCreated, &product, &key, "Flag created.");
        self.record(now, event.config(config_id));
        self.notify_everywhere(config_id, id, &key, "Flag created.");
        Ok(id)
    }

    /// Returns the number of a new flag: the given one, or the next one.
    ///
    /// Assumed: numbers of deleted flags are not used again.
    pub(crate) fn new_setting_id(&mut self, given: Option<SettingId>) -> Result<SettingId, Problem> {
        let Some(id) = given else { return Ok(self.ids.setting()) };
        if self.settings.contains(&id) || self.deleted_settings.contains(&id) {
            return Err(Problem::field("settingId", "It already exists."));
        }
        self.ids.reserve("settingId", id.get().into())?;
        Ok(id)
    }

    /// Returns the flag that a new one copies its values and tags from.
    ///
    /// Documented: `settingIdToInitFrom` copies values and tags, excludes `initialValues`, and requires access to all
    /// environments.
    /// Assumed: the flag of `settingIdToInitFrom` has the same config and type, and its predefined variations are copied too.
    fn setting_source(
        &self,
        config: &ConfigId,
        ty: &SettingType,
        id: Option<SettingId>,
        initial: &[InitialValue],
    ) -> Result<Option<&Setting>, Problem> {
        let Some(id) = id else { return Ok(None) };
        if !initial.is_empty() {
            let message = "Only one of settingIdToInitFrom and initialValues can be set.";
            return Err(Problem::field("settingIdToInitFrom", message));
        }
        let source = self.settings.get(&id).filter(|s| s.config == *config && s.ty == *ty);
        let Some(source) = source else {
            let message = "The source is a flag of the same config and type.";
            return Err(Problem::field("settingIdToInitFrom", message));
        };
        let product = &self.config(config)?.product;
        if self.environments.of(product).any(|e| self.access(e) == EnvironmentAccessType::None) {
            return Err(Problem::forbidden("Your group cannot read all environments."));
        }
        Ok(Some(source))
    }

    /// Returns the first value in each environment: from the request, copied from another flag, or the default of the
    /// type.
    ///
    /// Documented: with predefined variations, an initial value is one of them.
    fn first_values(
        &self,
        setting: &Setting,
        product: &ProductId,
        version: &models::EvaluationVersion,
        source: Option<SettingId>,
        initial: Vec<InitialValue>,
    ) -> Result<BTreeMap<EnvironmentId, SettingValueState>, Problem> {
        let mut values: BTreeMap<EnvironmentId, SettingValueState> = BTreeMap::new();
        for environment in self.environments_of(product) {
            let mut value = SettingValueState::fresh(setting, version, &environment.id);
            if let Some(source) = source {
                let content = &self.value(self.setting(source)?, environment)?.content;
                value.content = variations::adopt(content, &setting.variations)?;
            }
            values.insert(environment.id.clone(), value);
        }
        for (i, input) in initial.into_iter().enumerate() {
            let at = format!("initialValues[{i}]");
            let value = typed(&format!("{at}.value"), input.value, &setting.ty)?;
            let state = input.environment_id.as_ref().and_then(|id| values.get_mut(id)).ok_or_else(|| {
                Problem::field(format!("{at}.environmentId"), "The product has no such environment.")
            })?;
            let variation = setting.variations.iter().find(|v| v.value == value);
            if variation.is_none() && !setting.variations.is_empty() {
                let message = "The value is none of the predefined variations.";
                return Err(Problem::field(format!("{at}.value"), message));
            }
            match &mut state.content {
                Content::V1(rollout) => rollout.value = value,
                Content::V2(formula) => {
                    formula.default = FlagValue {
                        value: Some(value),
                        predefined_variation_id: variation.map(|v| v.id.clone()),
                        ..FlagValue::default()
                    };
                }
            }
        }
        Ok(values)
    }

    /// Documented: a product may require a hint for every flag.
    /// Assumed: a new flag without a required hint is refused with 400, and so is an update that removes one.
    fn check_hint(&self, product: &ProductId, hint: Option<&str>) -> Result<(), Problem> {
        let mandatory = self.product(product)?.mandatory_hint;
        if mandatory && hint.is_none_or(|hint| hint.trim().is_empty()) {
            return Err(Problem::field("hint", "The product requires a hint."));
        }
        Ok(())
    }

    /// Checks that all tags belong to the product, and removes duplicates.
    ///
    /// Assumed: an unknown tag is refused with 400.
    fn check_tags(&self, product: &ProductId, mut tags: Vec<TagId>) -> Result<Vec<TagId>, Problem> {
        tags.sort_unstable();
        tags.dedup();
        for id in &tags {
            if self.tags.get(id).is_none_or(|tag| tag.product != *product) {
                return Err(Problem::field("tags", format!("The product has no tag {id}.")));
            }
        }
        Ok(tags)
    }

    /// Attaches tags. Tags that were already attached keep their number.
    fn attach(&mut self, tags: Vec<TagId>, before: &[AttachedTag]) -> Vec<AttachedTag> {
        tags.into_iter()
            .map(|tag| {
                let kept = before.iter().find(|attached| attached.tag == tag).cloned();
                kept.unwrap_or_else(|| AttachedTag { id: self.ids.number(), tag })
            })
            .collect()
    }

    fn change_setting(
        &mut self,
        now: Timestamp,
        id: SettingId,
        input: ReplaceSetting,
    ) -> Result<(), Problem> {
        let before = self.setting(id)?.clone();
        let config = before.config.clone();
        let product = self.config(&config)?.product.clone();
        rules::named("name", &input.name)?;
        let hint = input.hint.value();
        // A flag that was created before the product required hints can be written back.
        if hint != before.hint {
            self.check_hint(&product, hint.as_deref())?;
        }
        let is_json = check_json(&before.ty, input.is_json.value())?;
        let tags = self.check_tags(&product, input.tags.value().unwrap_or_default())?;
        let tags = self.attach(tags, &before.tags);
        let order = input.order.value().unwrap_or(before.place.order);
        let facts = (&before.name, &before.hint, before.is_json, before.place.order);
        let changed = facts != (&input.name, &hint, is_json, order);
        let (added, removed) = (missing(&tags, &before.tags), missing(&before.tags, &tags));
        self.check_change_rights(&product, changed, !added.is_empty() || !removed.is_empty())?;
        let setting = self.setting_mut(id)?;
        setting.name = input.name;
        setting.hint = hint;
        setting.is_json = is_json;
        setting.tags = tags;
        setting.place.order = order;
        let mut events = Vec::new();
        if changed || (added.is_empty() && removed.is_empty()) {
            events.push((AuditLogType::SettingChanged, "Flag changed.".to_owned()));
        }
        let name = |tag: &TagId| self.tags.get(tag).map_or_else(String::new, |tag| tag.name.clone());
        events.extend(
            added.iter().map(|t| (AuditLogType::SettingTagAdded, format!("Tag added: {}.", name(t)))),
        );
        events.extend(
            removed.iter().map(|t| (AuditLogType::SettingTagRemoved, format!("Tag removed: {}.", name(t)))),
        );
        for (ty, details) in events {
            self.record(now, Event::new(ty, &product, &before.key, details).config(&config));
        }
        Ok(())
    }

    /// Checks the caller's rights to change a flag. Tagging has a separate right.
    ///
    /// Assumed: who may change flags may tag them too; a missing right is a 403.
    fn check_change_rights(&self, product: &ProductId, facts: bool, tags: bool) -> Result<(), Problem> {
        let Some(rights) = self.rights(product) else { return Err(Problem::not_found()) };
        if facts && !rights.can_create_or_update_setting {
            return Err(Problem::forbidden("Your group has no right to change flags."));
        }
        if tags && !(rights.can_tag_setting || rights.can_create_or_update_setting) {
            return Err(Problem::forbidden("Your group has no right to tag flags."));
        }
        Ok(())
    }
}

/// Returns the tags in `tags` that are not in `others`.
fn missing(tags: &[AttachedTag], others: &[AttachedTag]) -> Vec<TagId> {
    tags.iter().map(|t| t.tag).filter(|tag| !others.iter().any(|other| other.tag == *tag)).collect()
}

/// Checks that only a string setting holds JSON.
///
/// Assumed: `isJson` on another type is refused with 400.
fn check_json(ty: &SettingType, is_json: Option<bool>) -> Result<bool, Problem> {
    match is_json {
        Some(true) if *ty != SettingType::String => {
            Err(Problem::field("isJson", "Only a string setting can hold JSON."))
        }
        other => Ok(other.unwrap_or(false)),
    }
}

/// Assumed: two predefined variations of a flag have different values.
fn first_variations(
    ty: &SettingType,
    inputs: Vec<models::CreatePredefinedVariation>,
    ids: Vec<Option<PredefinedVariationId>>,
) -> Result<Vec<Variation>, Problem> {
    rules::at_most("predefinedVariations", inputs.len(), plan::PREDEFINED_VARIATIONS)?;
    let mut variations: Vec<Variation> = Vec::new();
    let mut ids = ids.into_iter();
    for (i, input) in inputs.into_iter().enumerate() {
        let value = typed(&format!("predefinedVariations[{i}].value"), input.value, ty)?;
        if variations.iter().any(|v| v.value == value) {
            return Err(Problem::field(format!("predefinedVariations[{i}].value"), "Duplicate value."));
        }
        let id = ids.next().flatten().unwrap_or_else(|| PredefinedVariationId::new(ids::uuid()));
        if variations.iter().any(|v| v.id == id) {
            return Err(Problem::field(format!("predefinedVariations[{i}]"), "Duplicate identifier."));
        }
        variations.push(Variation { id, value, name: input.name.value(), hint: input.hint.value() });
    }
    Ok(variations)
}

impl Settings for State {
    fn list(&mut self, _: &Call<'_>, config_id: ConfigId) -> Result<Vec<models::Setting>, Problem> {
        self.config(&config_id)?;
        self.settings_of(&config_id).into_iter().map(|s| self.view_setting(s)).collect()
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        config_id: ConfigId,
        body: CreateSetting,
    ) -> Result<models::Setting, Problem> {
        let id = self.create_setting(call.now, &config_id, GivenIds::default(), body)?;
        self.view_setting(self.setting(id)?)
    }

    fn get(&mut self, _: &Call<'_>, setting_id: SettingId) -> Result<models::Setting, Problem> {
        self.view_setting(self.setting(setting_id)?)
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        setting_id: SettingId,
        body: JsonPatch,
    ) -> Result<models::Setting, Problem> {
        let setting = self.setting(setting_id)?;
        let current = construct::ReplaceSettingFields {
            name: setting.name.clone(),
            hint: Field::from(setting.hint.clone()),
            tags: Field::Value(setting.tags.iter().map(|attached| attached.tag).collect()),
            order: Field::Value(setting.place.order),
            is_json: Field::Value(setting.is_json),
        }
        .into();
        if let Some(input) = patching::apply(&current, &body, &schema::settings::REPLACE_SETTING)? {
            self.change_setting(call.now, setting_id, input)?;
        }
        self.view_setting(self.setting(setting_id)?)
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        setting_id: SettingId,
        body: ReplaceSetting,
    ) -> Result<models::Setting, Problem> {
        self.change_setting(call.now, setting_id, body)?;
        self.view_setting(self.setting(setting_id)?)
    }

    fn delete(&mut self, call: &Call<'_>, setting_id: SettingId) -> Result<(), Problem> {
        let setting = self.setting(setting_id)?;
        let (config, key) = (setting.config.clone(), setting.key.clone());
        // Assumed: a flag that others depend on, in a value or in an open change request, cannot be deleted (400).
        let product = self.config(&config)?.product.clone();
        if !self.dependents(setting).is_empty() || self.is_proposed_prerequisite(setting_id, &product) {
            return Err(Problem::field("settingId", "Other flags depend on it."));
        }
        let event = Event::new(AuditLogType::SettingDeleted, &product, &key, "Flag deleted.");
        self.record(call.now, event.config(&config));
        self.notify_everywhere(&config, setting_id, &key, "Flag deleted.");
        self.drop_from_change_requests(call.now, setting_id);
        self.remove_setting(setting_id);
        Ok(())
    }

    fn list_deleted(&mut self, _: &Call<'_>, config_id: ConfigId) -> Result<Vec<DeletedSetting>, Problem> {
        self.config(&config_id)?;
        let deleted = self.deleted_settings.of(&config_id).map(|d| {
            construct::DeletedSettingFields {
                key: d.key.clone(),
                name: d.name.clone(),
                hint: d.hint.clone(),
                setting_type: d.ty.clone(),
            }
            .into()
        });
        Ok(deleted.collect())
    }
}
