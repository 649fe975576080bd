//! Version 6 of the file: V2 configs as they are, V1 configs converted to the V2 format.

use super::hashing::{sensitive, sensitive_part, variation};
use super::{CDN, FlagSource, type_number};
use crate::state::entities::{Content, Formula, Rollout, Setting};
use configcat_management::models::{
    Condition, FlagValue, PercentageOption, PrerequisiteComparator, PrerequisiteFlagCondition, RolloutRule,
    RolloutRuleComparator, SegmentComparator, SegmentId, SettingId, SettingValue, TargetingRule,
    UserComparator, UserCondition,
};
use serde_json::{Map, Value, json};

/// A comparison: the attribute, the comparator, and the value in the field that the comparator reads.
struct Comparison<'a> {
    attribute: &'a str,
    comparator: UserComparator,
    text: Option<&'a str>,
    number: Option<f64>,
    list: Vec<&'a str>,
}

/// Returns the number of a comparator: its position in the spec's enumeration.
fn number(comparator: &UserComparator) -> usize {
    UserComparator::ALL.iter().position(|known| known == comparator).unwrap_or_default()
}

fn value_of(value: &SettingValue) -> Value {
    match value {
        SettingValue::Boolean(value) => json!({ "b": value }),
        SettingValue::String(value) => json!({ "s": value }),
        SettingValue::Int(value) => json!({ "i": value }),
        SettingValue::Double(value) => json!({ "d": value }),
    }
}

fn served(setting: SettingId, value: &SettingValue) -> Value {
    json!({ "v": value_of(value), "i": variation(setting, value) })
}

fn plain(value: &FlagValue) -> SettingValue {
    value.value.clone().unwrap_or(SettingValue::Boolean(false))
}

fn option(setting: SettingId, percentage: i64, value: &SettingValue) -> Value {
    json!({ "p": percentage, "v": value_of(value), "i": variation(setting, value) })
}

impl FlagSource<'_> {
    /// Returns the file.
    pub fn v6(&self) -> Value {
        let mut segments: Vec<SegmentId> = Vec::new();
        let mut flags = Map::new();
        for setting in self.state.settings_of(&self.config.id) {
            let Ok(value) = self.state.value(setting, self.environment) else { continue };
            let flag = match &value.content {
                Content::V2(formula) => self.formula(setting, formula, &mut segments),
                Content::V1(rollout) => self.rollout(setting, rollout, &mut segments),
            };
            flags.insert(setting.key.clone(), flag);
        }
        let segments: Vec<Value> = segments.iter().filter_map(|id| self.segment(id)).collect();
        json!({ "p": { "u": CDN, "r": 0, "s": self.salt }, "s": segments, "f": flags })
    }

    fn formula(&self, setting: &Setting, formula: &Formula, segments: &mut Vec<SegmentId>) -> Value {
        // Percentage options without a condition are written next to the rules, not as a rule.
        let (last, rules) = match formula.rules.split_last() {
            Some((last, rules)) if last.conditions.is_empty() => (Some(last), rules),
            _ => (None, formula.rules.as_slice()),
        };
        let rules = rules.iter().map(|rule| self.rule(setting, rule, segments)).collect();
        let options = last.map(|rule| options(setting, &rule.percentage_options)).unwrap_or_default();
        let default = plain(&formula.default);
        flag(setting, &default, rules, options, formula.percentage_attribute.as_deref())
    }

    fn rule(&self, setting: &Setting, rule: &TargetingRule, segments: &mut Vec<SegmentId>) -> Value {
        let conditions: Vec<Value> =
            rule.conditions.iter().map(|condition| self.condition(setting, condition, segments)).collect();
        match &rule.value {
            Some(value) => json!({ "c": conditions, "s": served(setting.id, &plain(value)) }),
            None => json!({ "c": conditions, "p": options(setting, &rule.percentage_options) }),
        }
    }

    fn condition(&self, setting: &Setting, condition: &Condition, segments: &mut Vec<SegmentId>) -> Value {
        match condition {
            Condition::User(user) => json!({ "u": self.comparison(&setting.key, &user_comparison(user)) }),
            Condition::Segment(segment) => {
                self.in_segment(&segment.segment_id, &segment.comparator, segments)
            }
            Condition::PrerequisiteFlag(needed) => self.prerequisite(needed),
            _ => Value::Null,
        }
    }

    fn prerequisite(&self, needed: &PrerequisiteFlagCondition) -> Value {
        let key = self.state.settings.get(&needed.prerequisite_setting_id).map_or("", |s| s.key.as_str());
        let comparator = u8::from(needed.comparator == PrerequisiteComparator::DoesNotEqual);
        let value = value_of(&plain(&needed.prerequisite_comparison_value));
        json!({ "p": { "f": key, "c": comparator, "v": value } })
    }

    fn in_segment(
        &self,
        id: &SegmentId,
        comparator: &SegmentComparator,
        segments: &mut Vec<SegmentId>,
    ) -> Value {
        let index = segments.iter().position(|known| known == id).unwrap_or_else(|| {
            segments.push(id.clone());
            segments.len() - 1
        });
        json!({ "s": { "s": index, "c": u8::from(*comparator == SegmentComparator::IsNotIn) } })
    }

    fn segment(&self, id: &SegmentId) -> Option<Value> {
        let segment = self.state.segments.get(id)?;
        let comparison = text_comparison(&segment.attribute, &segment.comparator, &segment.comparison);
        Some(json!({ "n": segment.name, "r": [self.comparison(&segment.name, &comparison)] }))
    }

    fn comparison(&self, context: &str, comparison: &Comparison<'_>) -> Value {
        use UserComparator as C;
        let whole = |value: &str| sensitive(value, &self.salt, context);
        let part = |value: &str| sensitive_part(value, &self.salt, context);
        let mut json = Map::new();
        json.insert("a".into(), comparison.attribute.into());
        json.insert("c".into(), number(&comparison.comparator).into());
        let hashed: Option<&dyn Fn(&str) -> String> = match comparison.comparator {
            C::SensitiveIsOneOf
            | C::SensitiveIsNotOneOf
            | C::SensitiveTextEquals
            | C::SensitiveTextDoesNotEqual
            | C::SensitiveArrayContainsAnyOf
            | C::SensitiveArrayDoesNotContainAnyOf => Some(&whole),
            C::SensitiveTextStartsWithAnyOf
            | C::SensitiveTextNotStartsWithAnyOf
            | C::SensitiveTextEndsWithAnyOf
            | C::SensitiveTextNotEndsWithAnyOf => Some(&part),
            _ => None,
        };
        let write = |value: &str| hashed.map_or_else(|| value.to_owned(), |hash| hash(value));
        if let Some(number) = comparison.number {
            json.insert("d".into(), number.into());
        } else if let Some(text) = comparison.text {
            json.insert("s".into(), write(text).into());
        } else {
            json.insert("l".into(), comparison.list.iter().map(|value| write(value)).collect());
        }
        json.into()
    }

    fn rollout(&self, setting: &Setting, rollout: &Rollout, segments: &mut Vec<SegmentId>) -> Value {
        let rules =
            rollout.rules.iter().filter_map(|rule| self.rollout_rule(setting, rule, segments)).collect();
        let options = rollout.percentages.iter().map(|item| option(setting.id, item.percentage, &item.value));
        flag(setting, &rollout.value, rules, options.collect(), None)
    }

    fn rollout_rule(
        &self,
        setting: &Setting,
        rule: &RolloutRule,
        segments: &mut Vec<SegmentId>,
    ) -> Option<Value> {
        let condition = match (&rule.segment_id, &rule.segment_comparator) {
            (Some(id), Some(comparator)) => self.in_segment(id, comparator, segments),
            _ => {
                let (attribute, comparator, text) = (
                    rule.comparison_attribute.as_deref()?,
                    rule.comparator.as_ref()?,
                    rule.comparison_value.as_deref()?,
                );
                json!({ "u": self.comparison(&setting.key, &text_comparison(attribute, comparator, text)) })
            }
        };
        Some(json!({ "c": [condition], "s": served(setting.id, &rule.value) }))
    }
}

fn options(setting: &Setting, options: &[PercentageOption]) -> Vec<Value> {
    options.iter().map(|o| option(setting.id, o.percentage.into(), &plain(&o.value))).collect()
}

fn flag(
    setting: &Setting,
    default: &SettingValue,
    rules: Vec<Value>,
    options: Vec<Value>,
    attribute: Option<&str>,
) -> Value {
    let mut flag = Map::new();
    flag.insert("t".into(), type_number(&setting.ty).into());
    flag.insert("v".into(), value_of(default));
    flag.insert("i".into(), variation(setting.id, default).into());
    if let Some(attribute) = attribute {
        flag.insert("a".into(), attribute.into());
    }
    if !rules.is_empty() {
        flag.insert("r".into(), rules.into());
    }
    if !options.is_empty() {
        flag.insert("p".into(), options.into());
    }
    flag.into()
}

fn user_comparison(user: &UserCondition) -> Comparison<'_> {
    let value = &user.comparison_value;
    Comparison {
        attribute: &user.comparison_attribute,
        comparator: user.comparator.clone(),
        text: value.string_value().map(String::as_str),
        number: value.double_value().copied(),
        list: value.list_value().into_iter().flatten().map(|item| item.value.as_str()).collect(),
    }
}

/// Converts the comparison string of a V1 rule or a segment to V2. List items are separated by commas.
fn text_comparison<'a>(
    attribute: &'a str,
    comparator: &RolloutRuleComparator,
    text: &'a str,
) -> Comparison<'a> {
    use RolloutRuleComparator as R;
    use UserComparator as U;
    let listed = || text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect::<Vec<_>>();
    let mut comparison =
        Comparison { attribute, comparator: U::IsOneOf, text: None, number: None, list: Vec::new() };
    let (comparator, kind) = match comparator {
        R::IsOneOf => (U::IsOneOf, 'l'),
        R::IsNotOneOf => (U::IsNotOneOf, 'l'),
        R::Contains => (U::ContainsAnyOf, '1'),
        R::DoesNotContain => (U::DoesNotContainAnyOf, '1'),
        R::SemVerIsOneOf => (U::SemVerIsOneOf, 'l'),
        R::SemVerIsNotOneOf => (U::SemVerIsNotOneOf, 'l'),
        R::SemVerLess => (U::SemVerLess, 's'),
        R::SemVerLessOrEquals => (U::SemVerLessOrEquals, 's'),
        R::SemVerGreater => (U::SemVerGreater, 's'),
        R::SemVerGreaterOrEquals => (U::SemVerGreaterOrEquals, 's'),
        R::NumberEquals => (U::NumberEquals, 'd'),
        R::NumberDoesNotEqual => (U::NumberDoesNotEqual, 'd'),
        R::NumberLess => (U::NumberLess, 'd'),
        R::NumberLessOrEquals => (U::NumberLessOrEquals, 'd'),
        R::NumberGreater => (U::NumberGreater, 'd'),
        R::NumberGreaterOrEquals => (U::NumberGreaterOrEquals, 'd'),
        R::SensitiveIsNotOneOf => (U::SensitiveIsNotOneOf, 'l'),
        // `SensitiveIsOneOf`; unknown comparators are rejected when they are set.
        _ => (U::SensitiveIsOneOf, 'l'),
    };
    comparison.comparator = comparator;
    match kind {
        's' => comparison.text = Some(text.trim()),
        'd' => comparison.number = Some(text.trim().replace(',', ".").parse().unwrap_or_default()),
        '1' => comparison.list = vec![text],
        _ => comparison.list = listed(),
    }
    comparison
}
