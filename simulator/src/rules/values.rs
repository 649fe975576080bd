//! Values and their types.

use crate::assumed::plan;
use crate::problem::Problem;
use configcat_management::models::{SettingType, SettingValue};

/// Converts a value to the flag's type. A whole number is accepted for a decimal flag, and a number without a fraction
/// for an integer flag.
///
/// Documented: a value has the type of its flag; anything else is refused with 400. A string has at most 65,535 characters in
/// the smaller plans.
/// Assumed: an empty string is a value like any other.
/// Assumed: a whole number may be sent for a decimal flag, and a number without a fraction for an integer flag.
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

/// Checks that the percentages of a rule or a flag, if there are any, add up to 100.
///
/// Documented: percentages are 0 to 100 and add up to 100.
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
