//! Values of V1 configs on the wire: rules with one condition, then percentages of all users.

use super::lookup::{Ids, Names};
use super::state::{Comparison, FlagCondition, FlagRule, FlagState, Serve};
use crate::Field;
use crate::models::{
    RolloutPercentageItem, RolloutRule, RolloutRuleComparator, SegmentComparator, SettingValue,
    UpdateRolloutPercentageItem, UpdateRolloutRule, UpdateSettingValue,
};
use crate::spec::validate::Violation;

impl FlagState {
    /// Reads a value of the wire. `None` if it has parts that this version does not know, and therefore cannot write.
    pub(crate) fn from_v1(
        default: SettingValue,
        rules: Vec<RolloutRule>,
        split: Vec<RolloutPercentageItem>,
        names: &dyn Names,
    ) -> Option<Self> {
        let mut rules = rules.into_iter().map(|rule| rule_of(rule, names)).collect::<Option<Vec<_>>>()?;
        if !split.is_empty() {
            let shares =
                split.into_iter().map(|item| Some((i32::try_from(item.percentage).ok()?, item.value)));
            rules.push(FlagRule {
                conditions: Vec::new(),
                serve: Serve::Split(shares.collect::<Option<_>>()?),
            });
        }
        Some(Self { default, rules, percentage_attribute: None })
    }

    /// Writes the value for the wire. For the simulator.
    ///
    /// # Errors
    /// With the place of what the wire cannot express, or of a name that does not exist.
    #[doc(hidden)]
    pub fn to_v1(&self, ids: &dyn Ids) -> Result<UpdateSettingValue, Violation> {
        let mut written = UpdateSettingValue::new(self.default.clone());
        let (mut rules, mut split) = (Vec::new(), Vec::new());
        let last = self.rules.len().saturating_sub(1);
        for (i, rule) in self.rules.iter().enumerate() {
            let wrong =
                |message: &str| Violation { path: format!("rules[{i}]"), message: message.to_owned() };
            match (&rule.serve, rule.conditions.as_slice()) {
                (Serve::Value(value), [condition]) => {
                    rules.push(to_rule(condition, value, ids).map_err(|message| wrong(&message))?);
                }
                (Serve::Split(options), []) if i == last => {
                    let item = |(percentage, value): &(i32, SettingValue)| {
                        UpdateRolloutPercentageItem::new(i64::from(*percentage), value.clone())
                    };
                    split = options.iter().map(item).collect();
                }
                (Serve::Split(_), _) => {
                    return Err(wrong(
                        "a V1 config has percentages only in the last rule, without a condition",
                    ));
                }
                (Serve::Value(_), _) => return Err(wrong("a rule of a V1 config has exactly one condition")),
            }
        }
        if self.percentage_attribute.is_some() {
            let message = "a V1 config has no percentage attribute".to_owned();
            return Err(Violation { path: "percentageAttribute".to_owned(), message });
        }
        written.rollout_rules = Field::Value(rules).value();
        written.rollout_percentage_items = Field::Value(split).value();
        Ok(written)
    }
}

fn rule_of(rule: RolloutRule, names: &dyn Names) -> Option<FlagRule> {
    let condition = match (rule.segment_id, rule.comparator) {
        (Some(id), _) => FlagCondition::Segment {
            name: names.segment(id.as_str()).unwrap_or(id.as_str()).to_owned(),
            negated: match rule.segment_comparator {
                Some(SegmentComparator::IsNotIn) => true,
                Some(SegmentComparator::Unknown(_)) => return None,
                _ => false,
            },
        },
        (None, Some(RolloutRuleComparator::Unknown(_)) | None) => return None,
        (None, Some(comparator)) => FlagCondition::User {
            attribute: rule.comparison_attribute.unwrap_or_default(),
            comparator: comparator.as_str().into(),
            value: Comparison::Text(rule.comparison_value.unwrap_or_default()),
        },
    };
    Some(FlagRule { conditions: vec![condition], serve: Serve::Value(rule.value) })
}

fn to_rule(
    condition: &FlagCondition,
    value: &SettingValue,
    ids: &dyn Ids,
) -> Result<UpdateRolloutRule, String> {
    let mut rule = UpdateRolloutRule::new(value.clone());
    match condition {
        FlagCondition::User { attribute, comparator, value } => {
            let legacy = RolloutRuleComparator::from(comparator.as_str());
            if matches!(legacy, RolloutRuleComparator::Unknown(_)) {
                return Err(format!("a V1 config has no comparator {comparator}"));
            }
            rule.comparison_attribute = attribute.as_str().into();
            rule.comparator = legacy.into();
            let Comparison::Text(text) = value else {
                return Err(format!("a V1 config compares with text, not {value}"));
            };
            rule.comparison_value = text.as_str().into();
        }
        FlagCondition::Segment { name, negated } => {
            let id = ids.segment(name).ok_or_else(|| format!("there is no segment {name:?}"))?;
            rule.segment_id = Field::Value(id.into());
            let comparator = if *negated { SegmentComparator::IsNotIn } else { SegmentComparator::IsIn };
            rule.segment_comparator = comparator.into();
        }
        FlagCondition::Flag { .. } => return Err("a V1 config has no conditions on other flags".to_owned()),
    }
    Ok(rule)
}
