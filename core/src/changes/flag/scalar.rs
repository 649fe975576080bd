//! Plain values and numbers of documents.

use crate::models::SettingValue;
use serde_json::{Number, Value};

/// Returns a number without a fraction as a whole number, as people write it.
#[allow(clippy::cast_possible_truncation, reason = "whole, and smaller than 2^53")]
pub(super) fn number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// Returns a value of a flag, if it is one: a boolean, a string, a number, or the wire's object with one of them.
pub(super) fn setting_value(value: &Value) -> Option<SettingValue> {
    match value {
        Value::Bool(value) => Some(SettingValue::Boolean(*value)),
        Value::String(text) => Some(SettingValue::String(text.clone())),
        Value::Number(number) => match number.as_i64().map(i32::try_from) {
            Some(Ok(whole)) => Some(SettingValue::Int(whole)),
            _ => number.as_f64().map(SettingValue::Double),
        },
        Value::Object(members) => {
            let mut set = members.iter().filter(|(_, value)| !value.is_null());
            let (name, value) = set.next()?;
            let known =
                ["boolValue", "stringValue", "intValue", "doubleValue", "value"].contains(&name.as_str());
            (known && set.next().is_none() && !value.is_object()).then(|| setting_value(value)).flatten()
        }
        Value::Null | Value::Array(_) => None,
    }
}
