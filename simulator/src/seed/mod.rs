//! Initial state of the simulator, as a JSON or YAML file that can be written by hand.

mod begin;
mod body;
mod export;
mod known;
mod mistakes;
mod model;
mod plant;

pub use body::{Body, SeedBody};
pub use model::*;

use configcat_management::changes::{Document, yaml_options};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use std::fmt;

/// The member by which documents are recognized.
#[derive(Deserialize)]
struct Probe {
    product: Option<IgnoredAny>,
}

/// Reason why a string is not a valid seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError(String);

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SeedError {}

impl Seed {
    /// Returns a seed with one empty organization.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Returns a seed to browse: a shop with two products, several environments, flags with rules, people and rights.
    ///
    /// # Errors
    /// Never, as long as the embedded seed is valid, which a test checks.
    pub fn demo() -> Result<Self, SeedError> {
        Self::from_yaml(include_str!("../../seeds/demo.yaml"))
    }

    /// Parses a seed from JSON.
    ///
    /// # Errors
    /// If the string is not a valid seed; the error states line and column.
    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        if serde_json::from_str::<Probe>(text).is_ok_and(|probe| probe.product.is_some()) {
            let document =
                Document::from_json(text).map_err(|error| SeedError(error.message().to_owned()))?;
            return Self::of_document(&document);
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let message = mistakes::explained(&error.inner().to_string());
            match error.path().to_string().as_str() {
                "." => SeedError(message),
                path => SeedError(format!("{path}: {message}")),
            }
        })
    }

    /// Parses a seed from YAML.
    ///
    /// # Errors
    /// If the string is not valid YAML, with line and column, or not a valid seed, with the path.
    pub fn from_yaml(text: &str) -> Result<Self, SeedError> {
        // Flattened fields of a seed hold any value, so the YAML is converted to JSON first.
        let value: Value = serde_saphyr::from_str_with_options(text, yaml_options(text.len()))
            .map_err(|error| SeedError(error.to_string()))?;
        if value.get("product").is_some() {
            let document =
                Document::from_yaml(text).map_err(|error| SeedError(error.message().to_owned()))?;
            return Self::of_document(&document);
        }
        Self::from_value(value)
    }

    /// Returns a seed with one organization, which has the product of a document.
    ///
    /// # Errors
    /// If the document has parts that only plans have, such as `state: absent`.
    pub fn of_document(document: &Document) -> Result<Self, SeedError> {
        let json = serde_json::to_value(document).map_err(|error| SeedError(error.to_string()))?;
        let mut product: Map<String, Value> =
            serde_json::from_value(json).map_err(|error| SeedError(error.to_string()))?;
        product.remove("organization");
        let name = product.remove("product").unwrap_or_default();
        product.insert("name".to_owned(), name);
        let organization = document.organization().unwrap_or("Simulated Organization");
        Self::from_value(json!({ "organizations": [{ "name": organization, "products": [product] }] }))
    }

    /// Reads a seed from JSON in memory.
    ///
    /// # Errors
    /// If it is not a valid seed; the error states the path.
    pub fn from_value(value: Value) -> Result<Self, SeedError> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            SeedError(format!("{}: {}", error.path(), mistakes::explained(&error.inner().to_string())))
        })
    }

    /// Returns the seed as JSON.
    ///
    /// # Errors
    /// Never, because all of its keys are strings.
    pub fn to_json(&self) -> Result<String, SeedError> {
        serde_json::to_string_pretty(self).map_err(|error| SeedError(error.to_string()))
    }

    /// Returns the seed as YAML.
    ///
    /// # Errors
    /// Never, because all of its keys are strings.
    pub fn to_yaml(&self) -> Result<String, SeedError> {
        serde_saphyr::to_string(self).map_err(|error| SeedError(error.to_string()))
    }
}
