//! JSON values of Kotlin and Swift: an enum of theirs in the place of `serde_json`'s.

use std::collections::HashMap;
use uniffi::deps::anyhow::{Error, anyhow};

type Json = serde_json::Value;

/// A JSON value.
// The macro of uniffi does not accept `Self`.
#[allow(clippy::use_self)]
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum JsonValue {
    /// No value: `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number of at most 64 bits.
    Integer(i64),
    /// Any other number, which must be finite.
    Number(f64),
    /// A string.
    String(String),
    /// A list of values.
    Array(Vec<JsonValue>),
    /// Values by name.
    Object(HashMap<String, JsonValue>),
}

impl From<Json> for JsonValue {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(value),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Self::Integer(number),
                None => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::String(text),
            Json::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

impl TryFrom<JsonValue> for Json {
    type Error = Error;

    fn try_from(value: JsonValue) -> Result<Self, Error> {
        Ok(match value {
            JsonValue::Null => Self::Null,
            JsonValue::Boolean(value) => Self::Bool(value),
            JsonValue::Integer(number) => Self::from(number),
            JsonValue::Number(number) => serde_json::Number::from_f64(number)
                .map(Self::Number)
                .ok_or_else(|| anyhow!("JSON has no number {number}"))?,
            JsonValue::String(text) => Self::String(text),
            JsonValue::Array(items) => {
                Self::Array(items.into_iter().map(Self::try_from).collect::<Result<_, _>>()?)
            }
            JsonValue::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(name, value)| Ok((name, Self::try_from(value)?)))
                    .collect::<Result<_, Error>>()?,
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_values_survive_the_round_trip() {
        let text = r#"{"a":[null,true,-7,1.5,"ü"],"b":{}}"#;
        let json: Json = serde_json::from_str(text).unwrap();
        assert_eq!(Json::try_from(JsonValue::from(json.clone())).unwrap(), json);
        // More than 63 bits: the nearest number with a fraction.
        let large = JsonValue::from(Json::from(u64::MAX));
        assert_eq!(large, JsonValue::Number(18_446_744_073_709_551_615_f64));
    }

    #[test]
    fn numbers_that_json_does_not_have_are_errors() {
        for number in [f64::NAN, f64::INFINITY] {
            let error = Json::try_from(JsonValue::Array(vec![JsonValue::Number(number)])).unwrap_err();
            assert_eq!(error.to_string(), format!("JSON has no number {number}"));
        }
    }
}
