//! An entity in a document or in a snapshot.

use crate::changes::flag::FlagState;
use crate::changes::section::Section;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An entity: its fields by the names of documents, and what is below it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Item {
    /// Id; `None` in documents.
    pub(crate) id: Option<String>,
    /// What a copy with the same ids needs beside the fields: predefined variations with their ids.
    pub(crate) hidden: Map<String, Value>,
    /// Whether it should not exist.
    pub(crate) absent: bool,
    /// Fields, with the key.
    pub(crate) fields: Map<String, Value>,
    /// Entities below it, by section, in order.
    pub(crate) children: BTreeMap<&'static str, Vec<Item>>,
    /// Values, by the name of the environment.
    pub(crate) values: BTreeMap<String, FlagState>,
}

impl Item {
    /// Creates an entity that has only its key.
    pub(crate) fn named(section: &Section, key: &str) -> Self {
        let fields = Map::from_iter([(section.key.to_owned(), Value::from(key))]);
        Self { fields, ..Self::default() }
    }

    /// The key, by which the entity is found.
    pub(crate) fn key(&self, section: &Section) -> &str {
        self.fields.get(section.key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Entities of a section below it.
    pub(crate) fn below(&self, section: &str) -> &[Item] {
        self.children.get(section).map_or(&[], Vec::as_slice)
    }

    /// The entity of a section below it with a key.
    pub(crate) fn find(&self, section: &Section, key: &str) -> Option<&Item> {
        self.below(section.name).iter().find(|item| item.key(section) == key)
    }

    /// The entity of a section below it with a key, which is added if there is none.
    pub(crate) fn entry(&mut self, section: &'static Section, key: &str) -> &mut Item {
        let items = self.children.entry(section.name).or_default();
        let at = items.iter().position(|item| item.key(section) == key).unwrap_or_else(|| {
            items.push(Item::named(section, key));
            items.len() - 1
        });
        // The position was found or made above.
        items.get_mut(at).unwrap_or_else(|| unreachable!("the item exists"))
    }

    /// A field as a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }
}
