//! Values, rules and percentages of V1 configs.

use super::at_most;
use super::values::{percentages, typed};
use crate::assumed::plan;
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::{Rollout, Setting};
use configcat_management::Field;
use configcat_management::models::{
    RolloutPercentageItem, RolloutRule, RolloutRuleComparator, UpdateRolloutPercentageItem,
    UpdateRolloutRule, UpdateSettingValue,
};

impl State {
    /// The value that a request describes, or what is wrong with it.
    pub(crate) fn rollout(&self, setting: &Setting, wish: UpdateSettingValue) -> Result<Rollout, Problem> {
        let value = typed("value", wish.value, &setting.ty)?;
        let wished = wish.rollout_rules.unwrap_or_default();
        at_most("rolloutRules", wished.len(), plan::TARGETING_RULES)?;
        let mut rules = Vec::new();
        for (i, rule) in wished.into_iter().enumerate() {
            rules.push(Self::rollout_rule(&format!("rolloutRules[{i}]"), rule, setting)?);
        }
        let wished = wish.rollout_percentage_items.unwrap_or_default();
        percentages(
            "rolloutPercentageItems",
            &wished.iter().map(|item| item.percentage).collect::<Vec<_>>(),
        )?;
        let mut items = Vec::new();
        for (i, item) in wished.into_iter().enumerate() {
            let at = format!("rolloutPercentageItems[{i}].value");
            items.push(RolloutPercentageItem {
                percentage: item.percentage,
                value: typed(&at, item.value, &setting.ty)?,
            });
        }
        Ok(Rollout { value, rules, percentages: items })
    }

    fn rollout_rule(at: &str, rule: UpdateRolloutRule, setting: &Setting) -> Result<RolloutRule, Problem> {
        let value = typed(&format!("{at}.value"), rule.value, &setting.ty)?;
        let attribute = rule.comparison_attribute.value().filter(|a| !a.is_empty());
        let comparator = rule.comparator.value();
        let comparison = rule.comparison_value.value();
        let segment = rule.segment_id.value();
        if let Some(segment) = segment {
            if attribute.is_some() || comparator.is_some() {
                return Err(Problem::field(at, "A rule is a user rule or a segment rule, not both."));
            }
            // Segments come with their own operations; until then none exists that a rule could name.
            return Err(Problem::field(format!("{at}.segmentId"), format!("There is no segment {segment}.")));
        }
        let missing = |field: &str| Problem::field(format!("{at}.{field}"), "A user rule needs it.");
        let attribute = attribute.ok_or_else(|| missing("comparisonAttribute"))?;
        let comparator = comparator.ok_or_else(|| missing("comparator"))?;
        let comparison = comparison.filter(|c| !c.is_empty()).ok_or_else(|| missing("comparisonValue"))?;
        check_comparison(at, &comparator, &comparison)?;
        Ok(RolloutRule {
            comparison_attribute: Some(attribute),
            comparator: Some(comparator),
            comparison_value: Some(comparison),
            value,
            segment_comparator: None,
            segment_id: None,
        })
    }
}

/// A number comparator compares with a number.
fn check_comparison(at: &str, comparator: &RolloutRuleComparator, text: &str) -> Result<(), Problem> {
    use RolloutRuleComparator as C;
    let number = matches!(
        comparator,
        C::NumberEquals
            | C::NumberDoesNotEqual
            | C::NumberLess
            | C::NumberLessOrEquals
            | C::NumberGreater
            | C::NumberGreaterOrEquals
    );
    if number && text.trim().replace(',', ".").parse::<f64>().is_err() {
        return Err(Problem::field(format!("{at}.comparisonValue"), format!("{comparator} needs a number.")));
    }
    Ok(())
}

/// A value as a request would describe it: what a JSON Patch is applied to.
pub(crate) fn as_wish(rollout: &Rollout) -> UpdateSettingValue {
    let rules = rollout.rules.iter().map(|rule| UpdateRolloutRule {
        comparison_attribute: Field::from(rule.comparison_attribute.clone()),
        comparator: Field::from(rule.comparator.clone()),
        comparison_value: Field::from(rule.comparison_value.clone()),
        value: rule.value.clone(),
        segment_comparator: Field::from(rule.segment_comparator.clone()),
        segment_id: Field::from(rule.segment_id.clone()),
    });
    let items = rollout
        .percentages
        .iter()
        .map(|item| UpdateRolloutPercentageItem { percentage: item.percentage, value: item.value.clone() });
    UpdateSettingValue {
        rollout_rules: Some(rules.collect()),
        rollout_percentage_items: Some(items.collect()),
        value: rollout.value.clone(),
    }
}
