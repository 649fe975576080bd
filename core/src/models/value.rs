//! Flag values: one union for the different wire formats.

use super::extra::Extra;
use super::field::Field;
use super::object::object;
use crate::generated::models::PredefinedVariationId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A value of a flag.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum SettingValue {
    /// Value of a boolean flag.
    Boolean(bool),
    /// Value of a string setting.
    String(String),
    /// Value of a whole number setting, 32 bits.
    Int(i32),
    /// Value of a decimal number setting.
    Double(f64),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(v) => v.fmt(f),
            Self::String(v) => v.fmt(f),
            Self::Int(v) => v.fmt(f),
            Self::Double(v) => v.fmt(f),
        }
    }
}

macro_rules! value_from {
    ($($ty:ty => $variant:ident),+) => {
        $(
            impl From<$ty> for SettingValue {
                fn from(value: $ty) -> Self {
                    Self::$variant(value.into())
                }
            }

            impl From<$ty> for UpdateFlagValue {
                fn from(value: $ty) -> Self {
                    Self { value: Some(value.into()), predefined_variation_id: None }
                }
            }

            impl From<$ty> for Field<UpdateFlagValue> {
                fn from(value: $ty) -> Self {
                    Self::Value(value.into())
                }
            }
        )+
    };
}

value_from!(bool => Boolean, i32 => Int, f64 => Double, &str => String, String => String);

/// Bare on the wire: `true`, `"text"`, `1`, `1.5`.
impl Serialize for SettingValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Boolean(v) => serializer.serialize_bool(*v),
            Self::String(v) => serializer.serialize_str(v),
            Self::Int(v) => serializer.serialize_i32(*v),
            Self::Double(v) => serializer.serialize_f64(*v),
        }
    }
}

impl<'de> Deserialize<'de> for SettingValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        // A whole number beyond 32 bits can only belong to a decimal setting.
        #[allow(clippy::cast_precision_loss, reason = "the setting is a double")]
        impl de::Visitor<'_> for Visitor {
            type Value = SettingValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean, a string or a number")
            }

            fn visit_bool<E>(self, v: bool) -> Result<SettingValue, E> {
                Ok(SettingValue::Boolean(v))
            }

            fn visit_i64<E>(self, v: i64) -> Result<SettingValue, E> {
                Ok(i32::try_from(v).map_or(SettingValue::Double(v as f64), SettingValue::Int))
            }

            fn visit_u64<E>(self, v: u64) -> Result<SettingValue, E> {
                Ok(i32::try_from(v).map_or(SettingValue::Double(v as f64), SettingValue::Int))
            }

            fn visit_f64<E>(self, v: f64) -> Result<SettingValue, E> {
                Ok(SettingValue::Double(v))
            }

            fn visit_str<E>(self, v: &str) -> Result<SettingValue, E> {
                Ok(SettingValue::String(v.to_owned()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// A value of a flag as it was read, with its predefined variation if it has one.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, get_all, module = "configcat_management.models"))]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FlagValue {
    /// A value of the flag's type.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub value: Option<SettingValue>,
    /// Id of the predefined variation.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub predefined_variation_id: Option<PredefinedVariationId>,
    /// Members that the spec does not have. An [`UpdateFlagValue`] that is made of this value does not have them.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub extra: Extra,
}

/// Writes the plain value; nothing if there is none.
impl fmt::Display for FlagValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.as_ref().map_or(Ok(()), |value| value.fmt(f))
    }
}

impl<T: Into<SettingValue>> From<T> for FlagValue {
    fn from(value: T) -> Self {
        Self { value: Some(value.into()), predefined_variation_id: None, extra: Extra::new() }
    }
}

/// A value of a flag to be written: a value, or a predefined variation.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UpdateFlagValue {
    /// A value of the flag's type.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub value: Option<SettingValue>,
    /// Id of the predefined variation.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub predefined_variation_id: Option<PredefinedVariationId>,
}

impl UpdateFlagValue {
    /// Serves a predefined variation.
    pub fn variation(id: impl Into<PredefinedVariationId>) -> Self {
        Self { value: None, predefined_variation_id: Some(id.into()) }
    }
}

impl From<SettingValue> for UpdateFlagValue {
    fn from(value: SettingValue) -> Self {
        Self { value: Some(value), predefined_variation_id: None }
    }
}

impl From<SettingValue> for Field<UpdateFlagValue> {
    fn from(value: SettingValue) -> Self {
        Self::Value(value.into())
    }
}

impl From<FlagValue> for Field<UpdateFlagValue> {
    fn from(value: FlagValue) -> Self {
        Self::Value(value.into())
    }
}

/// A value that was read can be written again. A predefined variation takes precedence over the value.
impl From<FlagValue> for UpdateFlagValue {
    fn from(value: FlagValue) -> Self {
        match value.predefined_variation_id {
            Some(id) => Self::variation(id),
            None => Self { value: value.value, predefined_variation_id: None },
        }
    }
}

/// Wire format: one member per type.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    bool_value: Option<bool>,
    string_value: Option<String>,
    int_value: Option<i32>,
    double_value: Option<f64>,
}

struct AnswerWithVariation {
    bool_value: Option<bool>,
    string_value: Option<String>,
    int_value: Option<i32>,
    double_value: Option<f64>,
    predefined_variation_id: Option<PredefinedVariationId>,
    extra: Extra,
}

object! { AnswerWithVariation {
    0 "boolValue" bool_value required,
    1 "stringValue" string_value required,
    2 "intValue" int_value required,
    3 "doubleValue" double_value required,
    4 "predefinedVariationId" predefined_variation_id required,
} }

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bool_value: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    string_value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    int_value: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    double_value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    predefined_variation_id: Option<PredefinedVariationId>,
}

type Members = (Option<bool>, Option<String>, Option<i32>, Option<f64>);

/// Returns the value that is set, or an error if more than one is set.
fn join((boolean, text, int, double): Members) -> Result<Option<SettingValue>, &'static str> {
    let mut found = [
        boolean.map(SettingValue::Boolean),
        text.map(SettingValue::String),
        int.map(SettingValue::Int),
        double.map(SettingValue::Double),
    ]
    .into_iter()
    .flatten();
    let value = found.next();
    if found.next().is_some() {
        return Err("more than one of boolValue, stringValue, intValue and doubleValue is set");
    }
    Ok(value)
}

fn split(value: Option<&SettingValue>) -> Members {
    match value {
        None => (None, None, None, None),
        Some(SettingValue::Boolean(v)) => (Some(*v), None, None, None),
        Some(SettingValue::String(v)) => (None, Some(v.clone()), None, None),
        Some(SettingValue::Int(v)) => (None, None, Some(*v), None),
        Some(SettingValue::Double(v)) => (None, None, None, Some(*v)),
    }
}

impl Serialize for FlagValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (bool_value, string_value, int_value, double_value) = split(self.value.as_ref());
        let predefined_variation_id = self.predefined_variation_id.clone();
        let extra = self.extra.clone();
        AnswerWithVariation {
            bool_value,
            string_value,
            int_value,
            double_value,
            predefined_variation_id,
            extra,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FlagValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let w = AnswerWithVariation::deserialize(deserializer)?;
        let value =
            join((w.bool_value, w.string_value, w.int_value, w.double_value)).map_err(de::Error::custom)?;
        Ok(Self { value, predefined_variation_id: w.predefined_variation_id, extra: w.extra })
    }
}

impl Serialize for UpdateFlagValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (bool_value, string_value, int_value, double_value) = split(self.value.as_ref());
        let predefined_variation_id = self.predefined_variation_id.clone();
        Input { bool_value, string_value, int_value, double_value, predefined_variation_id }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UpdateFlagValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let w = Input::deserialize(deserializer)?;
        let value =
            join((w.bool_value, w.string_value, w.int_value, w.double_value)).map_err(de::Error::custom)?;
        Ok(Self { value, predefined_variation_id: w.predefined_variation_id })
    }
}

/// A value that is an object in JSON.
pub(crate) struct Tagged(pub(crate) SettingValue);

impl<'de> Deserialize<'de> for Tagged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let w = Answer::deserialize(deserializer)?;
        join((w.bool_value, w.string_value, w.int_value, w.double_value))
            .map_err(de::Error::custom)?
            .map(Self)
            .ok_or_else(|| {
                de::Error::custom("none of boolValue, stringValue, intValue and doubleValue is set")
            })
    }
}

/// Writes a value as an object of a response.
pub(crate) struct WriteTagged<'a>(pub(crate) &'a SettingValue);

impl Serialize for WriteTagged<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (bool_value, string_value, int_value, double_value) = split(Some(self.0));
        Answer { bool_value, string_value, int_value, double_value }.serialize(serializer)
    }
}

/// Writes a value as an object of a request.
pub(crate) struct WriteTaggedInput<'a>(pub(crate) &'a SettingValue);

impl Serialize for WriteTaggedInput<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (bool_value, string_value, int_value, double_value) = split(Some(self.0));
        Input { bool_value, string_value, int_value, double_value, predefined_variation_id: None }
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_values_keep_their_type() {
        for (json, value) in [
            ("true", SettingValue::Boolean(true)),
            ("\"1\"", "1".into()),
            ("1", SettingValue::Int(1)),
            ("1.0", SettingValue::Double(1.0)),
            ("3000000000", SettingValue::Double(3e9)),
        ] {
            assert_eq!(serde_json::from_str::<SettingValue>(json).unwrap(), value);
        }
        assert_eq!(serde_json::to_string(&SettingValue::Double(1.0)).unwrap(), "1.0");
        assert!(serde_json::from_str::<SettingValue>("[]").is_err());
    }

    #[test]
    fn flag_value_is_shown_as_its_plain_value() {
        let shown = |value: FlagValue| format!("{value:>5}");
        assert_eq!(shown(true.into()), " true");
        assert_eq!(
            (shown("x".into()), shown(2.into()), shown(1.5.into())),
            ("    x".into(), "    2".into(), "  1.5".into())
        );
        assert_eq!(FlagValue::default().to_string(), "");
    }

    #[test]
    fn response_writes_all_members_and_request_only_set_ones() {
        let read = FlagValue::from(false);
        let json = serde_json::to_value(&read).unwrap();
        assert_eq!(json["boolValue"], false);
        assert!(json.as_object().unwrap().contains_key("doubleValue"));
        assert_eq!(serde_json::from_value::<FlagValue>(json).unwrap(), read);
        let write = UpdateFlagValue::from(read);
        assert_eq!(serde_json::to_string(&write).unwrap(), r#"{"boolValue":false}"#);
    }

    #[test]
    fn unknown_members_of_a_flag_value_are_kept() {
        let sent = r#"{"boolValue":true,"stringValue":null,"intValue":null,"doubleValue":null,"predefinedVariationId":null,"since":3}"#;
        let read: FlagValue = serde_json::from_str(sent).unwrap();
        assert_eq!((read.value.clone(), read.extra.len()), (Some(SettingValue::Boolean(true)), 1));
        assert_eq!(read.extra.get("since"), Some(&3.into()));
        assert_eq!(serde_json::to_string(&read).unwrap(), sent);
        assert_ne!(read, FlagValue::from(true));
        assert_eq!(UpdateFlagValue::from(read), UpdateFlagValue::from(true));
        let least: FlagValue = serde_json::from_str("{}").unwrap();
        assert_eq!(least, FlagValue::default());
    }

    #[test]
    fn two_members_at_once_are_rejected() {
        let error =
            serde_json::from_str::<UpdateFlagValue>(r#"{"boolValue":true,"intValue":1}"#).unwrap_err();
        assert!(error.to_string().contains("more than one"));
    }
}
