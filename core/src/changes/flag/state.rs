//! The types that a value consists of.

use crate::models::{SettingType, SettingValue, UserComparator};
use crate::spec::validate::Violation;

/// Value of a flag in one environment with its targeting, by names instead of ids.
///
/// ```
/// use configcat_management::changes::FlagState;
/// use serde_json::json;
///
/// let state: FlagState = serde_json::from_value(json!({
///     "default": false,
///     "rules": [{ "if": [{ "user": "Email", "textEndsWithAnyOf": ["@shop.example"] }], "serve": true }],
/// }))?;
/// assert_eq!(state.rules.len(), 1);
/// assert_eq!(serde_json::to_value(&FlagState::new(true))?, json!(true));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FlagState {
    /// Value that is served if no rule matches.
    pub default: SettingValue,
    /// Targeting rules, in order of evaluation.
    pub rules: Vec<FlagRule>,
    /// User attribute of which percentages are calculated; `None` means the identifier.
    pub percentage_attribute: Option<String>,
}

/// A targeting rule.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagRule {
    /// Conditions, which must all match. Without any, the rule matches all users.
    pub conditions: Vec<FlagCondition>,
    /// What users get who match.
    pub serve: Serve,
}

/// What a rule serves.
#[derive(Debug, Clone, PartialEq)]
pub enum Serve {
    /// A value.
    Value(SettingValue),
    /// Values by percentage. The percentages add up to 100.
    Split(Vec<(i32, SettingValue)>),
}

/// A condition of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum FlagCondition {
    /// Compares an attribute of the user.
    User {
        /// Attribute.
        attribute: String,
        /// Comparator; those of V1 configs only are unknown ones.
        comparator: UserComparator,
        /// Value to compare with.
        value: Comparison,
    },
    /// Is met by users in a segment.
    Segment {
        /// Name of the segment, or its id.
        name: String,
        /// Whether it is met by users outside the segment instead.
        negated: bool,
    },
    /// Compares the value of another flag of the config.
    Flag {
        /// Key of the flag, or its number.
        key: String,
        /// Whether it is met by any other value instead.
        negated: bool,
        /// Value to compare with.
        value: SettingValue,
    },
}

/// Value that an attribute is compared with. The comparator decides about the type.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// A string.
    Text(String),
    /// A number, or a date in Unix seconds.
    Number(f64),
    /// A list.
    List(Vec<ListItem>),
}

/// Item of a list that an attribute is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// The item.
    pub value: String,
    /// Hint for readers.
    pub hint: Option<String>,
}

impl FlagState {
    /// A value that all users get.
    pub fn new(default: impl Into<SettingValue>) -> Self {
        Self { default: default.into(), rules: Vec::new(), percentage_attribute: None }
    }

    /// Whether all users get the same value.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.rules.is_empty() && self.percentage_attribute.is_none()
    }

    /// Whether a condition compares another flag.
    pub(crate) fn needs(&self, flag: &str) -> bool {
        let mut conditions = self.rules.iter().flat_map(|rule| &rule.conditions);
        conditions.any(|condition| matches!(condition, FlagCondition::Flag { key, .. } if key == flag))
    }

    /// Converts the values to the type of the flag, as far as no information is lost: a document says 1 where a decimal flag
    /// has 1.0.
    pub(crate) fn convert_to(&mut self, ty: &SettingType) -> Result<(), Violation> {
        convert("default", &mut self.default, ty)?;
        for (i, rule) in self.rules.iter_mut().enumerate() {
            match &mut rule.serve {
                Serve::Value(value) => convert(&format!("rules[{i}].serve"), value, ty)?,
                Serve::Split(options) => {
                    for (k, (_, value)) in options.iter_mut().enumerate() {
                        convert(&format!("rules[{i}].serve[{k}].value"), value, ty)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Converts a value to a type.
pub(super) fn convert(at: &str, value: &mut SettingValue, ty: &SettingType) -> Result<(), Violation> {
    let converted = match (&*value, ty) {
        (SettingValue::Int(number), SettingType::Double) => Some(SettingValue::Double(f64::from(*number))),
        (SettingValue::Double(number), SettingType::Int) => whole(*number).map(SettingValue::Int),
        (SettingValue::Boolean(_), SettingType::Boolean)
        | (SettingValue::String(_), SettingType::String)
        | (SettingValue::Int(_), SettingType::Int)
        | (SettingValue::Double(_), SettingType::Double)
        | (_, SettingType::Unknown(_)) => return Ok(()),
        _ => None,
    };
    match converted {
        Some(converted) => {
            *value = converted;
            Ok(())
        }
        None => Err(Violation {
            path: at.to_owned(),
            message: format!("{} is not a value of a flag of type {ty}", shown(value)),
        }),
    }
}

/// Returns the whole number that a decimal number is.
#[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
fn whole(number: f64) -> Option<i32> {
    let in_range = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
    (in_range && number.fract() == 0.0).then_some(number as i32)
}

/// Shows a value in a message or a plan: strings in quotes.
pub(crate) fn shown(value: &SettingValue) -> String {
    match value {
        SettingValue::String(text) => format!("{text:?}"),
        // So that the type of a decimal number can be seen.
        SettingValue::Double(number) => format!("{number:?}"),
        other => other.to_string(),
    }
}
