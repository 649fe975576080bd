//! Writes documents.

use super::item::Item;
use crate::changes::section::{Section, VALUES};
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq as _, Serializer};

/// An entity of a section, to be written.
pub(super) struct Written<'a>(pub(super) &'static Section, pub(super) &'a Item);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        let Self(section, item) = self;
        members.serialize_entry(section.key, item.key(section))?;
        write_below(section, item, &mut members)?;
        members.end()
    }
}

/// Writes everything but the key, in the order of the section.
pub(super) fn write_below<M: SerializeMap>(
    section: &'static Section,
    item: &Item,
    members: &mut M,
) -> Result<(), M::Error> {
    if item.absent {
        members.serialize_entry("state", "absent")?;
    }
    for member in section.fields {
        if let Some(value) = item.fields.get(member.name) {
            members.serialize_entry(member.name, value)?;
        }
    }
    for child in section.children {
        let items = item.below(child.name);
        if item.children.contains_key(child.name) {
            members.serialize_entry(child.name, &List(child, items))?;
        }
    }
    if !item.values.is_empty() {
        members.serialize_entry(VALUES.name, &item.values)?;
    }
    Ok(())
}

struct List<'a>(&'static Section, &'a [Item]);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.1.len()))?;
        for item in self.1 {
            list.serialize_element(&Written(self.0, item))?;
        }
        list.end()
    }
}
