//! The comparators of conditions on user attributes, and the type of value that each takes. Shared by the emitters of all
//! languages.

use crate::model::Api;
use crate::model::SchemaKind;
use crate::model::names::Name;
use anyhow::{Context as _, Result, bail};

/// Type of a comparison value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    List,
    String,
    Number,
}

/// A comparator, and the method that makes a condition with it.
pub struct Comparator<'a> {
    pub value: &'a Name,
    pub method: Name,
    pub takes: Takes,
}

impl Comparator<'_> {
    /// Returns the documentation of the method.
    pub fn doc(&self) -> String {
        let wire = self.value.wire();
        let takes = match self.takes {
            Takes::List => "a list of strings",
            Takes::String => "a string",
            Takes::Number if wire.starts_with("dateTime") => "a time in seconds since 1970",
            Takes::Number => "a number",
        };
        let hashed = if wire.starts_with("sensitive") {
            " The SDKs get hashes instead of the values, because the service treats them as confidential."
        } else {
            ""
        };
        format!("Condition with the comparator `{wire}`, which takes {takes}.{hashed}")
    }

    /// Returns the name of the method's argument.
    pub const fn argument(&self) -> &'static str {
        match self.takes {
            Takes::List => "values",
            Takes::String | Takes::Number => "value",
        }
    }
}

/// Returns every comparator.
///
/// # Errors
/// If the spec has none, or if a comparator takes a value of another type.
pub fn all(api: &Api) -> Result<Vec<Comparator<'_>>> {
    let schema = api.schema("UserComparator").context("no schema UserComparator")?;
    let SchemaKind::Enum(values) = &schema.kind else { bail!("UserComparator is not an enum") };
    if schema.takes.is_empty() {
        bail!("UserComparator has no x-takes");
    }
    let pairs = values.iter().zip(&schema.takes);
    pairs
        .map(|(value, takes)| {
            let takes = match takes.wire() {
                "listValue" => Takes::List,
                "stringValue" => Takes::String,
                "doubleValue" => Takes::Number,
                other => bail!("x-takes has {other}, which no comparison value has"),
            };
            // Text is what most comparators compare.
            let name = value.snake();
            let words: Vec<&str> = name.split('_').filter(|word| *word != "text").collect();
            Ok(Comparator { value, method: Name::new(&words.join("_")), takes })
        })
        .collect()
}
