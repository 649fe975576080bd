//! Names of attributes in the place of the names on the wire.

use super::input::{PyInput, Side};
use crate::call::convert_received;
use crate::spec::{Operation, Schema, Type};
use pyo3::prelude::*;
use serde_json::{Map, Value};

const VARIATION: &str = "predefinedVariationId";

/// Returns the JSON of an object with the names of its attributes, and with plain values in the place of flag values.
#[must_use]
pub fn attributes(json: Value, schema: &Schema) -> Value {
    let Value::Object(members) = json else { return json };
    if schema.is_flag_value {
        let (value, variation, mut rest) = flag_value(members, schema);
        rest.extend(value.map(|value| ("value".to_owned(), value)));
        rest.extend(variation.map(|id| ("predefined_variation_id".to_owned(), id)));
        return Value::Object(rest);
    }
    let renamed =
        members.into_iter().map(|(name, value)| match schema.fields.iter().find(|f| f.wire == name) {
            Some(field) => (field.name.to_owned(), nested(value, &field.ty)),
            None => (name, value),
        });
    Value::Object(renamed.collect())
}

/// Returns an object that was read as the arguments of an operation that takes its fields. `None` if the operation has no body with
/// fields.
///
/// # Errors
/// A Python exception if a value cannot be sent.
pub fn arguments(
    data: &Bound<'_, PyAny>,
    schema: &'static Schema,
    operation: &Operation,
) -> PyResult<Option<Value>> {
    let Some(Type::Object(body)) = operation.body else { return Ok(None) };
    let json = convert_received(PyInput::new(data.clone(), Side::Response), schema, body)?;
    Ok(Some(attributes(json, body)))
}

/// Renames the members of a value inside of an object.
fn nested(value: Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Object(members), Type::Object(schema)) if schema.is_flag_value => {
            // As input accepts it: the variation determines the value.
            match flag_value(members, schema) {
                (_, Some(id), _) => {
                    Value::Object(Map::from_iter([("predefined_variation_id".to_owned(), id)]))
                }
                (value, None, _) => value.unwrap_or_default(),
            }
        }
        (value, Type::Object(schema)) => attributes(value, schema),
        (Value::Array(items), Type::List(inner)) => {
            items.into_iter().map(|item| nested(item, inner)).collect()
        }
        (Value::Object(members), Type::Map(inner)) => {
            members.into_iter().map(|(name, value)| (name, nested(value, inner))).collect()
        }
        (value, _) => value,
    }
}

/// Splits a flag value into its value, the id of its predefined variation, and members that the spec does not have.
fn flag_value(
    members: Map<String, Value>,
    schema: &Schema,
) -> (Option<Value>, Option<Value>, Map<String, Value>) {
    let (mut value, mut variation, mut rest) = (None, None, Map::new());
    for (name, member) in members {
        if schema.field(&name).is_none() {
            rest.insert(name, member);
        } else if member.is_null() {
            // Of the members for different types, at most one is set.
        } else if name == VARIATION {
            variation = Some(member);
        } else {
            value = Some(member);
        }
    }
    (value, variation, rest)
}
