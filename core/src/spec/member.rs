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
        let field = self.0.fields.iter().enumerate().find(|(_, field)| field.wire == name);
        Ok(field.map_or(Member::Unknown(name.len()), |(index, field)| Member::Field(index, field)))
    }
}
