//! Requests to the admin path, and parsing of their parts.

use crate::http::query::query;
use crate::problem::Problem;
use crate::testing::journal::Query;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A request to the admin path.
pub struct AdminRequest<'a> {
    pub method: &'a str,
    /// Segments of the path below the prefix.
    pub path: &'a [&'a str],
    pub query: &'a str,
    pub body: &'a [u8],
}

/// Parses a JSON body; errors name the field.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| Problem::unreadable(&error))
}

/// Parses the journal's filters from a query string.
pub fn filters(text: &str) -> Result<Query, Problem> {
    let mut map = serde_json::Map::new();
    for (name, value) in query(text) {
        let number = matches!(name.as_str(), "status" | "after" | "limit");
        let value =
            if number { serde_json::from_str(&value).unwrap_or(Value::String(value)) } else { value.into() };
        map.insert(name, value);
    }
    let filters: Query =
        serde_path_to_error::deserialize(Value::Object(map)).map_err(|error| Problem::unreadable(&error))?;
    filters.check().map_err(|message| Problem::field("filters", message))?;
    Ok(filters)
}
