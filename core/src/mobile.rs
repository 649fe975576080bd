//! What the models are in Kotlin and Swift: records and enums, plain identifiers, moments as the platform has them.
//!
//! Stands here and not in the crate of those bindings because a trait can only be given to a type where one of both lives.

use crate::models::{JsonPatch, PatchOperation, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

type Json = serde_json::Value;
type TextMap = BTreeMap<String, String>;

uniffi::custom_type!(Timestamp, SystemTime, {
    lower: |moment| moment.into(),
    try_lift: |moment| Timestamp::try_from(moment).map_err(Into::into),
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
        type $alias = crate::field::Field<$of>;

        uniffi::custom_type!($alias, Option<Vec<$of>>, {
            lower: |field| match field {
                crate::field::Field::Absent => None,
                crate::field::Field::Null => Some(Vec::new()),
                crate::field::Field::Value(value) => Some(vec![value]),
            },
            try_lift: |field| Ok(match field.map(|values| values.into_iter().next()) {
                None => crate::field::Field::Absent,
                Some(None) => crate::field::Field::Null,
                Some(Some(value)) => crate::field::Field::Value(value),
            }),
        });
    };
}

pub(crate) use {field, id};
