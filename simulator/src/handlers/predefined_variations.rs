//! Predefined variations.

use crate::assumed::plan;
use crate::call::Call;
use crate::generated::predefined_variations::PredefinedVariations;
use crate::problem::Problem;
use crate::rules::{at_most, values::typed};
use crate::state::entities::{Content, Formula, Rollout, Setting, SettingValueState, Variation};
use crate::state::{Event, State, ids};
use configcat_management::models::{
    AuditLogType, EnvironmentId, FlagValue, PredefinedVariationChangeRequestUsage,
    PredefinedVariationEnvironment, PredefinedVariationId, PredefinedVariationList, PredefinedVariationUsage,
    PredefinedVariationUsages, PredefinedVariationWithUsages, ProductId, SettingId, SettingValue,
    UpdatePredefinedVariations,
};

/// Returns whether a flag's value serves a variation.
fn uses(content: &Content, variation: &Variation) -> bool {
    match content {
        Content::V1(Rollout { value, rules, percentages }) => {
            let same = |v: &SettingValue| *v == variation.value;
            same(value) || rules.iter().any(|r| same(&r.value)) || percentages.iter().any(|p| same(&p.value))
        }
        Content::V2(Formula { default, rules, .. }) => {
            let same = |v: &FlagValue| v.predefined_variation_id.as_ref() == Some(&variation.id);
            same(default)
                || rules.iter().any(|rule| {
                    rule.value.as_ref().is_some_and(same)
                        || rule.percentage_options.iter().any(|o| same(&o.value))
                })
        }
    }
}

/// Returns whether a value has a prerequisite condition that compares with a variation.
fn compares(content: &Content, variation: &PredefinedVariationId) -> bool {
    let Content::V2(formula) = content else { return false };
    formula.rules.iter().flat_map(|rule| &rule.conditions).any(|condition| {
        let needed = condition.prerequisite_flag_condition.as_ref();
        needed.is_some_and(|n| {
            n.prerequisite_comparison_value.predefined_variation_id.as_ref() == Some(variation)
        })
    })
}

impl State {
    /// Rejects changing or removing a variation that is in use.
    fn check_unused(&self, setting: &Setting, variations: &[Variation]) -> Result<(), Problem> {
        let kept = |old: &Variation| variations.iter().any(|new| new.id == old.id && new.value == old.value);
        for old in setting.variations.iter().filter(|old| !kept(old)) {
            let product = &self.config(&setting.config)?.product;
            let used = !self.variation_usages(setting, old).is_empty();
            if used || !self.proposed_usages(product, setting, old).is_empty() {
                let message =
                    format!("The value {} is in use and can be neither changed nor removed.", old.value);
                return Err(Problem::field("predefinedVariations", message));
            }
        }
        Ok(())
    }

    fn variation_usages(&self, setting: &Setting, variation: &Variation) -> Vec<PredefinedVariationUsage> {
        let used = |value: &SettingValueState| {
            (value.setting == setting.id && uses(&value.content, variation))
                || compares(&value.content, &variation.id)
        };
        self.settings
            .of(&setting.config)
            .flat_map(|other| self.values_of(other.id))
            .filter(|value| used(value))
            .map(|value| PredefinedVariationUsage {
                setting_id: value.setting,
                environment_id: value.environment.clone(),
            })
            .collect()
    }

    /// Returns the usages of a variation in the proposals of open change requests.
    fn proposed_usages(
        &self,
        product: &ProductId,
        setting: &Setting,
        variation: &Variation,
    ) -> Vec<PredefinedVariationChangeRequestUsage> {
        let mut usages = Vec::new();
        for request in self.change_requests.of(product).filter(|request| request.is_open()) {
            for proposal in &request.proposals {
                let content = Content::V2(proposal.proposed.clone());
                let used = (proposal.setting == setting.id && uses(&content, variation))
                    || compares(&content, &variation.id);
                if used {
                    usages.push(PredefinedVariationChangeRequestUsage {
                        setting_id: proposal.setting,
                        environment_id: request.environment.clone(),
                        change_request_id: request.id,
                        change_request_title: request.title.clone(),
                    });
                }
            }
        }
        usages
    }
}

impl PredefinedVariations for State {
    fn get(&mut self, _: &Call<'_>, setting_id: SettingId) -> Result<PredefinedVariationUsages, Problem> {
        let setting = self.setting(setting_id)?;
        let product = &self.config(&setting.config)?.product;
        let visible = self.visible_environments(product);
        let seen = |id: &EnvironmentId| visible.iter().any(|e| e.id == *id);
        let environments = visible.iter().map(|e| PredefinedVariationEnvironment {
            environment_id: e.id.clone(),
            name: e.name.clone(),
            access_type: self.access(e),
        });
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let variations = setting.variations.iter().map(|v| {
            let (usages, hidden): (Vec<_>, Vec<_>) =
                self.variation_usages(setting, v).into_iter().partition(|usage| seen(&usage.environment_id));
            let (proposed, proposed_hidden): (Vec<_>, Vec<_>) = self
                .proposed_usages(product, setting, v)
                .into_iter()
                .partition(|usage| seen(&usage.environment_id));
            PredefinedVariationWithUsages {
                value: v.value.clone(),
                name: v.name.clone(),
                hint: v.hint.clone(),
                predefined_variation_id: v.id.clone(),
                usages,
                usages_in_other_environments: count(hidden.len()),
                change_request_usages: proposed,
                change_request_usages_in_other_environments: count(proposed_hidden.len()),
            }
        });
        Ok(PredefinedVariationUsages {
            setting_key: setting.key.clone(),
            setting_type: setting.ty.clone(),
            predefined_variations: variations.collect(),
            environments: environments.collect(),
            max_predefined_variations: plan::PREDEFINED_VARIATIONS,
        })
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        setting_id: SettingId,
        body: UpdatePredefinedVariations,
    ) -> Result<PredefinedVariationList, Problem> {
        let setting = self.setting(setting_id)?;
        let variations = read_variations(setting, body)?;
        self.check_unused(setting, &variations)?;
        // When a flag gets its first variations, its existing values have to be among them.
        let mut adopted = Vec::new();
        let first = setting.variations.is_empty() && !variations.is_empty();
        if first {
            for value in self.values_of(setting_id) {
                adopted.push(((setting_id, value.environment.clone()), adopt(&value.content, &variations)?));
            }
        }
        let (config, key) = (setting.config.clone(), setting.key.clone());
        let product = self.config(&config)?.product.clone();
        for (key, content) in adopted {
            if let Some(state) = self.values.get_mut(&key) {
                state.content = content;
            }
        }
        self.setting_mut(setting_id)?.variations = variations;
        let (ty, details) = if first {
            (AuditLogType::SettingConvertedToPredefinedVariations, "Converted to predefined variations.")
        } else {
            (AuditLogType::PredefinedVariationsChanged, "Predefined variations changed.")
        };
        let event = Event::new(ty, &product, &key, details);
        self.record(call.now, event.config(&config));
        let setting = self.setting(setting_id)?;
        Ok(PredefinedVariationList {
            predefined_variations: setting.variations.iter().map(Self::view_variation).collect(),
            max_predefined_variations: plan::PREDEFINED_VARIATIONS,
        })
    }
}

/// Validates the new variations of a flag: existing ones are identified by their ID, the others are created.
fn read_variations(setting: &Setting, body: UpdatePredefinedVariations) -> Result<Vec<Variation>, Problem> {
    let mut variations: Vec<Variation> = Vec::new();
    for (i, input) in body.predefined_variations.into_iter().enumerate() {
        let at = format!("predefinedVariations[{i}]");
        let value = typed(&format!("{at}.value"), input.value, &setting.ty)?;
        if variations.iter().any(|v| v.value == value) {
            return Err(Problem::field(format!("{at}.value"), "Duplicate value."));
        }
        let id = match input.predefined_variation_id.value() {
            Some(id) if setting.variations.iter().any(|v| v.id == id) => id,
            Some(id) => {
                let message = format!("The flag has no variation {id}.");
                return Err(Problem::field(format!("{at}.predefinedVariationId"), message));
            }
            None => PredefinedVariationId::new(ids::uuid()),
        };
        variations.push(Variation { id, value, name: input.name.value(), hint: input.hint.value() });
    }
    at_most("predefinedVariations", variations.len(), plan::PREDEFINED_VARIATIONS)?;
    Ok(variations)
}

/// Converts a value to refer to the variations. All values in it must be among them.
fn adopt(content: &Content, variations: &[Variation]) -> Result<Content, Problem> {
    let find = |value: &SettingValue| {
        let message = format!("The value {value} is in use and has to be among the variations.");
        let found = variations.iter().find(|v| v.value == *value);
        found.ok_or_else(|| Problem::field("predefinedVariations", message))
    };
    let mut content = content.clone();
    match &mut content {
        Content::V1(rollout) => {
            find(&rollout.value)?;
            rollout.rules.iter().try_for_each(|r| find(&r.value).map(drop))?;
            rollout.percentages.iter().try_for_each(|p| find(&p.value).map(drop))?;
        }
        Content::V2(formula) => {
            let values =
                std::iter::once(&mut formula.default).chain(formula.rules.iter_mut().flat_map(|rule| {
                    rule.value.iter_mut().chain(rule.percentage_options.iter_mut().map(|o| &mut o.value))
                }));
            for value in values {
                if let Some(plain) = &value.value {
                    value.predefined_variation_id = Some(find(plain)?.id.clone());
                }
            }
        }
    }
    Ok(content)
}
