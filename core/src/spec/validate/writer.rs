//! Serializes values as JSON, and checks them on the way: the JSON is not read again. It is the same as that of `serde_json`.

use super::escapes;
use super::rules::{Items, Members, Place};
use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer,
};
use serde_json::{Error, Result};
use std::fmt::{self, Write as _};

/// Writes the JSON of a value, and checks it.
pub(super) struct CheckingSerializer<'a> {
    /// The place of the value.
    pub(super) place: &'a Place<'a>,
    pub(super) json: &'a mut Vec<u8>,
}

type Never = Impossible<(), Error>;

/// Refuses what no model has: tuples, and enums with fields.
fn unsupported<T>() -> Result<T> {
    Err(Error::custom("a body consists of structs, lists, maps and plain values"))
}

impl CheckingSerializer<'_> {
    fn null(self) -> Result<()> {
        self.place.null();
        self.json.extend_from_slice(b"null");
        Ok(())
    }
}

macro_rules! whole_numbers {
    ($($method:ident($ty:ty))*) => {$(
        fn $method(self, value: $ty) -> Result<()> {
            self.place.number(value.into());
            serde_json::to_writer(self.json, &value)
        }
    )*};
}

impl<'a> Serializer for CheckingSerializer<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = List<'a>;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Map<'a>;
    type SerializeStruct = Model<'a>;
    type SerializeStructVariant = Never;

    whole_numbers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.place.boolean(value);
        serde_json::to_writer(self.json, &value)
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.place.decimal(value.into());
        serde_json::to_writer(self.json, &value)
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        self.place.decimal(value);
        serde_json::to_writer(self.json, &value)
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        self.place.text(value);
        self.json.push(b'"');
        escapes::write(self.json, value);
        self.json.push(b'"');
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<()> {
        self.null()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.null()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.null()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<()> {
        unsupported()
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>> {
        Ok(List::new(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<Never> {
        unsupported()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never> {
        unsupported()
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Never> {
        unsupported()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map<'a>> {
        Ok(Map::new(self))
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Model<'a>> {
        Ok(Model::new(self))
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Never> {
        unsupported()
    }
}

/// A list.
pub(super) struct List<'a> {
    items: Items<'a>,
    json: &'a mut Vec<u8>,
    /// What precedes the next item.
    before: u8,
}

impl<'a> List<'a> {
    #[inline]
    pub(super) fn new(from: CheckingSerializer<'a>) -> Self {
        Self { items: from.place.list(), json: from.json, before: b'[' }
    }
}

impl SerializeSeq for List<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.json.push(std::mem::replace(&mut self.before, b','));
        self.items.item(|place| value.serialize(CheckingSerializer { place, json: self.json }))
    }

    #[inline]
    fn end(self) -> Result<()> {
        end(self.json, self.before, *b"[]");
        Ok(())
    }
}

/// An object with members that are known at compile time.
pub(super) struct Model<'a> {
    members: Members<'a>,
    json: &'a mut Vec<u8>,
    before: u8,
}

impl<'a> Model<'a> {
    #[inline]
    pub(super) fn new(from: CheckingSerializer<'a>) -> Self {
        Self { members: from.place.object(), json: from.json, before: b'{' }
    }
}

impl SerializeStruct for Model<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.json.extend_from_slice(&[std::mem::replace(&mut self.before, b','), b'"']);
        escapes::write(self.json, name);
        self.json.extend_from_slice(b"\":");
        self.members.member(name, |place| value.serialize(CheckingSerializer { place, json: self.json }))
    }

    #[inline]
    fn end(mut self) -> Result<()> {
        self.members.end();
        end(self.json, self.before, *b"{}");
        Ok(())
    }
}

/// An object with any members.
pub(super) struct Map<'a> {
    members: Members<'a>,
    json: &'a mut Vec<u8>,
    before: u8,
    /// Name of the current member.
    name: String,
}

impl<'a> Map<'a> {
    #[inline]
    pub(super) fn new(from: CheckingSerializer<'a>) -> Self {
        Self { members: from.place.object(), json: from.json, before: b'{', name: String::new() }
    }
}

impl SerializeMap for Map<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.name.clear();
        write!(self.name, "{}", Name(key)).map_err(|_| Error::custom("key must be a string"))?;
        self.json.extend_from_slice(&[std::mem::replace(&mut self.before, b','), b'"']);
        escapes::write(self.json, &self.name);
        self.json.extend_from_slice(b"\":");
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let json = &mut *self.json;
        self.members.member(&self.name, |place| value.serialize(CheckingSerializer { place, json }))
    }

    #[inline]
    fn end(mut self) -> Result<()> {
        self.members.end();
        end(self.json, self.before, *b"{}");
        Ok(())
    }
}

/// Displays a key, without the quotes of JSON.
struct Name<'a, T: ?Sized>(&'a T);

impl<T: Serialize + ?Sized> fmt::Display for Name<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(f)
    }
}

/// Ends a list or an object. One without items has not begun yet.
fn end(json: &mut Vec<u8>, before: u8, [open, close]: [u8; 2]) {
    if before == open {
        json.push(open);
    }
    json.push(close);
}
