//! Values, rules and percentages of V1 configs.

use super::at_most;
use super::values::{percentages, typed};
use crate::assumed::plan;
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::{Rollout, Setting};
use configcat_management::Field;
use configcat_management::construct;
use configcat_management::models::{
    ProductId, RolloutRule, RolloutRuleComparator, SegmentId, UpdateRolloutRule, UpdateSettingValue,
};

impl State {
    /// Checks that the segment of a rule belongs to the flag's product.
    ///
    /// Assumed: an unknown segment is refused with 400.
    pub(crate) fn check_segment(&self, at: &str, id: &SegmentId, product: &ProductId) -> Result<(), Problem> {
        if self.segments.get(id).is_none_or(|segment| segment.product != *product) {
            return Err(Problem::field(at, format!("Unknown segment {id}.")));
        }
        Ok(())
    }

    /// Validates a request body and converts it to a V1 value.
    pub(crate) fn rollout(&self, setting: &Setting, input: UpdateSettingValue) -> Result<Rollout, Problem> {
        let product = &self.config(&setting.config)?.product;
        let value = typed("value", input.value, &setting.ty)?;
        let inputs = input.rollout_rules.unwrap_or_default();
        at_most("rolloutRules", inputs.len(), plan::TARGETING_RULES)?;
        let mut rules = Vec::new();
        for (i, rule) in inputs.into_iter().enumerate() {
            rules.push(self.rollout_rule(&format!("rolloutRules[{i}]"), rule, setting, product)?);
        }
        let inputs = input.rollout_percentage_items.unwrap_or_default();
        percentages(
            "rolloutPercentageItems",
            &inputs.iter().map(|item| item.percentage).collect::<Vec<_>>(),
        )?;
        let mut items = Vec::new();
        for (i, item) in inputs.into_iter().enumerate() {
            let at = format!("rolloutPercentageItems[{i}].value");
            items.push(
                construct::RolloutPercentageItemFields {
                    percentage: item.percentage,
                    value: typed(&at, item.value, &setting.ty)?,
                }
                .into(),
            );
        }
        Ok(Rollout { value, rules, percentages: items })
    }

    /// Documented: a rule of a V1 value is a user rule (attribute, comparator, comparison value) or a segment rule.
    fn rollout_rule(
        &self,
        at: &str,
        rule: UpdateRolloutRule,
        setting: &Setting,
        product: &ProductId,
    ) -> Result<RolloutRule, Problem> {
        let value = typed(&format!("{at}.value"), rule.value, &setting.ty)?;
        let attribute = rule.comparison_attribute.value().filter(|a| !a.is_empty());
        let comparator = rule.comparator.value();
        let comparison = rule.comparison_value.value();
        let segment = rule.segment_id.value();
        if let Some(segment) = segment {
            if attribute.is_some() || comparator.is_some() {
                return Err(Problem::field(at, "A rule is a user rule or a segment rule, not both."));
            }
            self.check_segment(&format!("{at}.segmentId"), &segment, product)?;
            let needs = || Problem::field(format!("{at}.segmentComparator"), "A segment rule needs it.");
            return Ok(construct::RolloutRuleFields {
                comparison_attribute: None,
                comparator: None,
                comparison_value: None,
                value,
                segment_comparator: Some(rule.segment_comparator.value().ok_or_else(needs)?),
                segment_id: Some(segment),
            }
            .into());
        }
        let missing = |field: &str| Problem::field(format!("{at}.{field}"), "A user rule needs it.");
        let attribute = attribute.ok_or_else(|| missing("comparisonAttribute"))?;
        let comparator = comparator.ok_or_else(|| missing("comparator"))?;
        let comparison = comparison.filter(|c| !c.is_empty()).ok_or_else(|| missing("comparisonValue"))?;
        check_comparison(&format!("{at}.comparisonValue"), &comparator, &comparison)?;
        Ok(construct::RolloutRuleFields {
            comparison_attribute: Some(attribute),
            comparator: Some(comparator),
            comparison_value: Some(comparison),
            value,
            segment_comparator: None,
            segment_id: None,
        }
        .into())
    }
}

/// Checks the length of a comparison value, and that a number comparator has a number.
///
/// Assumed: a comparison value has at most 65,535 characters.
/// Assumed: a number comparator with another text is refused with 400.
pub(crate) fn check_comparison(
    at: &str,
    comparator: &RolloutRuleComparator,
    text: &str,
) -> Result<(), Problem> {
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
        return Err(Problem::field(at, format!("{comparator} needs a number.")));
    }
    let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    if length > plan::COMPARISON_VALUE_LENGTH {
        let message = format!("It has at most {} characters, not {length}.", plan::COMPARISON_VALUE_LENGTH);
        return Err(Problem::field(at, message));
    }
    Ok(())
}

/// Converts a value to the equivalent request body, to which a JSON Patch is applied.
pub(crate) fn as_input(rollout: &Rollout) -> UpdateSettingValue {
    let rules = rollout.rules.iter().map(|rule| {
        construct::UpdateRolloutRuleFields {
            comparison_attribute: Field::from(rule.comparison_attribute.clone()),
            comparator: Field::from(rule.comparator.clone()),
            comparison_value: Field::from(rule.comparison_value.clone()),
            value: rule.value.clone(),
            segment_comparator: Field::from(rule.segment_comparator.clone()),
            segment_id: Field::from(rule.segment_id.clone()),
        }
        .into()
    });
    let items = rollout.percentages.iter().map(|item| {
        construct::UpdateRolloutPercentageItemFields {
            percentage: item.percentage,
            value: item.value.clone(),
        }
        .into()
    });
    construct::UpdateSettingValueFields {
        rollout_rules: Some(rules.collect()),
        rollout_percentage_items: Some(items.collect()),
        value: rollout.value.clone(),
    }
    .into()
}
