//! Predefined variations.

use crate::assumed::plan;
use crate::call::Call;
use crate::generated::predefined_variations::PredefinedVariations;
use crate::problem::Problem;
use crate::rules::{at_most, values::typed};
use crate::state::entities::{Content, Formula, Setting, SettingValueState, Variation};
use crate::state::{Event, State, ids};
use configcat_management::construct;
use configcat_management::models::{
    AuditLogType, Condition, ConfigId, EnvironmentId, EvaluationVersion, FlagValue,
    PredefinedVariationChangeRequestUsage, PredefinedVariationId, PredefinedVariationList,
    PredefinedVariationUsage, PredefinedVariationUsages, ProductId, SettingId, UpdatePredefinedVariations,
};

/// Rejects predefined variations of a flag of a V1 config.
///
/// Observed (infrastructure provider): predefined variations in a V1 config are refused with 400 and a text that contains
/// `Only V2 Configs`.
pub(crate) fn check_version(version: &EvaluationVersion, none: bool) -> Result<(), Problem> {
    if none || *version == EvaluationVersion::V2 {
        return Ok(());
    }
    Err(Problem::property("predefinedVariations", "Only V2 Configs support predefined variations."))
}

/// Returns whether a flag's value serves a variation.
fn uses(content: &Content, variation: &Variation) -> bool {
    // Flags of V1 configs have no variations.
    let Content::V2(formula) = content else { return false };
    formula.values().any(|value| value.predefined_variation_id.as_ref() == Some(&variation.id))
}

/// Returns whether a value has a prerequisite condition that compares with a variation.
fn compares(content: &Content, variation: &PredefinedVariationId) -> bool {
    let Content::V2(formula) = content else { return false };
    formula.rules.iter().flat_map(|rule| &rule.conditions).any(|condition| {
        let needed = condition.prerequisite_flag_condition();
        needed.is_some_and(|n| {
            n.prerequisite_comparison_value.predefined_variation_id.as_ref() == Some(variation)
        })
    })
}

impl State {
    /// Rejects changing or removing a variation that is in use.
    ///
    /// Documented: a predefined variation that is in use can be neither changed nor removed.
    /// Observed (infrastructure provider): the text about a predefined variation in use contains
    /// `Can not remove predefined variations`.
    /// Assumed: a predefined variation is in use if a value, a prerequisite or an open change request refers to it.
    fn check_unused(&self, setting: &Setting, variations: &[Variation]) -> Result<(), Problem> {
        let kept = |old: &Variation| variations.iter().any(|new| new.id == old.id && new.value == old.value);
        for old in setting.variations.iter().filter(|old| !kept(old)) {
            let product = &self.config(&setting.config)?.product;
            let used = !self.variation_usages(setting, old).is_empty();
            if used || !self.proposed_usages(product, setting, old).is_empty() {
                let message = format!("Can not remove predefined variations that are in use: {}.", old.value);
                return Err(Problem::property("predefinedVariations", message));
            }
        }
        Ok(())
    }

    /// Converts the values, prerequisites and open proposals that refer to a flag when it gets its first variations.
    fn adopt_everywhere(
        &mut self,
        setting: SettingId,
        config: &ConfigId,
        product: &ProductId,
        variations: &[Variation],
    ) -> Result<(), Problem> {
        let flags: Vec<SettingId> = self.settings.of(config).map(|flag| flag.id).collect();
        let keys = flags
            .into_iter()
            .flat_map(|flag| self.values_of(flag))
            .map(|value| (value.setting, value.environment.clone()));
        for key in keys.collect::<Vec<_>>() {
            let Some(value) = self.values.get(&key) else { continue };
            let Content::V2(formula) = &value.content else { continue };
            if let Some(adopted) = adopt_in(formula, key.0 == setting, setting, variations)?
                && let Some(value) = self.values.get_mut(&key)
            {
                value.content = Content::V2(adopted);
            }
        }
        let open = self.change_requests.of(product).filter(|request| request.is_open());
        for id in open.map(|request| request.id).collect::<Vec<_>>() {
            let mut proposals = self.change_request(id)?.proposals.clone();
            for proposal in &mut proposals {
                let own = proposal.setting == setting;
                if let Some(adopted) = adopt_in(&proposal.proposed, own, setting, variations)? {
                    proposal.proposed = adopted;
                }
            }
            self.change_request_mut(id)?.proposals = proposals;
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
            .map(|value| {
                construct::PredefinedVariationUsageFields {
                    setting_id: value.setting,
                    environment_id: value.environment.clone(),
                }
                .into()
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
                    usages.push(
                        construct::PredefinedVariationChangeRequestUsageFields {
                            setting_id: proposal.setting,
                            environment_id: request.environment.clone(),
                            change_request_id: request.id,
                            change_request_title: request.title.clone(),
                        }
                        .into(),
                    );
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
        let environments = visible.iter().map(|e| {
            construct::PredefinedVariationEnvironmentFields {
                environment_id: e.id.clone(),
                name: e.name.clone(),
                access_type: self.access(e),
            }
            .into()
        });
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let variations = setting.variations.iter().map(|v| {
            let (usages, hidden): (Vec<_>, Vec<_>) =
                self.variation_usages(setting, v).into_iter().partition(|usage| seen(&usage.environment_id));
            let (proposed, proposed_hidden): (Vec<_>, Vec<_>) = self
                .proposed_usages(product, setting, v)
                .into_iter()
                .partition(|usage| seen(&usage.environment_id));
            construct::PredefinedVariationWithUsagesFields {
                value: v.value.clone(),
                name: v.name.clone(),
                hint: v.hint.clone(),
                predefined_variation_id: v.id.clone(),
                usages,
                usages_in_other_environments: count(hidden.len()),
                change_request_usages: proposed,
                change_request_usages_in_other_environments: count(proposed_hidden.len()),
            }
            .into()
        });
        Ok(construct::PredefinedVariationUsagesFields {
            setting_key: setting.key.clone(),
            setting_type: setting.ty.clone(),
            predefined_variations: variations.collect(),
            environments: environments.collect(),
            max_predefined_variations: plan::PREDEFINED_VARIATIONS,
        }
        .into())
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        setting_id: SettingId,
        body: UpdatePredefinedVariations,
    ) -> Result<PredefinedVariationList, Problem> {
        let setting = self.setting(setting_id)?;
        check_version(&self.config(&setting.config)?.version, body.predefined_variations.is_empty())?;
        let variations = read_variations(setting, body)?;
        self.check_unused(setting, &variations)?;
        let first = setting.variations.is_empty() && !variations.is_empty();
        let (config, key) = (setting.config.clone(), setting.key.clone());
        let product = self.config(&config)?.product.clone();
        if first {
            self.adopt_everywhere(setting_id, &config, &product, &variations)?;
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
        Ok(construct::PredefinedVariationListFields {
            predefined_variations: setting.variations.iter().map(Self::view_variation).collect(),
            max_predefined_variations: plan::PREDEFINED_VARIATIONS,
        }
        .into())
    }
}

/// Validates the new variations of a flag: existing ones are identified by their ID, the others are created.
///
/// Assumed: a duplicate value or an unknown ID is refused with 400.
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

/// Converts a value to refer to the variations, if there are any. All values in it must be among them.
pub(crate) fn adopt(content: &Content, variations: &[Variation]) -> Result<Content, Problem> {
    let mut content = content.clone();
    let Content::V2(formula) = &mut content else { return Ok(content) };
    formula.values_mut().try_for_each(|value| refer(value, variations))?;
    Ok(content)
}

/// Converts what a formula says of a flag: the values that it serves, if it is the flag's own, and the values that its
/// prerequisites compare with. Returns `None` if it says nothing of the flag.
fn adopt_in(
    formula: &Formula,
    own: bool,
    setting: SettingId,
    variations: &[Variation],
) -> Result<Option<Formula>, Problem> {
    let mut formula = formula.clone();
    let mut any = own;
    if own {
        formula.values_mut().try_for_each(|value| refer(value, variations))?;
    }
    for condition in formula.rules.iter_mut().flat_map(|rule| &mut rule.conditions) {
        if let Condition::PrerequisiteFlag(needed) = condition
            && needed.prerequisite_setting_id == setting
        {
            refer(&mut needed.prerequisite_comparison_value, variations)?;
            any = true;
        }
    }
    Ok(any.then_some(formula))
}

/// Makes a value refer to the variation that it is equal to.
///
/// Assumed: a value that is in use and not among the first variations of a flag is refused with 400.
fn refer(value: &mut FlagValue, variations: &[Variation]) -> Result<(), Problem> {
    let Some(plain) = &value.value else { return Ok(()) };
    let found = variations.iter().find(|variation| variation.value == *plain);
    if found.is_none() && !variations.is_empty() {
        let message = format!("The value {plain} is in use and has to be among the variations.");
        return Err(Problem::field("predefinedVariations", message));
    }
    value.predefined_variation_id = found.map(|variation| variation.id.clone());
    Ok(())
}
