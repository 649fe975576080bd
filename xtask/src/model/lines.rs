//! Line numbers at which operations and schemas begin in a document.

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_saphyr::Spanned;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Map whose keys carry their line numbers.
struct Entries<T>(Vec<(Spanned<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// Line numbers by the name that errors use: `GET /v1/tags/{tagId}`, `schema TagModel`.
#[derive(Debug, Default)]
pub struct Lines(BTreeMap<String, u64>);

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    paths: BTreeMap<String, Entries<IgnoredAny>>,
    #[serde(default)]
    components: Components,
}

#[derive(Deserialize, Default)]
struct Components {
    #[serde(default)]
    schemas: Entries<IgnoredAny>,
}

impl Lines {
    /// Finds the lines in a YAML document. Empty if the document has another structure, which is reported elsewhere.
    pub fn of(text: &str) -> Self {
        let Ok(document) = serde_saphyr::from_str::<Document>(text) else { return Self::default() };
        let operations = document.paths.into_iter().flat_map(|(path, item)| {
            let named =
                item.0.into_iter().map(move |(key, _)| (format!("{} {path}", key.value.to_uppercase()), key));
            named.map(|(name, key)| (name, key.referenced.line())).collect::<Vec<_>>()
        });
        let schemas = document.components.schemas.0.into_iter();
        let schemas = schemas.map(|(key, _)| (format!("schema {}", key.value), key.referenced.line()));
        Self(operations.chain(schemas).collect())
    }

    /// Returns the line at which an operation or schema begins.
    pub fn find(&self, name: &str) -> Option<u64> {
        self.0.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_schemas_have_lines() {
        let text = "paths:\n  /a:\n    get:\n      x: 1\n    put: {}\ncomponents:\n  schemas:\n    A:\n      type: object\n    B: {}\n";
        let lines = Lines::of(text);
        let found = ["GET /a", "PUT /a", "schema A", "schema B", "schema C"].map(|name| lines.find(name));
        assert_eq!(found, [Some(3), Some(5), Some(8), Some(10), None]);
    }
}
