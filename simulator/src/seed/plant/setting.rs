//! Plants flags with their values.

use super::{At as _, Planter, check_uuid, checked, parse_body};
use crate::handlers::settings::GivenIds;
use crate::problem::Problem;
use crate::seed::{CodeReferenceSeed, LinkSeed, Reference, SettingSeed, SettingTagSeed};
use crate::state::State;
use crate::state::entities::{CodeReport, Config, Content, IntegrationLink};
use crate::state::ids;
use crate::state::table::Row as _;
use configcat_management::changes::{FlagState, Ids};
use configcat_management::models::{
    ConfigId, CreatePredefinedVariation, CreateSetting, EnvironmentId, EvaluationVersion,
    PredefinedVariationId, ProductId, SettingId, SettingType, TagId, UpdateEvaluationFormula,
    UpdatePredefinedVariation, UpdateSettingValue, UploadReferenceLines, VersionId,
};
use configcat_management::{Field, Timestamp, schema};
use serde_json::{Map, Value, json};

impl Planter<'_> {
    pub(super) fn setting(
        &mut self,
        seed: &SettingSeed,
        config: &ConfigId,
        product: &ProductId,
    ) -> Result<SettingId, Problem> {
        let mut body = CreateSetting::new(&*seed.name, &*seed.key, seed.setting_type.clone());
        body.hint = Field::from(seed.hint.clone());
        body.order = Field::from(seed.order);
        body.is_json = Field::Value(seed.is_json);
        let mut tags: Vec<(TagId, Option<i64>)> = Vec::new();
        for (i, tag) in seed.tags.iter().enumerate() {
            tags.push(self.tag_of_setting(tag, product).at(|| format!("tags[{i}]"))?);
        }
        check_tags_once(&tags)?;
        body.tags = Field::Value(tags.iter().map(|(tag, _)| *tag).collect());
        let mut variations: Vec<CreatePredefinedVariation> = Vec::new();
        let mut given = GivenIds { setting: seed.setting_id, variations: Vec::new() };
        for (i, variation) in seed.predefined_variations.iter().enumerate() {
            let (variation, id) =
                variation_of(variation, &seed.setting_type).at(|| format!("predefinedVariations[{i}]"))?;
            variations.push(variation);
            given.variations.push(id);
        }
        body.predefined_variations = Field::Value(variations);
        let body = checked(&body, &schema::settings::CREATE_SETTING)?;
        let id = self.state.create_setting(self.now, config, given, body)?;
        let creator = self.person_or_me("creatorEmail", seed.creator_email.as_ref())?;
        let setting = self.state.setting_mut(id)?;
        setting.creator = creator;
        setting.created_at = seed.created_at.unwrap_or(self.now);
        for attached in &mut setting.tags {
            let given = tags.iter().find(|(tag, _)| *tag == attached.tag).and_then(|(_, number)| *number);
            attached.id = given.unwrap_or(attached.id);
        }
        for (name, links) in &seed.integration_links {
            let at = || format!("integrationLinks.{name}");
            let environment = self.named_environment(product, name).at(at)?;
            links.iter().try_for_each(|link| self.link(link, id, &environment)).at(at)?;
        }
        for (i, report) in seed.code_references.iter().enumerate() {
            self.code_reference(report, id, config).at(|| format!("codeReferences[{i}]"))?;
        }
        Ok(id)
    }

    /// Returns the tag, and the number of its attachment, if the seed has one.
    fn tag_of_setting(
        &mut self,
        seed: &SettingTagSeed,
        product: &ProductId,
    ) -> Result<(TagId, Option<i64>), Problem> {
        let (tag, number) = match seed {
            SettingTagSeed::Tag(tag) => (tag, None),
            SettingTagSeed::Attached { tag, setting_tag_id } => (tag, Some(*setting_tag_id)),
        };
        if let Some(number) = number {
            self.state.ids.reserve("settingTagId", number)?;
        }
        let found = match tag {
            Reference::Number(id) => {
                self.state.tags.get(&TagId::new(*id)).filter(|tag| tag.product == *product)
            }
            Reference::Name(name) => self.state.tag_named(product, name),
        };
        let found = found.map(|tag| tag.id);
        let id = found.ok_or_else(|| Problem::field("tag", format!("The product has no tag {tag}.")))?;
        Ok((id, number))
    }

    fn link(
        &mut self,
        seed: &LinkSeed,
        setting: SettingId,
        environment: &EnvironmentId,
    ) -> Result<(), Problem> {
        let row = IntegrationLink {
            environment: environment.clone(),
            setting,
            ty: seed.integration_link_type.clone(),
            key: seed.key.clone(),
            description: seed.description.clone(),
            url: seed.url.clone(),
        };
        if self.state.integration_links.contains(&row.key()) {
            return Err(Problem::field("key", format!("Duplicate link to {}.", seed.key)));
        }
        self.state.integration_links.insert(row);
        Ok(())
    }

    fn code_reference(
        &mut self,
        seed: &CodeReferenceSeed,
        setting: SettingId,
        config: &ConfigId,
    ) -> Result<(), Problem> {
        let lines = |(i, value): (usize, &Value)| {
            let lines: UploadReferenceLines =
                parse_body(value.clone(), &schema::code_references::UPLOAD_REFERENCE_LINES)
                    .at(|| format!("references[{i}]"))?;
            Ok(crate::handlers::code_references::lines(lines))
        };
        let report = CodeReport {
            id: seed.code_reference_id.clone().unwrap_or_else(ids::uuid),
            setting,
            config: config.clone(),
            repository: seed.repository.clone(),
            branch: seed.branch.clone(),
            commit_url: seed.commit_url.clone(),
            commit_hash: seed.commit_hash.clone(),
            uploader: seed.uploader.clone(),
            references: seed.references.iter().enumerate().map(lines).collect::<Result<_, Problem>>()?,
            synced_at: seed.synced_at.unwrap_or(self.now),
            created: self.state.ids.created(),
        };
        if self.state.code_reports.contains(&report.id) {
            return Err(Problem::field("codeReferenceId", "It already exists."));
        }
        self.state.code_reports.insert(report);
        Ok(())
    }

    /// Sets the value of a flag.
    pub(super) fn value(
        &mut self,
        setting: SettingId,
        environment: &EnvironmentId,
        version: &EvaluationVersion,
        value: &Value,
    ) -> Result<(), Problem> {
        let v2 = *version == EvaluationVersion::V2;
        let mut body = match value {
            Value::Object(members) => members.clone(),
            plain if v2 => Map::from_iter([("defaultValue".to_owned(), plain_value(plain))]),
            plain => Map::from_iter([("value".to_owned(), plain.clone())]),
        };
        let change = LastChange::take(&mut body)?;
        let (flag, config, _) = self.state.flag_in(environment, setting)?;
        if FlagState::is_document_form(&body) {
            body = self.of_document(body, config, v2)?;
        }
        let content = if v2 {
            let schema = &schema::flag_values::UPDATE_EVALUATION_FORMULA;
            let body: UpdateEvaluationFormula = parse_body(body.into(), schema)?;
            Content::V2(self.state.formula(flag, config, body)?)
        } else {
            let body: UpdateSettingValue = parse_body(body.into(), &schema::values::UPDATE_SETTING_VALUE)?;
            Content::V1(self.state.rollout(flag, body)?)
        };
        self.state.store(self.now, environment, setting, content, None)?;
        let updater = self.person_or_me("lastUpdaterUserEmail", change.user_email.as_ref())?;
        let Some(row) = self.state.values.get_mut(&(setting, environment.clone())) else { return Ok(()) };
        if let Some(version) = change.version {
            row.version = VersionId::new(version);
        }
        row.updated = change.at.unwrap_or(Some(self.now));
        row.updater = row.updated.map(|_| updater);
        Ok(())
    }
}

/// Ids for a value in the form of documents.
struct ConfigIds<'a> {
    state: &'a State,
    config: &'a Config,
}

impl Ids for ConfigIds<'_> {
    fn segment(&self, name: &str) -> Option<String> {
        let segments = self.state.segments_of(&self.config.product);
        let found = segments.iter().find(|segment| segment.name == name || segment.id.as_str() == name);
        found.map(|segment| segment.id.to_string())
    }

    fn flag(&self, key: &str) -> Option<(i32, SettingType)> {
        let by_number = || self.state.settings.get(&SettingId::new(key.parse().ok()?));
        let found = self.state.by_key(&self.config.id, key).or_else(by_number)?;
        Some((found.id.get(), found.ty.clone()))
    }
}

impl Planter<'_> {
    /// Converts a value in the form of documents to the body of a request.
    fn of_document(
        &self,
        body: Map<String, Value>,
        config: &Config,
        v2: bool,
    ) -> Result<Map<String, Value>, Problem> {
        let mut state: FlagState =
            serde_json::from_value(body.into()).map_err(|error| Problem::field("", error.to_string()))?;
        state.adapt(!v2);
        let ids = ConfigIds { state: self.state, config };
        let body = if v2 {
            state.to_v2(&ids).map(serde_json::to_value)
        } else {
            state.to_v1(&ids).map(serde_json::to_value)
        };
        match body.map_err(|violation| Problem::field(violation.path, violation.message))? {
            Ok(Value::Object(body)) => Ok(body),
            _ => Err(Problem::field("", "The value cannot be read.")),
        }
    }
}

/// Returns a predefined variation, of which the value is plain, or as in a response.
fn variation_of(
    seed: &Value,
    ty: &SettingType,
) -> Result<(CreatePredefinedVariation, Option<PredefinedVariationId>), Problem> {
    let mut seed = seed.clone();
    if let Some(value) = seed.get_mut("value").filter(|value| !value.is_object()) {
        *value = match (&*value, ty) {
            (Value::Number(_), SettingType::Double) => json!({ "doubleValue": value }),
            (plain, _) => plain_value(plain),
        };
    }
    let body: UpdatePredefinedVariation =
        parse_body(seed, &schema::predefined_variations::UPDATE_PREDEFINED_VARIATION)?;
    let id = body.predefined_variation_id.value();
    let mut variation = CreatePredefinedVariation::new(body.value);
    (variation.name, variation.hint) = (body.name, body.hint);
    Ok((variation, id))
}

/// Rejects a tag that is attached twice, and a number that is used twice.
fn check_tags_once(tags: &[(TagId, Option<i64>)]) -> Result<(), Problem> {
    for (i, (tag, number)) in tags.iter().enumerate() {
        let mut before = tags.iter().take(i);
        if before.any(|(other, used)| other == tag || (number.is_some() && used == number)) {
            return Err(Problem::field(format!("tags[{i}]"), "The tag or its number is there twice."));
        }
    }
    Ok(())
}

/// What a seed states about the last change of a value.
struct LastChange {
    version: Option<String>,
    /// The inner `None` means that the value was never changed.
    at: Option<Option<Timestamp>>,
    user_email: Option<String>,
}

impl LastChange {
    /// Removes the fields that only seeds have from the body of a value.
    fn take(body: &mut Map<String, Value>) -> Result<Self, Problem> {
        let mut text = |field: &str| match body.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::field(field, "It must be a string.")),
        };
        let (version, user_email) = (text("lastVersionId")?, text("lastUpdaterUserEmail")?);
        check_uuid("lastVersionId", version.as_ref())?;
        let at = match body.remove("updatedAt") {
            None => None,
            Some(Value::Null) => Some(None),
            Some(value) => {
                let at = value.as_str().and_then(|text| text.parse().ok());
                Some(Some(at.ok_or_else(|| Problem::field("updatedAt", "It must be a date and time."))?))
            }
        };
        Ok(Self { version, at, user_email })
    }
}

/// Converts a plain value to the value of a V2 flag. Validation converts numbers to the flag's type.
fn plain_value(value: &Value) -> Value {
    match value {
        Value::Bool(_) => json!({ "boolValue": value }),
        Value::Number(number) if number.is_i64() => json!({ "intValue": value }),
        Value::Number(_) => json!({ "doubleValue": value }),
        _ => json!({ "stringValue": value }),
    }
}
