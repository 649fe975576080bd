//! Drafts as JSON, changed by JSON Pointers, for bindings without types of their own.

use crate::call::{InputProblem, InputValue as _, convert};
use crate::error::{Error, Result};
use crate::spec::{Path, Schema, Type};
use serde_json::Value;

/// A draft as JSON with wire names. Pointers and values may have Rust names or wire names.
#[derive(Debug, Clone)]
pub struct NamedDraft {
    json: Value,
    schema: &'static Schema,
}

/// Where a change takes place.
struct Place<'a> {
    /// The object or list that is changed.
    parent: &'a mut Value,
    /// The wire name of a member, or the index of an item; `-` is the end of a list.
    token: String,
    /// Type of the member or item.
    ty: Type,
}

impl NamedDraft {
    pub(super) const fn new(json: Value, schema: &'static Schema) -> Self {
        Self { json, schema }
    }

    /// Replaces the draft by one with wire names.
    pub(super) fn overwrite(&mut self, json: Value) {
        self.json = json;
    }

    /// The draft with wire names.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// Type of the draft.
    #[must_use]
    pub const fn ty(&self) -> Type {
        Type::Object(self.schema)
    }

    /// Replaces the whole draft.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) for an unknown name or a value of another type.
    pub fn replace(&mut self, json: Value) -> Result<()> {
        self.json = convert(json, &self.ty(), &Path::Root(""))?;
        Ok(())
    }

    /// Sets a member, or replaces an item of a list; `-` as the last part of the pointer adds an item at the end.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) for an unknown name or a value of another type.
    pub fn set(&mut self, pointer: &str, value: Value) -> Result<()> {
        let Place { parent, token, ty } = self.place(pointer)?;
        let value = convert(value, &ty, &Path::Root(pointer))?;
        match parent {
            Value::Object(members) => drop(members.insert(token, value)),
            Value::Array(items) if token == "-" => items.push(value),
            Value::Array(items) => *item(items, &token, pointer)? = value,
            _ => return Err(missing(pointer)),
        }
        Ok(())
    }

    /// Inserts an item into a list, before the item at the pointer; `-` is the end.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) for an unknown name or a value of another type.
    pub fn insert(&mut self, pointer: &str, value: Value) -> Result<()> {
        let Place { parent, token, ty } = self.place(pointer)?;
        let value = convert(value, &ty, &Path::Root(pointer))?;
        let Value::Array(items) = parent else {
            return Err(Error::bad_request(format!("{pointer} is not an item of a list")));
        };
        let index = if token == "-" { Some(items.len()) } else { token.parse().ok() };
        let index = index.filter(|index| *index <= items.len()).ok_or_else(|| missing(pointer))?;
        items.insert(index, value);
        Ok(())
    }

    /// Removes a member or an item of a list.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) if there is none.
    pub fn remove(&mut self, pointer: &str) -> Result<()> {
        let Place { parent, token, .. } = self.place(pointer)?;
        let removed = match parent {
            Value::Object(members) => members.remove(&token),
            Value::Array(items) => {
                let index = token.parse().ok().filter(|index| *index < items.len());
                index.map(|index: usize| items.remove(index))
            }
            _ => None,
        };
        removed.map(drop).ok_or_else(|| missing(pointer))
    }

    fn place(&mut self, pointer: &str) -> Result<Place<'_>> {
        let tokens = pointer.strip_prefix('/').ok_or_else(|| {
            let message = format!("{pointer:?} is not a JSON Pointer such as \"/targeting_rules/0/value\"");
            Error::bad_request(message)
        })?;
        let (mut parent, mut ty) = (&mut self.json, Type::Object(self.schema));
        let mut tokens =
            tokens.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).peekable();
        while let Some(token) = tokens.next() {
            let (token, inner) = step(&ty, token, pointer)?;
            if tokens.peek().is_none() {
                return Ok(Place { parent, token, ty: inner });
            }
            parent = match parent {
                Value::Object(members) => members.get_mut(&token).ok_or_else(|| missing(pointer))?,
                Value::Array(items) => item(items, &token, pointer)?,
                _ => return Err(missing(pointer)),
            };
            ty = inner;
        }
        Err(missing(pointer))
    }
}

/// Returns the wire name of a token, and the type of what it refers to.
fn step(ty: &Type, token: String, pointer: &str) -> Result<(String, Type)> {
    match ty {
        Type::Object(schema) => {
            let field = schema.field(&token).ok_or_else(|| {
                let names = schema.fields.iter().map(|field| field.name);
                let problem = InputProblem::unknown_name(&Path::Root(pointer), schema.name, &token, names);
                // The pointer ends with the name.
                Value::refuse(InputProblem { member: None, ..problem })
            })?;
            Ok((field.wire.to_owned(), field.ty))
        }
        Type::List(inner) | Type::Map(inner) | Type::Patch(inner) => Ok((token, **inner)),
        _ => Ok((token, Type::Any)),
    }
}

fn item<'a>(items: &'a mut [Value], token: &str, pointer: &str) -> Result<&'a mut Value> {
    let index: Option<usize> = token.parse().ok();
    index.and_then(|index| items.get_mut(index)).ok_or_else(|| missing(pointer))
}

fn missing(pointer: &str) -> Error {
    Error::bad_request(format!("the draft has no {pointer}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::flag_values::UPDATE_EVALUATION_FORMULA;
    use serde_json::json;

    fn draft() -> NamedDraft {
        let json = json!({ "defaultValue": { "boolValue": false }, "targetingRules": [{ "value": { "boolValue": true } }] });
        NamedDraft::new(json, &UPDATE_EVALUATION_FORMULA)
    }

    #[test]
    fn members_and_items_are_changed_by_either_name() {
        let mut draft = draft();
        draft.set("/default_value", json!(true)).unwrap();
        draft.set("/targetingRules/0/value", json!({ "bool_value": false })).unwrap();
        draft.insert("/targeting_rules/0", json!({ "value": true, "conditions": [] })).unwrap();
        draft.set("/targeting_rules/-", json!({ "value": { "predefined_variation_id": "x" } })).unwrap();
        draft.remove("/targeting_rules/1").unwrap();
        assert_eq!(
            *draft.json(),
            json!({
                "defaultValue": { "boolValue": true },
                "targetingRules": [
                    { "value": { "boolValue": true }, "conditions": [] },
                    { "value": { "predefinedVariationId": "x" } },
                ]
            })
        );
    }

    #[test]
    fn wrong_pointers_are_refused() {
        for pointer in ["", "x", "/", "/targeting_rules/1", "/targeting_rules/1/value", "/default_value/x/y"]
        {
            let error = draft().set(pointer, json!(null)).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::BadRequest, "{pointer}");
        }
        let error = draft().set("/targeting_rules/0/values", json!(true)).unwrap_err();
        let message =
            "not sent: /targeting_rules/0/values: UpdateTargetingRule has no values; did you mean value?";
        assert_eq!(error.message(), message);
        assert!(draft().remove("/percentage_evaluation_attribute").is_err());
        assert!(draft().insert("/default_value", json!(true)).is_err());
        assert!(draft().insert("/targeting_rules/2", json!({})).is_err());
    }
}
