//! Version 5 of the file: V1 configs for older SDKs.

use super::hashing::{sensitive_v5, variation};
use super::{CDN, FlagSource, type_number};
use crate::state::entities::{Content, Rollout, Setting};
use configcat_management::models::{RolloutRule, RolloutRuleComparator, SegmentComparator, SettingValue};
use serde_json::{Map, Value, json};

fn value_of(value: &SettingValue) -> Value {
    match value {
        SettingValue::Boolean(value) => json!(value),
        SettingValue::String(value) => json!(value),
        SettingValue::Int(value) => json!(value),
        SettingValue::Double(value) => json!(value),
    }
}

/// Returns the number of a comparator: its position in the spec's enumeration.
fn number(comparator: &RolloutRuleComparator) -> usize {
    RolloutRuleComparator::ALL.iter().position(|known| known == comparator).unwrap_or_default()
}

/// Returns the comparator that is true where the given one is false. Old SDKs do not support segments, so "not in the
/// segment" is expressed by negating the segment's condition.
fn opposite(comparator: &RolloutRuleComparator) -> RolloutRuleComparator {
    use RolloutRuleComparator as C;
    match comparator {
        C::IsOneOf => C::IsNotOneOf,
        C::IsNotOneOf => C::IsOneOf,
        C::Contains => C::DoesNotContain,
        C::DoesNotContain => C::Contains,
        C::SemVerIsOneOf => C::SemVerIsNotOneOf,
        C::SemVerIsNotOneOf => C::SemVerIsOneOf,
        C::SemVerLess => C::SemVerGreaterOrEquals,
        C::SemVerLessOrEquals => C::SemVerGreater,
        C::SemVerGreater => C::SemVerLessOrEquals,
        C::SemVerGreaterOrEquals => C::SemVerLess,
        C::NumberEquals => C::NumberDoesNotEqual,
        C::NumberDoesNotEqual => C::NumberEquals,
        C::NumberLess => C::NumberGreaterOrEquals,
        C::NumberLessOrEquals => C::NumberGreater,
        C::NumberGreater => C::NumberLessOrEquals,
        C::NumberGreaterOrEquals => C::NumberLess,
        C::SensitiveIsOneOf => C::SensitiveIsNotOneOf,
        C::SensitiveIsNotOneOf => C::SensitiveIsOneOf,
        other => other.clone(),
    }
}

impl FlagSource<'_> {
    /// Returns the file.
    pub fn v5(&self) -> Value {
        let mut flags = Map::new();
        for setting in self.state.settings_of(&self.config.id) {
            if let Ok(value) = self.state.value(setting, self.environment)
                && let Content::V1(rollout) = &value.content
            {
                flags.insert(setting.key.clone(), self.old_flag(setting, rollout));
            }
        }
        json!({ "p": { "u": CDN, "r": 0 }, "f": flags })
    }

    fn old_flag(&self, setting: &Setting, rollout: &Rollout) -> Value {
        let rules = rollout.rules.iter().enumerate();
        let rules: Vec<Value> =
            rules.filter_map(|(order, rule)| self.old_rule(setting, order, rule)).collect();
        let options = rollout.percentages.iter().enumerate().map(|(order, item)| {
            json!({
                "o": order,
                "v": value_of(&item.value),
                "p": item.percentage,
                "i": variation(setting.id, &item.value),
            })
        });
        json!({
            "v": value_of(&rollout.value),
            "t": type_number(&setting.ty),
            "i": variation(setting.id, &rollout.value),
            "p": options.collect::<Vec<_>>(),
            "r": rules,
        })
    }

    fn old_rule(&self, setting: &Setting, order: usize, rule: &RolloutRule) -> Option<Value> {
        let segment = rule.segment_id.as_ref().and_then(|id| self.state.segments.get(id));
        let (attribute, comparator, text) = match segment {
            Some(segment) if rule.segment_comparator == Some(SegmentComparator::IsNotIn) => {
                (segment.attribute.as_str(), opposite(&segment.comparator), segment.comparison.as_str())
            }
            Some(segment) => {
                (segment.attribute.as_str(), segment.comparator.clone(), segment.comparison.as_str())
            }
            None => (
                rule.comparison_attribute.as_deref()?,
                rule.comparator.clone()?,
                rule.comparison_value.as_deref()?,
            ),
        };
        let sensitive = matches!(
            comparator,
            RolloutRuleComparator::SensitiveIsOneOf | RolloutRuleComparator::SensitiveIsNotOneOf
        );
        let comparison = if sensitive {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            items.map(sensitive_v5).collect::<Vec<_>>().join(",")
        } else {
            text.to_owned()
        };
        Some(json!({
            "o": order,
            "a": attribute,
            "t": number(&comparator),
            "c": comparison,
            "v": value_of(&rule.value),
            "i": variation(setting.id, &rule.value),
        }))
    }
}
