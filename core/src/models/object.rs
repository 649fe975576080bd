//! Reads and writes the generated structs as JSON, together with the members that the spec does not have.
//!
//! `#[serde(flatten)]` would copy every object before it is read.

use super::field::Field;
use crate::spec::unknown;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A struct that is an object in JSON. Implemented by [`object`].
pub(crate) trait Object: Sized {
    const NAME: &'static str;

    /// Returns the position of a field.
    fn position(name: &str) -> Option<usize>;

    fn read<'de, A: MapAccess<'de>>(members: A) -> Result<Self, A::Error>;
}

/// Reads an object.
pub(crate) struct Read<T>(pub(crate) PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Read<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::read(members)
    }
}

/// Reads the name of a member: returns the position of the field.
pub(crate) struct NameOf<'a, T> {
    /// Receives a name that the spec does not have.
    unknown: &'a mut String,
    object: PhantomData<T>,
}

impl<'a, T> NameOf<'a, T> {
    pub(crate) const fn new(unknown: &'a mut String) -> Self {
        Self { unknown, object: PhantomData }
    }
}

impl<'de, T: Object> DeserializeSeed<'de> for NameOf<'_, T> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Object> Visitor<'_> for NameOf<'_, T> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        Ok(T::position(name).unwrap_or_else(|| {
            name.clone_into(self.unknown);
            usize::MAX
        }))
    }
}

/// Fails if no member that the spec does not have may be read.
pub(crate) fn allow_unknown<E: Error>() -> Result<(), E> {
    if unknown::is_allowed() { Ok(()) } else { Err(E::custom("a member that the spec does not have")) }
}

/// Returns the value of a field that is missing: `None` if it may be null.
#[cold]
pub(crate) fn missing<'de, T: Deserialize<'de>, E: Error>(name: &'static str) -> Result<T, E> {
    struct Missing<E>(&'static str, PhantomData<E>);

    impl<'de, E: Error> Deserializer<'de> for Missing<E> {
        type Error = E;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
            Err(E::missing_field(self.0))
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            visitor.visit_none()
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
            newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    T::deserialize(Missing(name, PhantomData))
}

/// A field that is left out of an object if it has no value.
pub(crate) trait Optional {
    fn is_absent(&self) -> bool;
}

impl<T> Optional for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Optional for Field<T> {
    fn is_absent(&self) -> bool {
        Field::is_absent(self)
    }
}

/// Implements reading and writing of a struct with a field `extra`. Each field has its position, its name in JSON, and its kind:
///
/// - `required`: always written; if it is missing, that is an error, or `None` if it may be null,
/// - `optional`: left out if there is no value,
/// - `tagged`, `tagged_input`: a flag value that is an object of a response, or of a request.
macro_rules! object {
    ($name:ident { $($index:literal $wire:literal $field:ident $kind:ident),* $(,)? }) => {
        impl crate::models::object::Object for $name {
            const NAME: &'static str = stringify!($name);

            fn position(name: &str) -> Option<usize> {
                Some(match name {
                    $($wire => $index,)*
                    _ => return None,
                })
            }

            fn read<'de, A: serde::de::MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
                use crate::models::object::{NameOf, object};
                $(let mut $field = None;)*
                let mut extra = crate::models::Extra::default();
                let mut unknown = String::new();
                while let Some(member) = members.next_key_seed(NameOf::<Self>::new(&mut unknown))? {
                    match member {
                        $($index => {
                            if $field.is_some() {
                                return Err(serde::de::Error::duplicate_field($wire));
                            }
                            $field = Some(object!(@read $kind members));
                        })*
                        _ => {
                            crate::models::object::allow_unknown()?;
                            let name = std::mem::take(&mut unknown);
                            extra.insert(name, members.next_value::<serde_json::Value>()?);
                        }
                    }
                }
                Ok(Self { $($field: object!(@value $kind $wire $field),)* extra })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map(crate::models::object::Read(std::marker::PhantomData))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use crate::models::object::object;
                if !self.extra.is_empty() {
                    use serde::ser::SerializeMap as _;
                    let mut object = serializer.serialize_map(None)?;
                    $(object!(@write $kind self.$field => object.serialize_entry($wire));)*
                    for (name, value) in self.extra.iter() {
                        object.serialize_entry(name, value)?;
                    }
                    return object.end();
                }
                use serde::ser::SerializeStruct as _;
                const COUNT: usize = [$($wire),*].len();
                let mut object = serializer.serialize_struct(stringify!($name), COUNT)?;
                $(object!(@write $kind self.$field => object.serialize_field($wire));)*
                object.end()
            }
        }
    };
    (@read tagged $members:ident) => { $members.next_value::<crate::models::value::Tagged>()?.0 };
    (@read tagged_input $members:ident) => { $members.next_value::<crate::models::value::Tagged>()?.0 };
    (@read $kind:ident $members:ident) => { $members.next_value()? };
    (@value optional $wire:literal $value:ident) => { $value.unwrap_or_default() };
    (@value required $wire:literal $value:ident) => {
        match $value {
            Some(value) => value,
            None => crate::models::object::missing($wire)?,
        }
    };
    (@value $kind:ident $wire:literal $value:ident) => {
        match $value {
            Some(value) => value,
            None => return Err(serde::de::Error::missing_field($wire)),
        }
    };
    (@write required $self:ident.$field:ident => $object:ident.$write:ident($wire:literal)) => {
        $object.$write($wire, &$self.$field)?;
    };
    (@write optional $self:ident.$field:ident => $object:ident.$write:ident($wire:literal)) => {
        if !crate::models::object::Optional::is_absent(&$self.$field) {
            $object.$write($wire, &$self.$field)?;
        }
    };
    (@write tagged $self:ident.$field:ident => $object:ident.$write:ident($wire:literal)) => {
        $object.$write($wire, &crate::models::value::WriteTagged(&$self.$field))?;
    };
    (@write tagged_input $self:ident.$field:ident => $object:ident.$write:ident($wire:literal)) => {
        $object.$write($wire, &crate::models::value::WriteTaggedInput(&$self.$field))?;
    };
}

pub(crate) use object;
