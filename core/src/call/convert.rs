//! Converts the values of dynamic callers to the JSON that is sent: wire names, and objects in place of plain flag values.
//!
//! Lengths, ranges and types are not checked here: that is done for every caller when the request is prepared.

use super::problem::{InputProblem, Reason};
use crate::spec::{Operation, Path, Schema, Type};
use serde_json::{Map, Value};

/// Deepest nesting; a value beyond it is assumed to contain itself.
const DEEPEST: usize = 64;

/// The member of a flag value's object that holds the plain value.
const PLAIN: &str = "value";

/// A value from a dynamic caller.
pub trait InputValue: Sized {
    /// Error of a conversion.
    type Error;

    /// Returns the shape of the value. `expected` is the type that is expected at `at`.
    ///
    /// # Errors
    /// If the value cannot be sent.
    fn shape(self, expected: &Type, at: &Path<'_>) -> Result<Shape<Self>, Self::Error>;

    /// Creates the error for a problem.
    fn refuse(problem: InputProblem) -> Self::Error;

    /// Adds the called operation to an error.
    fn in_operation(error: Self::Error, operation: &'static Operation) -> Self::Error;
}

/// Shape of a value.
pub enum Shape<V> {
    /// Null, a boolean, a number or a string.
    Plain(Value),
    /// A string that has to be one of the known values where an enum is expected.
    KnownValue(String),
    /// A list.
    List(Vec<V>),
    /// An object.
    Object(Vec<(String, V)>),
    /// An object that the service sent, and its schema if it is known. Members that a request does not have are left out, except
    /// for those that the schema does not have either.
    Received(Vec<(String, V)>, Option<&'static Schema>),
    /// JSON with wire names.
    Wire(Value),
}

/// Converts a value of a type; `at` is its position, for messages.
///
/// # Errors
/// The error that [`InputValue::refuse`] creates for a problem, or an error of the value itself.
pub fn convert<V: InputValue>(value: V, ty: &Type, at: &Path<'_>) -> Result<Value, V::Error> {
    Converter { received: None, depth: 0 }.convert(value, ty, at)
}

/// Converts an object that the service sent to an object of another schema, or of the same one. Names are those of attributes or
/// of the wire. Members that the other schema does not have are left out, except for those that neither has.
///
/// # Errors
/// See [`convert`].
#[cfg(feature = "python")]
pub(crate) fn convert_received<V: InputValue>(
    value: V,
    schema: &'static Schema,
    to: &'static Schema,
) -> Result<Value, V::Error> {
    let received = Some(Received(Some(schema)));
    Converter { received, depth: 0 }.convert(value, &Type::Object(to), &Path::Root(""))
}

/// The schema of an object that the service sent, if it is known, or of the objects in a list.
#[derive(Clone, Copy)]
struct Received(Option<&'static Schema>);

impl Received {
    /// Whether a member is one that this version does not know.
    fn is_new(self, name: &str) -> bool {
        self.0.is_some_and(|schema| schema.field(name).is_none())
    }

    /// What the service sent as a member.
    fn member(self, name: &str) -> Self {
        let mut ty = self.0.and_then(|schema| schema.field(name)).map(|field| &field.ty);
        while let Some(Type::List(inner) | Type::Map(inner)) = ty {
            ty = Some(inner);
        }
        match ty {
            Some(Type::Object(schema)) => Self(Some(schema)),
            _ => Self(None),
        }
    }
}

#[derive(Clone, Copy)]
struct Converter {
    /// For a value that is part of something that the service sent.
    received: Option<Received>,
    depth: usize,
}

impl Converter {
    fn convert<V: InputValue>(self, value: V, ty: &Type, at: &Path<'_>) -> Result<Value, V::Error> {
        if self.depth > DEEPEST {
            let message = format!("nested more than {DEEPEST} deep");
            return Err(V::refuse(InputProblem::new(at, Reason::TooDeep, message)));
        }
        let inside = Self { depth: self.depth + 1, ..self };
        match value.shape(ty, at)? {
            Shape::Wire(json) => Ok(json),
            Shape::Plain(json) => plain::<V>(json, ty, at),
            Shape::KnownValue(text) => {
                if let Type::Enum(known) = ty
                    && self.received.is_none()
                    && !known.contains(&text.as_str())
                {
                    return Err(V::refuse(InputProblem::unknown_value(at, &text, known)));
                }
                plain::<V>(text.into(), ty, at)
            }
            Shape::List(items) => inside.list(items, ty, at),
            Shape::Object(members) => inside.object(members, ty, at),
            Shape::Received(members, schema) => {
                Self { received: Some(Received(schema)), ..inside }.object(members, ty, at)
            }
        }
    }

    fn list<V: InputValue>(self, items: Vec<V>, ty: &Type, at: &Path<'_>) -> Result<Value, V::Error> {
        let inner = match ty {
            Type::List(inner) | Type::Patch(inner) => inner,
            _ => &Type::Any,
        };
        let items = items.into_iter().enumerate();
        items.map(|(index, item)| self.convert(item, inner, &Path::Item(at, index))).collect()
    }

    fn object<V: InputValue>(
        self,
        members: Vec<(String, V)>,
        ty: &Type,
        at: &Path<'_>,
    ) -> Result<Value, V::Error> {
        let mut out = Map::new();
        for (name, value) in members {
            let path = Path::Member(at, &name);
            let (wire, value) = match ty {
                Type::Object(schema) => match self.field(value, &name, schema, at)? {
                    Some(member) => member,
                    None => continue,
                },
                Type::Map(inner) => (name.clone(), self.convert(value, inner, &path)?),
                _ => (name.clone(), self.convert(value, &Type::Any, &path)?),
            };
            if out.insert(wire, value).is_some() {
                return Err(V::refuse(InputProblem::new(&path, Reason::Duplicate, "is present twice")));
            }
        }
        Ok(Value::Object(out))
    }

    /// Converts a field of a schema. Returns its wire name and value, or `None` if the field is left out.
    fn field<V: InputValue>(
        self,
        value: V,
        name: &str,
        schema: &'static Schema,
        at: &Path<'_>,
    ) -> Result<Option<(String, Value)>, V::Error> {
        let path = Path::Member(at, name);
        if schema.is_flag_value && name == PLAIN {
            let value = self.convert(value, &Type::Any, &path)?;
            return tagged::<V>(value, &path);
        }
        let inside = Self { received: self.received.map(|received| received.member(name)), ..self };
        let Some(field) = schema.field(name) else {
            if let Some(received) = self.received {
                if !received.is_new(name) {
                    return Ok(None);
                }
                return Ok(Some((name.to_owned(), inside.convert(value, &Type::Any, &path)?)));
            }
            let known = schema.fields.iter().map(|field| field.name);
            return Err(V::refuse(InputProblem::unknown_name(at, schema.name, name, known)));
        };
        let value = inside.convert(value, &field.ty, &path)?;
        if self.received.is_some() && value.is_null() && !field.nullable {
            return Ok(None);
        }
        Ok(Some((field.wire.to_owned(), value)))
    }
}

/// Converts a value that is neither a list nor an object.
fn plain<V: InputValue>(value: Value, ty: &Type, at: &Path<'_>) -> Result<Value, V::Error> {
    match ty {
        Type::Object(schema) if schema.is_flag_value && !value.is_null() => {
            Ok(Value::Object(tagged::<V>(value, at)?.into_iter().collect()))
        }
        _ => Ok(value),
    }
}

/// Returns a plain value as the member of a flag value that is named for its type; `None` for null.
fn tagged<V: InputValue>(value: Value, at: &Path<'_>) -> Result<Option<(String, Value)>, V::Error> {
    let member = match &value {
        Value::Null => return Ok(None),
        Value::Bool(_) => "boolValue",
        Value::String(_) => "stringValue",
        Value::Number(number) if number.is_f64() => "doubleValue",
        Value::Number(_) => "intValue",
        Value::Array(_) | Value::Object(_) => {
            let message = format!("must be {}", Type::Value.expected());
            return Err(V::refuse(InputProblem::new(at, Reason::WrongType, message)));
        }
    };
    Ok(Some((member.to_owned(), value)))
}
