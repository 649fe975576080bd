//! Values of V2 configs on the wire.

use super::lookup::{Ids, Names};
use super::state::{Comparison, FlagCondition, FlagRule, FlagState, ListItem, Serve, convert};
use crate::models::{
    ComparisonValue, Condition, FlagValue, PercentageOption, PrerequisiteComparator, SegmentComparator,
    SettingValue, TargetingRule, UpdateComparisonValue, UpdateComparisonValueList, UpdateCondition,
    UpdateEvaluationFormula, UpdatePercentageOption, UpdatePrerequisiteFlagCondition, UpdateSegmentCondition,
    UpdateTargetingRule, UpdateUserCondition,
};
use crate::rules::ComparisonType;
use crate::spec::validate::Violation;
use crate::{Field, models};

impl FlagState {
    /// Reads a value of the wire. `None` if it has parts that this version does not know, and therefore cannot write.
    pub(crate) fn from_v2(
        default: FlagValue,
        rules: Vec<TargetingRule>,
        percentage_attribute: Option<String>,
        names: &dyn Names,
    ) -> Option<Self> {
        let rules = rules.into_iter().map(|rule| rule_of(rule, names)).collect::<Option<_>>()?;
        Some(Self { default: default.value?, rules, percentage_attribute })
    }

    /// Writes the value for the wire. For the simulator.
    ///
    /// # Errors
    /// With the place of what the wire cannot express, or of a name that does not exist.
    #[doc(hidden)]
    pub fn to_v2(&self, ids: &dyn Ids) -> Result<UpdateEvaluationFormula, Violation> {
        let mut formula = UpdateEvaluationFormula::new(self.default.clone());
        let mut rules = Vec::with_capacity(self.rules.len());
        for (i, rule) in self.rules.iter().enumerate() {
            rules.push(to_rule(&format!("rules[{i}]"), rule, ids)?);
        }
        formula.targeting_rules = Field::Value(rules);
        formula.percentage_evaluation_attribute = match &self.percentage_attribute {
            Some(attribute) => Field::Value(attribute.clone()),
            None => Field::Null,
        };
        Ok(formula)
    }
}

fn rule_of(rule: TargetingRule, names: &dyn Names) -> Option<FlagRule> {
    let conditions =
        rule.conditions.into_iter().map(|condition| condition_of(condition, names)).collect::<Option<_>>()?;
    let share = |option: PercentageOption| Some((option.percentage, option.value.value?));
    let serve = match rule.value {
        Some(value) => Serve::Value(value.value?),
        None => Serve::Split(rule.percentage_options.into_iter().map(share).collect::<Option<_>>()?),
    };
    Some(FlagRule { conditions, serve })
}

fn condition_of(condition: Condition, names: &dyn Names) -> Option<FlagCondition> {
    Some(match condition {
        Condition::User(user) => FlagCondition::User {
            attribute: user.comparison_attribute,
            comparator: user.comparator,
            value: match user.comparison_value {
                ComparisonValue::String(text) => Comparison::Text(text),
                ComparisonValue::Double(number) => Comparison::Number(number),
                ComparisonValue::List(items) => {
                    let item =
                        |item: models::ComparisonValueList| ListItem { value: item.value, hint: item.hint };
                    Comparison::List(items.into_iter().map(item).collect())
                }
                ComparisonValue::Unknown(_) => return None,
            },
        },
        Condition::Segment(segment) => {
            let negated = match segment.comparator {
                SegmentComparator::IsIn => false,
                SegmentComparator::IsNotIn => true,
                SegmentComparator::Unknown(_) => return None,
            };
            let id = segment.segment_id.as_str();
            FlagCondition::Segment { name: names.segment(id).unwrap_or(id).to_owned(), negated }
        }
        Condition::PrerequisiteFlag(flag) => {
            let negated = match flag.comparator {
                PrerequisiteComparator::Equals => false,
                PrerequisiteComparator::DoesNotEqual => true,
                PrerequisiteComparator::Unknown(_) => return None,
            };
            let id = flag.prerequisite_setting_id.get();
            let key = names.flag(id).map_or_else(|| id.to_string(), str::to_owned);
            FlagCondition::Flag { key, negated, value: flag.prerequisite_comparison_value.value? }
        }
        Condition::Unknown(_) => return None,
    })
}

fn to_rule(at: &str, rule: &FlagRule, ids: &dyn Ids) -> Result<UpdateTargetingRule, Violation> {
    let mut conditions = Vec::with_capacity(rule.conditions.len());
    for (i, condition) in rule.conditions.iter().enumerate() {
        conditions.push(to_condition(&format!("{at}.if[{i}]"), condition, ids)?);
    }
    let mut written = UpdateTargetingRule::new();
    written.conditions = Field::Value(conditions);
    match &rule.serve {
        Serve::Value(value) => written.value = value.clone().into(),
        Serve::Split(options) => {
            let option = |(percentage, value): &(i32, SettingValue)| {
                UpdatePercentageOption::new(*percentage, value.clone())
            };
            written.percentage_options = Field::Value(options.iter().map(option).collect());
        }
    }
    Ok(written)
}

fn to_condition(at: &str, condition: &FlagCondition, ids: &dyn Ids) -> Result<UpdateCondition, Violation> {
    let wrong = |message: String| Violation { path: at.to_owned(), message };
    Ok(match condition {
        FlagCondition::User { attribute, comparator, value } => {
            let value = to_comparison(value, comparator.takes()).ok_or_else(|| {
                let takes = comparator.takes().map_or("no value of a V2 config", wanted);
                wrong(format!("{comparator} takes {takes}, not {value}"))
            })?;
            UpdateUserCondition::new(attribute.as_str(), comparator.clone(), value).into()
        }
        FlagCondition::Segment { name, negated } => {
            let id = ids.segment(name).ok_or_else(|| wrong(format!("there is no segment {name:?}")))?;
            let comparator = if *negated { SegmentComparator::IsNotIn } else { SegmentComparator::IsIn };
            UpdateSegmentCondition::new(id, comparator).into()
        }
        FlagCondition::Flag { key, negated, value } => {
            let (id, ty) = ids.flag(key).ok_or_else(|| wrong(format!("the config has no flag {key:?}")))?;
            let comparator =
                if *negated { PrerequisiteComparator::DoesNotEqual } else { PrerequisiteComparator::Equals };
            let mut value = value.clone();
            convert(at, &mut value, &ty)?;
            UpdatePrerequisiteFlagCondition::new(id, comparator, value).into()
        }
    })
}

/// Converts a comparison value to the type that a comparator takes: one string is a list of one, text with commas is none.
fn to_comparison(value: &Comparison, takes: Option<ComparisonType>) -> Option<UpdateComparisonValue> {
    let item = |item: &ListItem| {
        let mut written = UpdateComparisonValueList::new(item.value.as_str());
        written.hint = item.hint.clone().map_or(Field::Absent, Field::Value);
        written
    };
    Some(match (value, takes?) {
        (Comparison::List(items), ComparisonType::List) => {
            UpdateComparisonValue::List(items.iter().map(item).collect())
        }
        (Comparison::Text(text), ComparisonType::String) => UpdateComparisonValue::String(text.clone()),
        (Comparison::Number(number), ComparisonType::Number) => UpdateComparisonValue::Double(*number),
        _ => return None,
    })
}

/// What a comparator takes, for messages.
const fn wanted(ty: ComparisonType) -> &'static str {
    match ty {
        ComparisonType::List => "a list of strings",
        ComparisonType::String => "a string",
        ComparisonType::Number => "a number",
    }
}
