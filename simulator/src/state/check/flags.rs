//! Flags and their values.

use super::super::State;
use super::super::entities::{Config, Content, Formula, Rollout, Setting, SettingIndex};
use super::{Checked, at_most, each, ensure, exists, invalid, same};
use crate::assumed::plan;
use crate::rules::values::percentages;
use configcat_management::models::{
    Condition, EvaluationVersion, FlagValue, SegmentId, SettingType, SettingValue, TargetingRule,
};

const CONTENT: &str = "content";

fn most(limit: i32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Returns an error unless a value has the type of its flag.
fn typed(value: &SettingValue, ty: &SettingType) -> Checked {
    let fits = match (ty, value) {
        (SettingType::Boolean, SettingValue::Boolean(_)) | (SettingType::Int, SettingValue::Int(_)) => true,
        (SettingType::Double, SettingValue::Double(number)) => number.is_finite(),
        (SettingType::String, SettingValue::String(text)) => {
            text.len() <= most(plan::TEXT_VALUE_LENGTH)
                || text.chars().count() <= most(plan::TEXT_VALUE_LENGTH)
        }
        _ => false,
    };
    ensure(fits, CONTENT, || format!("a value is not of the flag's type, {ty}, or is too long"))
}

fn flag_value(value: &FlagValue, ty: &SettingType) -> Checked {
    value.value.as_ref().map_or_else(|| Err(invalid(CONTENT, "a value is missing")), |value| typed(value, ty))
}

fn shares(shares: &[i64]) -> Checked {
    percentages(CONTENT, shares).map_err(|problem| invalid(CONTENT, problem))
}

impl State {
    pub(super) fn check_flags(&self) -> Result<(), String> {
        each("settings", self.settings.values(), |setting| self.check_setting(setting))?;
        each("deleted_settings", self.deleted_settings.values(), |deleted| {
            exists(self.configs.get(&deleted.config), "config", &deleted.config)?;
            let deleted = !self.settings.contains(&deleted.id);
            ensure(deleted, "id", || "the flag is not deleted".into())
        })?;
        each("values", self.values.values(), |value| {
            let setting = exists(self.settings.get(&value.setting), "setting", value.setting)?;
            let config = exists(self.configs.get(&setting.config), "setting", &setting.config)?;
            let environment =
                exists(self.environments.get(&value.environment), "environment", &value.environment)?;
            same("environment", &environment.product, &config.product)?;
            match &value.content {
                Content::V1(rollout) => {
                    ensure(config.version != EvaluationVersion::V2, CONTENT, || {
                        "the config is of v2".into()
                    })?;
                    self.check_rollout(rollout, setting, config)
                }
                Content::V2(formula) => {
                    ensure(config.version == EvaluationVersion::V2, CONTENT, || {
                        "the config is of v1".into()
                    })?;
                    self.check_formula(formula, setting, config)
                }
            }
        })?;
        self.check_cycles()
    }

    fn check_setting(&self, setting: &Setting) -> Checked {
        let config = exists(self.configs.get(&setting.config), "config", &setting.config)?;
        let same_key = self.settings.find(&SettingIndex::Key(setting.config.clone(), setting.key.clone()));
        ensure(same_key.count() == 1, "key", || format!("'{}' is already in use", setting.key))?;
        ensure(!setting.key.trim().is_empty(), "key", || "it must not be empty".into())?;
        ensure(!setting.name.trim().is_empty(), "name", || "it must not be empty".into())?;
        ensure(!matches!(setting.ty, SettingType::Unknown(_)), "type", || {
            format!("unknown type {}", setting.ty)
        })?;
        for attached in &setting.tags {
            let tag = exists(self.tags.get(&attached.tag), "tags", attached.tag)?;
            same("tags", &tag.product, &config.product)?;
        }
        let v2 = config.version == EvaluationVersion::V2;
        ensure(v2 || setting.variations.is_empty(), "variations", || "the config is of v1".into())?;
        at_most("variations", setting.variations.len(), most(plan::PREDEFINED_VARIATIONS))?;
        for variation in &setting.variations {
            typed(&variation.value, &setting.ty)?;
        }
        for environment in self.environments.of(&config.product) {
            let value = self.values.get(&(setting.id, environment.id.clone()));
            exists(value, "values", format!("value in {}", environment.id))?;
        }
        Ok(())
    }

    fn check_segment_of(&self, id: &SegmentId, config: &Config) -> Checked {
        let segment = exists(self.segments.get(id), CONTENT, format!("segment {id}"))?;
        same(CONTENT, &segment.product, &config.product)
    }

    fn check_rollout(&self, rollout: &Rollout, setting: &Setting, config: &Config) -> Checked {
        at_most(CONTENT, rollout.rules.len(), most(plan::TARGETING_RULES))?;
        typed(&rollout.value, &setting.ty)?;
        for rule in &rollout.rules {
            typed(&rule.value, &setting.ty)?;
            if let Some(segment) = &rule.segment_id {
                self.check_segment_of(segment, config)?;
            }
        }
        for item in &rollout.percentages {
            typed(&item.value, &setting.ty)?;
        }
        shares(&rollout.percentages.iter().map(|item| item.percentage).collect::<Vec<_>>())
    }

    fn check_formula(&self, formula: &Formula, setting: &Setting, config: &Config) -> Checked {
        at_most(CONTENT, formula.rules.len(), most(plan::TARGETING_RULES))?;
        flag_value(&formula.default, &setting.ty)?;
        formula.rules.iter().try_for_each(|rule| self.check_rule(rule, setting, config))
    }

    fn check_rule(&self, rule: &TargetingRule, setting: &Setting, config: &Config) -> Checked {
        at_most(CONTENT, rule.conditions.len(), most(plan::CONDITIONS_PER_RULE))?;
        for value in rule.value.iter().chain(rule.percentage_options.iter().map(|option| &option.value)) {
            flag_value(value, &setting.ty)?;
        }
        shares(&rule.percentage_options.iter().map(|option| option.percentage.into()).collect::<Vec<_>>())?;
        let serves = rule.value.is_some() == rule.percentage_options.is_empty();
        ensure(serves, CONTENT, || "a rule serves a value or percentage options".into())?;
        rule.conditions.iter().try_for_each(|condition| self.check_condition(condition, config))
    }

    fn check_condition(&self, condition: &Condition, config: &Config) -> Checked {
        match condition {
            Condition::User(_) => {}
            Condition::Segment(segment) => self.check_segment_of(&segment.segment_id, config)?,
            Condition::PrerequisiteFlag(needed) => {
                let id = needed.prerequisite_setting_id;
                let flag = self.settings.get(&id).filter(|flag| flag.config == config.id);
                let flag = exists(flag, CONTENT, format!("flag {id} in the config"))?;
                flag_value(&needed.prerequisite_comparison_value, &flag.ty)?;
            }
            _ => ensure(false, CONTENT, || {
                "a condition is exactly one of user, segment and prerequisite flag".into()
            })?,
        }
        Ok(())
    }

    fn check_cycles(&self) -> Result<(), String> {
        each("environments", self.environments.values(), |environment| {
            let flags = self.values.of(&environment.id).map(|value| value.setting);
            let cycle = self.stored_cycle(flags, &environment.id).and_then(|cycle| cycle.first().copied());
            ensure(cycle.is_none(), "values", || {
                format!("the prerequisites of flag {} form a cycle", cycle.map_or(0, |id| id.get()))
            })
        })
    }
}
