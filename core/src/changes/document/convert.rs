//! Single entities as JSON.

use super::item::Item;
use super::read::ItemOf;
use super::write::Written;
use crate::changes::section::Section;
use serde::de::DeserializeSeed as _;
use serde_json::Value;

/// Returns an entity of a section as JSON.
pub(crate) fn to_value(section: &'static Section, item: &Item) -> Value {
    // All keys are strings.
    serde_json::to_value(Written(section, item)).unwrap_or_default()
}

/// Reads an entity of a section from JSON.
pub(crate) fn from_value(section: &'static Section, value: &Value) -> Option<Item> {
    ItemOf(section).deserialize(value).ok()
}
