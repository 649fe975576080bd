//! What the models are in Kotlin and Swift: records and enums, plain identifiers, moments as the platform has them.
//!
//! Stands here and not in the crate of those bindings because a trait can only be given to a type where one of both lives.

use crate::models::{JsonPatch, PatchOperation, Timestamp};
use std::collections::{BTreeMap, HashMap};

type Json = serde_json::Value;
type TextMap = BTreeMap<String, String>;

/// What the service's times are counted in: the ticks of .NET.
const NANOS_PER_TICK: i128 = 100;

// Ticks since the start of 1970: all years that can be written fit, and reading one is reading a number. The moments that
// uniffi has of its own lose their sign in the last second before 1970.
uniffi::custom_type!(Timestamp, i64, {
    lower: |moment| i64::try_from(moment.unix_nanos().div_euclid(NANOS_PER_TICK)).unwrap_or(i64::MAX),
    try_lift: |ticks| {
        let nanos = i128::from(ticks) * NANOS_PER_TICK;
        Timestamp::from_unix_nanos(nanos).ok_or_else(|| uniffi::deps::anyhow::anyhow!("a moment beyond the year 9999"))
    },
});

// Any JSON, as its text.
uniffi::custom_type!(Json, String, {
    remote,
    lower: |json| json.to_string(),
    try_lift: |text| Ok(serde_json::from_str(&text)?),
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

/// Makes an identifier what it is on the wire.
macro_rules! id {
    ($name:ident, $repr:ty) => {
        uniffi::custom_type!($name, $repr, {
            lower: |id| id.into(),
            try_lift: |id| Ok($name::from(id)),
        });
    };
}

/// Gives a name to a field with three states. It travels as nothing, an empty list, or a list of one.
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
