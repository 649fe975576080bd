//! Members of objects, by the names that JSON has.

use super::schema::{Field, Schema};
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};
use std::fmt;

/// A member of an object.
pub(super) enum Member {
    /// A field, with its position in the schema.
    Field(usize, &'static Field),
    /// One that the schema does not have, with the length of its name.
    Unknown(usize),
}

/// Deserializes the name of a member of a schema.
pub(super) struct MemberOf<'a>(pub(super) &'a Schema);

impl<'de> DeserializeSeed<'de> for MemberOf<'_> {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for MemberOf<'_> {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let field = find(self.0.fields, name, 0);
        Ok(field.map_or(Member::Unknown(name.len()), |(index, field)| Member::Field(index, field)))
    }
}

/// Finds a field by its wire name. It is most likely at position `first`: members mostly have the order of the schema.
#[inline]
pub(super) fn find(fields: &'static [Field], name: &str, first: usize) -> Option<(usize, &'static Field)> {
    // Equal names that the compiler has merged need not be compared.
    let matches = |field: &Field| std::ptr::eq(field.wire, name) || field.wire == name;
    match fields.get(first) {
        Some(field) if matches(field) => Some((first, field)),
        _ => fields.iter().enumerate().find(|(_, field)| matches(field)),
    }
}
