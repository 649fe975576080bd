//! Rules: conditions, and what is served.

use crate::Field;
use crate::models::{
    UpdateComparisonValueList, UpdateCondition, UpdateFlagValue, UpdatePercentageOption, UpdateTargetingRule,
};

impl UpdateTargetingRule {
    /// A rule that serves a value to the users for whom all of its conditions match; see [`rules`](crate::rules).
    pub fn serve(value: impl Into<UpdateFlagValue>) -> Self {
        Self::new().value(value.into())
    }

    /// A rule that serves values by percentage, such as `[(20, true), (80, false)]`. The percentages add up to 100. Without a
    /// condition it has to be the last rule.
    pub fn split(options: impl IntoIterator<Item = impl Into<UpdatePercentageOption>>) -> Self {
        let options: Vec<UpdatePercentageOption> = options.into_iter().map(Into::into).collect();
        Self::new().percentage_options(options)
    }

    /// Adds a condition. All conditions of a rule have to match.
    #[must_use]
    pub fn condition(mut self, condition: impl Into<UpdateCondition>) -> Self {
        let condition = condition.into();
        match &mut self.conditions {
            Field::Value(conditions) => conditions.push(condition),
            none => *none = Field::Value(vec![condition]),
        }
        self
    }
}

/// A percentage and its value.
impl<T: Into<UpdateFlagValue>> From<(i32, T)> for UpdatePercentageOption {
    fn from((percentage, value): (i32, T)) -> Self {
        Self::new(percentage, value)
    }
}

/// An item without a hint.
impl From<&str> for UpdateComparisonValueList {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

/// An item without a hint.
impl From<String> for UpdateComparisonValueList {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

/// An item without a hint.
impl From<&String> for UpdateComparisonValueList {
    fn from(value: &String) -> Self {
        Self::new(value)
    }
}
