//! Values and their types.

use crate::assumed::plan;
use crate::problem::Problem;
use crate::state::entities::Content;
use configcat_management::models::{SettingType, SettingValue};

/// Converts a value to the flag's type. A whole number is accepted for a decimal flag, and a number without a fraction
/// for an integer flag.
pub fn typed(field: &str, value: SettingValue, ty: &SettingType) -> Result<SettingValue, Problem> {
    match (ty, value) {
        (SettingType::Boolean, value @ SettingValue::Boolean(_))
        | (SettingType::Int, value @ SettingValue::Int(_)) => Ok(value),
        (SettingType::Double, SettingValue::Double(number)) if number.is_finite() => {
            Ok(SettingValue::Double(number))
        }
        (SettingType::Double, SettingValue::Int(number)) => Ok(SettingValue::Double(number.into())),
        // JSON does not distinguish 3.0 from 3.
        #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
        (SettingType::Int, SettingValue::Double(number))
            if number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number) =>
        {
            Ok(SettingValue::Int(number as i32))
        }
        (SettingType::String, SettingValue::String(text)) => {
            let length = text.chars().count();
            if i32::try_from(length).map_or(true, |length| length > plan::TEXT_VALUE_LENGTH) {
                let message =
                    format!("A text value has at most {} characters, not {length}.", plan::TEXT_VALUE_LENGTH);
                return Err(Problem::field(field, message));
            }
            Ok(SettingValue::String(text))
        }
        (ty, _) => Err(Problem::field(field, format!("The value must be of the flag's type, {ty}."))),
    }
}

/// Returns the values that may be served.
fn served_values(content: &Content) -> Vec<&SettingValue> {
    match content {
        Content::V1(rollout) => std::iter::once(&rollout.value)
            .chain(rollout.rules.iter().map(|rule| &rule.value))
            .chain(rollout.percentages.iter().map(|item| &item.value))
            .collect(),
        Content::V2(formula) => {
            let rules = formula.rules.iter().flat_map(|rule| {
                rule.value.iter().chain(rule.percentage_options.iter().map(|option| &option.value))
            });
            std::iter::once(&formula.default).chain(rules).filter_map(|value| value.value.as_ref()).collect()
        }
    }
}

fn serves_empty(content: &Content) -> bool {
    served_values(content)
        .into_iter()
        .any(|value| matches!(value, SettingValue::String(text) if text.is_empty()))
}

/// Rejects empty string values. A patch may keep an empty string that the flag already serves.
pub fn not_empty(content: &Content, patched: Option<&Content>) -> Result<(), Problem> {
    if serves_empty(content) && !patched.is_some_and(serves_empty) {
        return Err(Problem::field("value", "A text value must not be empty."));
    }
    Ok(())
}

/// Checks that the percentages of a rule or a flag, if there are any, add up to 100.
pub fn percentages(field: &str, shares: &[i64]) -> Result<(), Problem> {
    if shares.iter().any(|share| !(0..=100).contains(share)) {
        return Err(Problem::field(field, "A percentage is 0 to 100."));
    }
    if !shares.is_empty() && shares.iter().sum::<i64>() != 100 {
        return Err(Problem::field(field, "The percentages must add up to 100."));
    }
    if i32::try_from(shares.len()).is_ok_and(|count| count > plan::PERCENTAGE_OPTIONS) {
        return Err(Problem::field(field, format!("The plan allows {} options.", plan::PERCENTAGE_OPTIONS)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_rejects_values_of_another_type() {
        assert!(typed("v", true.into(), &SettingType::Boolean).is_ok());
        assert_eq!(typed("v", 3.into(), &SettingType::Double), Ok(SettingValue::Double(3.0)));
        assert_eq!(typed("v", 3.0.into(), &SettingType::Int), Ok(SettingValue::Int(3)));
        for (value, ty) in [
            (SettingValue::from("true"), SettingType::Boolean),
            (SettingValue::from(3.5), SettingType::Int),
            (SettingValue::from(4e9), SettingType::Int),
            (SettingValue::from(1), SettingType::String),
            (SettingValue::from("x".repeat(65_536)), SettingType::String),
        ] {
            assert_eq!(typed("v", value, &ty).unwrap_err().status, 400);
        }
    }

    #[test]
    fn percentages_must_add_up_to_100() {
        assert!(percentages("p", &[]).is_ok());
        assert!(percentages("p", &[0, 100]).is_ok());
        for wrong in [&[50, 49][..], &[101, -1], &[100, 100]] {
            assert!(percentages("p", wrong).is_err(), "{wrong:?}");
        }
    }
}
