//! Reads and writes the generated enums of which the wire form is an object with exactly one member set.

use super::Extra;
use super::object::allow_unknown;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Adds a member to those of an object that is not exactly one of the known ones.
pub(crate) fn keep<T: Serialize, E: serde::de::Error>(
    extra: &mut Extra,
    name: &str,
    value: T,
) -> Result<(), E> {
    allow_unknown()?;
    extra.insert(name, serde_json::to_value(value).map_err(E::custom)?);
    Ok(())
}

/// Whether the members that the spec does not have say nothing: those of other variants are null.
pub(crate) fn is_void(extra: &Extra) -> bool {
    extra.iter().all(|(_, value)| value.is_null())
}

/// Writes an object that is not exactly one of the known members: `nulls` are written as null if they are absent.
#[cold]
pub(crate) fn write_unknown<S: Serializer>(
    extra: &Extra,
    nulls: &[&str],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    for name in nulls.iter().filter(|name| extra.get(name).is_none()) {
        object.serialize_entry(name, &Value::Null)?;
    }
    for (name, value) in extra.iter() {
        object.serialize_entry(name, value)?;
    }
    object.end()
}

/// Implements reading and writing of an enum with a variant per member, and a variant `Unknown` for every other object. A
/// `response` has all members, of which the others are null; a `request` has only the one that is set.
macro_rules! one_of {
    ($name:ident $direction:ident { $($index:literal $wire:literal $field:ident $variant:ident($ty:ty),)* }) => {
        impl $name {
            $(
                #[doc = concat!("Returns the value of the variant [`", stringify!($variant), "`](Self::", stringify!($variant), "), if it is that variant.")]
                #[must_use]
                pub const fn $field(&self) -> Option<&$ty> {
                    match self {
                        Self::$variant(value) => Some(value),
                        _ => None,
                    }
                }
            )*
        }

        impl crate::models::object::Object for $name {
            const NAME: &'static str = stringify!($name);

            fn position(name: &str) -> Option<usize> {
                Some(match name {
                    $($wire => $index,)*
                    _ => return None,
                })
            }

            fn read<'de, A: serde::de::MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
                use crate::models::object::NameOf;
                use crate::models::one_of::{is_void, keep};
                let mut found: Option<Self> = None;
                let mut seen = [false; [$($wire),*].len()];
                let mut extra = crate::models::Extra::default();
                let mut unknown = String::new();
                while let Some(member) = members.next_key_seed(NameOf::<Self>::new(&mut unknown))? {
                    match member {
                        $($index => {
                            if std::mem::replace(&mut seen[$index], true) {
                                return Err(serde::de::Error::duplicate_field($wire));
                            }
                            match members.next_value::<Option<$ty>>()? {
                                None => {}
                                Some(value) if found.is_none() => found = Some(Self::$variant(value)),
                                Some(value) => keep(&mut extra, $wire, value)?,
                            }
                        })*
                        _ => {
                            crate::models::object::allow_unknown()?;
                            let name = std::mem::take(&mut unknown);
                            extra.insert(name, members.next_value::<serde_json::Value>()?);
                        }
                    }
                }
                match found {
                    Some(found) if is_void(&extra) => return Ok(found),
                    $(Some(Self::$variant(value)) => keep(&mut extra, $wire, value)?,)*
                    Some(Self::Unknown(_)) | None => {}
                }
                Ok(Self::Unknown(extra))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map(crate::models::object::Read(std::marker::PhantomData))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use crate::models::one_of::{one_of, write_unknown};
                use serde::ser::SerializeStruct as _;
                if let Self::Unknown(extra) = self {
                    return write_unknown(extra, one_of!(@nulls $direction $($wire)*), serializer);
                }
                let count = one_of!(@count $direction $($wire)*);
                let mut object = serializer.serialize_struct(stringify!($name), count)?;
                $(one_of!(@write $direction self $variant object $wire);)*
                object.end()
            }
        }
    };
    (@nulls response $($wire:literal)*) => { &[$($wire),*] };
    (@nulls request $($wire:literal)*) => { &[] };
    (@count response $($wire:literal)*) => { [$($wire),*].len() };
    (@count request $($wire:literal)*) => { 1 };
    (@write response $self:ident $variant:ident $object:ident $wire:literal) => {
        match $self {
            Self::$variant(value) => $object.serialize_field($wire, value)?,
            _ => $object.serialize_field($wire, &None::<()>)?,
        }
    };
    (@write request $self:ident $variant:ident $object:ident $wire:literal) => {
        if let Self::$variant(value) = $self {
            $object.serialize_field($wire, value)?;
        }
    };
}

pub(crate) use one_of;

#[cfg(test)]
mod tests {
    use crate::models::{ComparisonValue, Condition, UpdateComparisonValue, UpdateCondition};
    use serde_json::{Value, json};

    fn segment() -> Value {
        json!({ "segmentId": "s", "comparator": "isIn" })
    }

    fn read(json: &Value) -> Condition {
        serde_json::from_value(json.clone()).unwrap()
    }

    #[test]
    fn one_member_is_its_variant() {
        let json = json!({ "userCondition": null, "segmentCondition": segment(), "prerequisiteFlagCondition": null });
        let condition = read(&json);
        assert_eq!(condition.segment_condition().unwrap().segment_id.as_str(), "s");
        assert!(condition.user_condition().is_none());
        assert_eq!(serde_json::to_value(&condition).unwrap(), json);
        let write = UpdateCondition::from(condition);
        assert_eq!(serde_json::to_value(&write).unwrap(), json!({ "segmentCondition": segment() }));
    }

    #[test]
    fn null_of_a_new_variant_is_ignored() {
        let condition = read(&json!({ "segmentCondition": segment(), "companyCondition": null }));
        assert!(matches!(condition, Condition::Segment(_)), "{condition:?}");
    }

    #[test]
    fn other_objects_are_kept_as_unknown() {
        let nulls =
            json!({ "userCondition": null, "segmentCondition": null, "prerequisiteFlagCondition": null });
        let new = json!({ "companyCondition": { "companyId": 1 } });
        let negated = json!({ "segmentCondition": segment(), "negated": true });
        let two = json!({ "segmentCondition": segment(), "prerequisiteFlagCondition": {
            "prerequisiteSettingId": 1, "comparator": "equals", "prerequisiteComparisonValue": { "boolValue": true,
            "stringValue": null, "intValue": null, "doubleValue": null, "predefinedVariationId": null }
        }});
        for json in [json!({}), new, negated, two] {
            let condition = read(&json);
            assert!(matches!(condition, Condition::Unknown(_)), "{condition:?}");
            let mut all = nulls.clone();
            all.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
            assert_eq!(serde_json::to_value(&condition).unwrap(), all);
            assert_eq!(serde_json::to_value(UpdateCondition::from(condition)).unwrap(), json);
        }
    }

    #[test]
    fn comparison_value_has_the_type_of_its_member() {
        let json = json!({ "stringValue": null, "doubleValue": 1.5, "listValue": null });
        let value: ComparisonValue = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(value, ComparisonValue::Double(1.5));
        assert_eq!(serde_json::to_value(&value).unwrap(), json);
        let write = UpdateComparisonValue::from("2.0.0");
        assert_eq!(serde_json::to_value(&write).unwrap(), json!({ "stringValue": "2.0.0" }));
    }

    #[test]
    fn member_that_is_there_twice_is_refused() {
        for json in [r#"{"stringValue":null,"stringValue":"a"}"#, r#"{"stringValue":"a","stringValue":"b"}"#]
        {
            let error = serde_json::from_str::<ComparisonValue>(json).unwrap_err();
            assert!(error.to_string().contains("duplicate field `stringValue`"), "{error}");
        }
    }

    #[test]
    fn value_of_another_type_is_refused() {
        let error = serde_json::from_str::<ComparisonValue>(r#"{"doubleValue":"1"}"#).unwrap_err();
        assert!(error.to_string().contains("expected f64"), "{error}");
    }
}
