//! Conversions of the models for Kotlin and Swift: records and enums, plain identifiers, timestamps of the platform.
//!
//! In this crate instead of that of the bindings because of the orphan rule: a trait can only be implemented for a type in the
//! crate of one of the two.

mod json;

use crate::models::{Extra, JsonPatch, PatchOperation, Timestamp};
pub use json::JsonValue;
use std::collections::{BTreeMap, HashMap};

type Json = serde_json::Value;
type TextMap = BTreeMap<String, String>;

/// Nanoseconds in a .NET tick, the resolution of the service's timestamps.
const NANOS_PER_TICK: i128 = 100;

// Ticks since the Unix epoch: all years that can be written fit, and decoding one is decoding a number. The timestamps of
// uniffi itself lose their sign in the last second before 1970. A timestamp of another year becomes one that is reported with the
// name of its field when the request is checked.
uniffi::custom_type!(Timestamp, i64, {
    lower: |timestamp| i64::try_from(timestamp.unix_nanos().div_euclid(NANOS_PER_TICK)).unwrap_or(i64::MAX),
    try_lift: |ticks| {
        let nanos = i128::from(ticks) * NANOS_PER_TICK;
        Ok(Timestamp::from_unix_nanos(nanos).unwrap_or(Timestamp::OUT_OF_RANGE))
    },
});

uniffi::custom_type!(Json, JsonValue, {
    remote,
    lower: |json| json.into(),
    try_lift: |value| value.try_into(),
});

uniffi::custom_type!(Extra, HashMap<String, Json>, {
    lower: |extra| serde_json::Map::from(extra).into_iter().collect(),
    try_lift: |members| Ok(members.into_iter().collect()),
});

uniffi::custom_type!(TextMap, HashMap<String, String>, {
    remote,
    lower: |map| map.into_iter().collect(),
    try_lift: |map| Ok(map.into_iter().collect()),
});

uniffi::custom_type!(JsonPatch, Vec<PatchOperation>, {
    lower: |patch| patch.into(),
    try_lift: |steps| Ok(steps.into()),
});

/// Converts an identifier to its wire type.
macro_rules! id {
    ($name:ident, $repr:ty) => {
        uniffi::custom_type!($name, $repr, {
            lower: |id| id.into(),
            try_lift: |id| Ok($name::from(id)),
        });
    };
}

/// Defines an alias for a field with three states, passed as nothing (absent), an empty list (null) or a list of one value.
macro_rules! field {
    ($alias:ident, $of:ty) => {
        type $alias = crate::models::field::Field<$of>;

        uniffi::custom_type!($alias, Option<Vec<$of>>, {
            lower: |field| match field {
                crate::models::field::Field::Absent => None,
                crate::models::field::Field::Null => Some(Vec::new()),
                crate::models::field::Field::Value(value) => Some(vec![value]),
            },
            try_lift: |field| Ok(match field.map(|values| values.into_iter().next()) {
                None => crate::models::field::Field::Absent,
                Some(None) => crate::models::field::Field::Null,
                Some(Some(value)) => crate::models::field::Field::Value(value),
            }),
        });
    };
}

pub(crate) use {field, id};
