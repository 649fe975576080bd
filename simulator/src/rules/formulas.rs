//! Values and targeting of V2 configs.

use super::at_most;
use super::comparators::{given, property, wanted};
use super::values::{percentages, typed};
use crate::assumed::plan;
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::{Config, Formula, Setting, formula_prerequisites, prerequisites};
use configcat_management::Field;
use configcat_management::construct;
use configcat_management::models::Extra;
use configcat_management::models::{
    ComparisonValue, Condition, EnvironmentId, FlagValue, PrerequisiteComparator, PrerequisiteFlagCondition,
    SegmentCondition, SettingId, TargetingRule, UpdateComparisonValue, UpdateCondition,
    UpdateEvaluationFormula, UpdateFlagValue, UpdatePrerequisiteFlagCondition, UpdateSegmentCondition,
    UpdateTargetingRule, UpdateUserCondition, UserCondition,
};
use std::collections::BTreeMap;

impl State {
    /// Validates a request body and converts it to a formula.
    ///
    /// Documented: the numbers of rules, conditions and percentage options are limited by the plan.
    pub(crate) fn formula(
        &self,
        setting: &Setting,
        config: &Config,
        input: UpdateEvaluationFormula,
    ) -> Result<Formula, Problem> {
        let default = flag_value("defaultValue", input.default_value, setting)?;
        let inputs = input.targeting_rules.value().unwrap_or_default();
        at_most("targetingRules", inputs.len(), plan::TARGETING_RULES)?;
        let last = inputs.len().saturating_sub(1);
        let mut rules = Vec::new();
        for (i, rule) in inputs.into_iter().enumerate() {
            rules.push(self.rule(&format!("targetingRules[{i}]"), rule, i == last, setting, config)?);
        }
        let percentage_attribute = input.percentage_evaluation_attribute.value();
        Ok(Formula { default, rules, percentage_attribute })
    }

    /// Documented: a rule serves either a value or percentage options, and all of its conditions have to be met.
    /// Observed (infrastructure provider): a rule that serves nothing is refused with 400 and `Invalid term value.`, a
    /// percentage option without a value with `Invalid percentage option value`.
    /// Assumed: percentage options without a condition are the last rule.
    fn rule(
        &self,
        at: &str,
        rule: UpdateTargetingRule,
        last: bool,
        setting: &Setting,
        config: &Config,
    ) -> Result<TargetingRule, Problem> {
        let inputs = rule.conditions.value().unwrap_or_default();
        at_most(format!("{at}.conditions"), inputs.len(), plan::CONDITIONS_PER_RULE)?;
        let mut conditions = Vec::new();
        for (i, condition) in inputs.into_iter().enumerate() {
            conditions.push(self.condition(&format!("{at}.conditions[{i}]"), condition, config)?);
        }
        let inputs = rule.percentage_options.value().unwrap_or_default();
        let shares: Vec<i64> = inputs.iter().map(|option| option.percentage.into()).collect();
        percentages(&format!("{at}.percentageOptions"), &shares)?;
        let mut options = Vec::new();
        for (i, option) in inputs.into_iter().enumerate() {
            let at = format!("{at}.percentageOptions[{i}].value");
            if is_missing(&option.value) {
                return Err(Problem::property(at, "Invalid percentage option value."));
            }
            let value = flag_value(&at, option.value, setting)?;
            options.push(construct::PercentageOptionFields { percentage: option.percentage, value }.into());
        }
        let value = rule.value.value().filter(|value| !is_missing(value));
        let value = value.map(|value| flag_value(&format!("{at}.value"), value, setting)).transpose()?;
        match (&value, options.is_empty()) {
            (Some(_), false) => {
                return Err(Problem::field(at, "A rule serves a value or percentage options, not both."));
            }
            (None, true) => return Err(Problem::property(format!("{at}.value"), "Invalid term value.")),
            _ => {}
        }
        if conditions.is_empty() && options.is_empty() {
            return Err(Problem::field(
                format!("{at}.conditions"),
                "A rule that serves a value needs a condition.",
            ));
        }
        if conditions.is_empty() && !last {
            return Err(Problem::field(at, "Percentage options without a condition come last."));
        }
        Ok(construct::TargetingRuleFields { conditions, percentage_options: options, value }.into())
    }

    /// Documented: a condition is exactly one of a user, segment and prerequisite flag condition.
    fn condition(&self, at: &str, condition: UpdateCondition, config: &Config) -> Result<Condition, Problem> {
        Ok(match condition {
            UpdateCondition::User(user) => user_condition(at, user)?.into(),
            UpdateCondition::Segment(UpdateSegmentCondition { segment_id, comparator, .. }) => {
                let at = format!("{at}.segmentCondition.segmentId");
                self.check_segment(&at, &segment_id, &config.product)?;
                SegmentCondition::from(construct::SegmentConditionFields { segment_id, comparator }).into()
            }
            UpdateCondition::PrerequisiteFlag(input) => self.prerequisite(at, input, config)?.into(),
            _ => {
                let message = "A condition is exactly one of user, segment and prerequisite flag.";
                return Err(Problem::field(at, message));
            }
        })
    }

    /// Documented: a prerequisite is a flag of the same config, compared with a value of its type.
    /// Observed (infrastructure provider): a prerequisite that is no such flag is refused with 400 and `Prerequisite setting not found.`, a value of
    /// another type with `Invalid prerequisite value`.
    fn prerequisite(
        &self,
        at: &str,
        input: UpdatePrerequisiteFlagCondition,
        config: &Config,
    ) -> Result<PrerequisiteFlagCondition, Problem> {
        let at = format!("{at}.prerequisiteFlagCondition");
        let needed = self.settings.get(&input.prerequisite_setting_id).filter(|s| s.config == config.id);
        let Some(needed) = needed else {
            let at = format!("{at}.prerequisiteSettingId");
            return Err(Problem::property(at, "Prerequisite setting not found."));
        };
        if !PrerequisiteComparator::ALL.contains(&input.comparator) {
            return Err(Problem::field(format!("{at}.comparator"), "The comparator is not known."));
        }
        let at = format!("{at}.prerequisiteComparisonValue");
        let value = flag_value(&at, input.prerequisite_comparison_value, needed)
            .map_err(|_| Problem::property(at, "Invalid prerequisite value."))?;
        Ok(construct::PrerequisiteFlagConditionFields {
            prerequisite_setting_id: needed.id,
            comparator: input.comparator,
            prerequisite_comparison_value: value,
        }
        .into())
    }

    /// Rejects formulas that, stored together, would make a flag depend on itself, directly or through other flags.
    pub(crate) fn refuse_cycle(
        &self,
        changes: &[(SettingId, Formula)],
        environment: &EnvironmentId,
    ) -> Result<(), Problem> {
        let changed: BTreeMap<SettingId, &Formula> = changes.iter().map(|(id, f)| (*id, f)).collect();
        let needs = |id: SettingId| -> Vec<SettingId> {
            match changed.get(&id) {
                Some(formula) => formula_prerequisites(formula).collect(),
                None => self.stored_prerequisites(id, environment),
            }
        };
        match find_cycle(changed.keys().copied(), needs) {
            Some(cycle) => Err(self.circular("targetingRules", cycle, |id| changed.contains_key(&id))),
            None => Ok(()),
        }
    }

    /// Returns the problem for prerequisites that form a cycle.
    ///
    /// Observed (infrastructure provider): a cycle is refused with 400 and a text such as `Circular dependency detected. A ➔ B`,
    /// which starts with the flag that the changed flag depends on, and ends with the changed flag.
    pub(crate) fn circular(
        &self,
        path: impl Into<String>,
        mut cycle: Vec<SettingId>,
        is_changed: impl Fn(SettingId) -> bool,
    ) -> Problem {
        let changed = cycle.iter().position(|id| is_changed(*id)).map_or(0, |at| at + 1);
        let length = cycle.len().max(1);
        cycle.rotate_left(changed % length);
        let key = |id: &SettingId| self.settings.get(id).map_or("", |setting| setting.key.as_str());
        let mut keys: Vec<&str> = cycle.iter().take(SHOWN).map(key).collect();
        if cycle.len() > SHOWN {
            keys.push("…");
        }
        if let [only] = *keys {
            keys.push(only);
        }
        Problem::property(path, format!("Circular dependency detected. {}", keys.join(" ➔ ")))
    }

    /// Returns flags that depend on each other in a cycle in an environment, among these flags and those that they depend
    /// on.
    pub(crate) fn stored_cycle(
        &self,
        starts: impl Iterator<Item = SettingId>,
        environment: &EnvironmentId,
    ) -> Option<Vec<SettingId>> {
        find_cycle(starts, |id| self.stored_prerequisites(id, environment))
    }

    fn stored_prerequisites(&self, id: SettingId, environment: &EnvironmentId) -> Vec<SettingId> {
        let value = self.values.get(&(id, environment.clone()));
        value.map(|value| prerequisites(&value.content).collect()).unwrap_or_default()
    }
}

/// Returns flags of which each depends on the next one, and the last one on the first. Visits each flag once, without
/// recursion: chains may be long.
fn find_cycle(
    starts: impl Iterator<Item = SettingId>,
    needs: impl Fn(SettingId) -> Vec<SettingId>,
) -> Option<Vec<SettingId>> {
    // True while a flag is on the path that is being followed.
    let mut on_path: BTreeMap<SettingId, bool> = BTreeMap::new();
    for start in starts {
        if on_path.contains_key(&start) {
            continue;
        }
        on_path.insert(start, true);
        let mut path = vec![(start, needs(start))];
        while let Some((id, open)) = path.last_mut() {
            let Some(next) = open.pop() else {
                on_path.insert(*id, false);
                path.pop();
                continue;
            };
            match on_path.get(&next) {
                Some(true) => {
                    return Some(path.iter().map(|(id, _)| *id).skip_while(|id| *id != next).collect());
                }
                Some(false) => {}
                None => {
                    on_path.insert(next, true);
                    path.push((next, needs(next)));
                }
            }
        }
    }
    None
}

/// Returns whether a value has none of its members.
const fn is_missing(value: &UpdateFlagValue) -> bool {
    value.value.is_none() && value.predefined_variation_id.is_none()
}

/// Returns the value in the flag's type.
///
/// Documented: if the flag has predefined variations, a value is one of them.
pub(crate) fn flag_value(at: &str, input: UpdateFlagValue, setting: &Setting) -> Result<FlagValue, Problem> {
    if setting.variations.is_empty() {
        if input.predefined_variation_id.is_some() {
            return Err(Problem::field(at, "The flag has no predefined variations."));
        }
        let value = input.value.ok_or_else(|| Problem::field(at, "A value is required."))?;
        return Ok(typed(at, value, &setting.ty)?.into());
    }
    let value = input.value.map(|value| typed(at, value, &setting.ty)).transpose()?;
    let variation =
        setting.variations.iter().find(|variation| match (&input.predefined_variation_id, &value) {
            (Some(id), None) => variation.id == *id,
            (Some(id), Some(value)) => variation.id == *id && variation.value == *value,
            (None, Some(value)) => variation.value == *value,
            (None, None) => false,
        });
    let variation =
        variation.ok_or_else(|| Problem::field(at, "The value is none of the predefined variations."))?;
    Ok(FlagValue {
        value: Some(variation.value.clone()),
        predefined_variation_id: Some(variation.id.clone()),
        ..FlagValue::default()
    })
}

/// Documented: a comparator decides the type of its comparison value.
/// Observed (infrastructure provider): a comparison value of another type is refused with 400 and `DoubleValue field must be set`,
/// `StringValue field must be set` or `ListValue field must be set`.
fn user_condition(at: &str, input: UpdateUserCondition) -> Result<UserCondition, Problem> {
    let at = format!("{at}.userCondition.comparisonValue");
    let value = comparison_value(input.comparison_value);
    let wanted = wanted(&input.comparator);
    if given(&value) != Some(wanted) {
        let message = format!(
            "{} field must be set for the comparator {}, and no other.",
            property(wanted),
            input.comparator
        );
        return Err(Problem::property(at, message));
    }
    if let ComparisonValue::List(list) = &value {
        let most = |n: i32| usize::try_from(n).unwrap_or(usize::MAX);
        if list.is_empty() || list.len() > most(plan::COMPARISON_LIST_LENGTH) {
            let message = format!("The list has 1 to {} items.", plan::COMPARISON_LIST_LENGTH);
            return Err(Problem::field(format!("{at}.listValue"), message));
        }
        if list.iter().any(|item| item.value.chars().count() > most(plan::COMPARISON_ITEM_LENGTH)) {
            let message = format!("An item has at most {} characters.", plan::COMPARISON_ITEM_LENGTH);
            return Err(Problem::field(format!("{at}.listValue"), message));
        }
    }
    Ok(construct::UserConditionFields {
        comparison_attribute: input.comparison_attribute,
        comparator: input.comparator,
        comparison_value: value,
    }
    .into())
}

fn comparison_value(input: UpdateComparisonValue) -> ComparisonValue {
    match input {
        UpdateComparisonValue::String(text) => text.into(),
        UpdateComparisonValue::Double(number) => number.into(),
        UpdateComparisonValue::List(list) => {
            let items = list.into_iter().map(|item| {
                construct::ComparisonValueListFields { value: item.value, hint: item.hint.value() }.into()
            });
            ComparisonValue::List(items.collect())
        }
        UpdateComparisonValue::Unknown(extra) => ComparisonValue::Unknown(extra),
        // A kind that this version does not know has no value.
        _ => ComparisonValue::Unknown(Extra::new()),
    }
}

/// Maximum number of keys in a message about a cycle.
const SHOWN: usize = 100;

/// Converts a formula to the equivalent request body, to which a JSON Patch is applied.
pub(crate) fn as_input(formula: &Formula) -> UpdateEvaluationFormula {
    construct::UpdateEvaluationFormulaFields {
        default_value: formula.default.clone().into(),
        targeting_rules: Field::Value(formula.rules.iter().cloned().map(Into::into).collect()),
        percentage_evaluation_attribute: Field::from(formula.percentage_attribute.clone()),
    }
    .into()
}
