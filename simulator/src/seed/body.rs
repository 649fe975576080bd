//! Parts of a seed that are bodies of requests. Unknown fields are mistakes, because they would be ignored silently.

use super::mistakes;
use crate::state::strict;
use configcat_management::spec::validate::{self, Enums};
use configcat_management::spec::{Schema, Type};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::ops::Deref;

/// Body of a request with the fields of a seed beside it.
pub trait SeedBody: DeserializeOwned {
    /// Schema of the body.
    const SCHEMA: &'static Schema;
    /// Fields that only seeds have, which are suggested for misspelt names.
    const OWN: &'static [&'static str];
}

/// Body of a request in a seed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Body<T>(pub T);

impl<T> Deref for Body<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: SeedBody> Deserialize<'de> for Body<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut body = Value::Object(strict::object(deserializer)?);
        crate::canonical::body(&mut body, &Type::Object(T::SCHEMA));
        let unknown = mistakes::unknown_fields(&body, &Type::Object(T::SCHEMA), T::OWN);
        if !unknown.is_empty() {
            let all: Vec<String> = unknown.iter().map(|v| format!("{}: {}", v.path, v.message)).collect();
            return Err(D::Error::custom(all.join("; ")));
        }
        T::deserialize(&body).map(Self).map_err(|error| {
            // The spec finds the place: readers that know their place were 0.3 MB of machine code.
            let found = validate::check(&body, &Type::Object(T::SCHEMA), Enums::Closed);
            let problem = match found.into_iter().next() {
                Some(violation) => format!("{}: {}", violation.path, violation.message),
                None => mistakes::explained(&error.to_string()),
            };
            D::Error::custom(problem)
        })
    }
}
