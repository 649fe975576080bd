//! Arguments by name: one JSON object for parameters and body, as dynamic callers write it.
//!
//! Names are those of Rust, Python and C, or those of the wire; what goes where, and what a slip of the pen was meant to
//! be, is found by the description. Lengths, ranges and types are checked later, for every caller alike.

use crate::describe::{Location, Operation, Parameter, Schema, Type};
use crate::dynamic::Arguments;
use crate::error::{Error, Result};
use crate::validate::Violation;
use crate::value;
use serde_json::{Map, Value};

/// Where a whole body may stand instead of its fields.
const BODY: &str = "body";
/// Where the operations of a JSON Patch stand.
const PATCH: &str = "patch";
/// How alike two names have to be for one to be taken for the other, from 0 to 1.
const LIKENESS: f64 = 0.6;

impl Arguments {
    /// Takes arguments from one object: parameters by name, and the fields of the body beside them.
    ///
    /// A JSON Patch stands under `patch`; a whole body may stand under `body` instead. Null leaves an optional
    /// parameter out, and is sent as null in a body.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) that names what the operation does not have, with the
    /// name that may have been meant.
    pub fn named(operation: &'static Operation, given: Map<String, Value>) -> Result<Self> {
        collect(operation, given).map_err(|v| Error::invalid(&[v]).with_operation(operation))
    }

    /// Adds a parameter, as text or as a list of texts.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) when the operation has no such parameter, or the value
    /// is no text, number or boolean.
    pub fn parameter(&mut self, operation: &'static Operation, name: &str, value: &Value) -> Result<()> {
        let added = match find(operation, name) {
            Some(parameter) => texts(parameter, value, &mut self.parameters),
            None => Err(unknown(operation.id, name, &names(operation))),
        };
        added.map_err(|v| Error::invalid(&[v]).with_operation(operation))
    }

    /// Sets the body, with names as in [`Arguments::named`].
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) that names the field that the body cannot have.
    pub fn set_body(&mut self, operation: &'static Operation, json: Value) -> Result<()> {
        let Some(ty) = &operation.body else {
            let message = format!("{} takes no body", operation.id);
            let violation = Violation { path: String::new(), message };
            return Err(Error::invalid(&[violation]).with_operation(operation));
        };
        let body = wire(json, ty, "").map_err(|v| Error::invalid(&[v]).with_operation(operation))?;
        self.send(operation, body);
        Ok(())
    }

    /// Sets a body with the names of the wire; an optional one of which nothing is given is not sent.
    pub fn send(&mut self, operation: &'static Operation, body: Value) {
        let empty = body.as_object().is_some_and(Map::is_empty);
        self.body = (operation.body_required || !empty).then_some(body);
    }
}

fn collect(operation: &'static Operation, given: Map<String, Value>) -> Result<Arguments, Violation> {
    let mut arguments = Arguments::default();
    let mut fields = Map::new();
    let mut whole = None;
    for (name, value) in given {
        if let Some(parameter) = find(operation, &name) {
            texts(parameter, &value, &mut arguments.parameters)?;
            continue;
        }
        match operation.body {
            Some(Type::Patch(_)) if name == PATCH => whole = Some(value),
            Some(Type::Object(schema)) if name == BODY && is_whole(schema, &value) => whole = Some(value),
            Some(Type::Object(schema)) if schema.field(&name).is_some() => {
                fields.insert(name, value);
            }
            Some(Type::Object(schema)) => {
                let mut known = names(operation);
                known.extend(schema.fields.iter().map(|f| f.name));
                return Err(unknown(operation.id, &name, &known));
            }
            _ => return Err(unknown(operation.id, &name, &names(operation))),
        }
    }
    let Some(ty) = &operation.body else { return Ok(arguments) };
    let body = match whole {
        Some(_) if !fields.is_empty() => {
            let message = "stands beside fields of the body: give one or the other".to_owned();
            return Err(Violation { path: BODY.to_owned(), message });
        }
        Some(whole) => Some(whole),
        None if matches!(ty, Type::Patch(_)) => None,
        None => Some(Value::Object(fields)),
    };
    if let Some(body) = body {
        arguments.send(operation, wire(body, ty, "")?);
    }
    Ok(arguments)
}

/// Whether what stands under `body` is the whole body: a field may have the same name.
fn is_whole(schema: &Schema, value: &Value) -> bool {
    let field = schema.field(BODY);
    field.is_none_or(|field| value.is_object() && !matches!(field.ty, Type::Object(_) | Type::Map(_)))
}

fn find(operation: &'static Operation, name: &str) -> Option<&'static Parameter> {
    let plain = name.strip_suffix('_').unwrap_or(name);
    operation.parameters.iter().find(|p| p.name == name || p.wire == name || p.name == plain)
}

fn names(operation: &'static Operation) -> Vec<&'static str> {
    let mut names: Vec<&str> = operation.parameters.iter().map(|p| p.name).collect();
    if matches!(operation.body, Some(Type::Patch(_))) {
        names.push(PATCH);
    }
    names
}

/// A parameter as the texts that are sent for it.
fn texts(
    parameter: &'static Parameter,
    value: &Value,
    out: &mut Vec<(&'static str, String)>,
) -> Result<(), Violation> {
    let mut add = |value: &Value| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => {
                let message = "must be a text, a number or a boolean".to_owned();
                return Err(Violation { path: parameter.name.to_owned(), message });
            }
        };
        out.push((parameter.wire, text));
        Ok(())
    };
    match (value, &parameter.ty) {
        (Value::Null, _) if parameter.location != Location::Path => Ok(()),
        (Value::Array(items), Type::List(_)) => items.iter().try_for_each(add),
        _ => add(value),
    }
}

/// A body with the names of the wire.
fn wire(value: Value, ty: &Type, at: &str) -> Result<Value, Violation> {
    match (ty, value) {
        (Type::Object(schema), Value::Object(members)) => object(members, schema, at),
        // A plain value where the service wants an object that names its type.
        (Type::Object(schema), value) if schema.is_flag_value() && !value.is_null() => Ok(tagged(value)),
        (Type::List(item) | Type::Patch(item), Value::Array(items)) => items
            .into_iter()
            .enumerate()
            .map(|(i, value)| wire(value, item, &format!("{at}[{i}]")))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        (Type::Map(item), Value::Object(members)) => members
            .into_iter()
            .map(|(name, value)| {
                let value = wire(value, item, &inside(at, &name))?;
                Ok((name, value))
            })
            .collect::<Result<_, _>>()
            .map(Value::Object),
        (_, value) => Ok(value),
    }
}

fn object(members: Map<String, Value>, schema: &'static Schema, at: &str) -> Result<Value, Violation> {
    let mut out = Map::new();
    for (name, value) in members {
        if schema.is_flag_value() && name == "value" {
            if let Value::Object(value) = tagged(value) {
                out.extend(value);
            }
            continue;
        }
        let Some(field) = schema.field(&name) else {
            let known: Vec<&str> = schema.fields.iter().map(|f| f.name).collect();
            let mut violation = unknown(schema.name, &name, &known);
            violation.path = inside(at, &name);
            return Err(violation);
        };
        let value = wire(value, &field.ty, &inside(at, &name))?;
        if out.insert(field.wire.to_owned(), value).is_some() {
            return Err(Violation { path: inside(at, &name), message: "is given twice".to_owned() });
        }
    }
    Ok(Value::Object(out))
}

/// A plain value as the member of a flag's value that it belongs to; what is none is left for the check to name.
fn tagged(value: Value) -> Value {
    match value {
        Value::Null => Value::Object(Map::new()),
        plain => value::tagged_json(plain).unwrap_or_else(|other| other),
    }
}

fn inside(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Violation {
    let likeness = |other: &str| strsim::normalized_damerau_levenshtein(name, other);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let hint = match nearest.filter(|other| likeness(other) >= LIKENESS) {
        Some(other) => format!("did you mean {other}?"),
        None if known.is_empty() => "it takes nothing".to_owned(),
        None => format!("it has {}", known.join(", ")),
    };
    Violation { path: name.to_owned(), message: format!("{what} has no {name}; {hint}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;
    use serde_json::json;

    fn named(operation: &'static Operation, given: Value) -> Result<Arguments> {
        let Value::Object(given) = given else { panic!("not an object") };
        Arguments::named(operation, given)
    }

    #[test]
    fn parameters_and_fields_stand_side_by_side() {
        let given = json!({ "product_id": "p", "name": "n", "evaluationVersion": "v2", "description": null });
        let arguments = named(&operations::configs::CREATE, given).unwrap();
        assert_eq!(arguments.parameters, [("productId", "p".to_owned())]);
        assert_eq!(
            arguments.body,
            Some(json!({ "name": "n", "evaluationVersion": "v2", "description": null }))
        );
    }

    #[test]
    fn a_slip_of_the_pen_is_named_with_what_was_meant() {
        let error =
            named(&operations::configs::CREATE, json!({ "product_id": "p", "nam": "n" })).unwrap_err();
        assert!(error.message().contains("configs.create has no nam; did you mean name?"), "{error}");
        let error = named(&operations::products::LIST, json!({ "x": 1 })).unwrap_err();
        assert!(error.message().contains("it takes nothing"), "{error}");
        let given = json!({ "default_value": true, "targeting_rules": [{ "conditoins": [] }] });
        let mut arguments = Arguments::default();
        let error = arguments.set_body(&operations::flag_values::REPLACE, given).unwrap_err();
        assert!(error.field_errors().contains_key("targeting_rules[0].conditoins"), "{error}");
    }

    #[test]
    fn a_plain_value_becomes_the_member_of_its_type() {
        let mut arguments = Arguments::default();
        let given = json!({ "default_value": 1.5, "targeting_rules": [{ "value": { "value": "x" } }] });
        arguments.set_body(&operations::flag_values::REPLACE, given).unwrap();
        let sent = arguments.body.unwrap();
        assert_eq!(sent["defaultValue"], json!({ "doubleValue": 1.5 }));
        assert_eq!(sent["targetingRules"][0]["value"], json!({ "stringValue": "x" }));
    }

    #[test]
    fn a_whole_body_is_told_from_a_field_of_the_same_name() {
        let add = &operations::change_request_comments::ADD;
        for given in [json!({ "body": "text" }), json!({ "body": { "body": "text" } })] {
            let arguments = named(add, given).unwrap();
            assert_eq!(arguments.body, Some(json!({ "body": "text" })));
        }
        let whole = json!({ "product_id": "p", "body": { "name": "n" } });
        assert_eq!(named(&operations::configs::CREATE, whole).unwrap().body, Some(json!({ "name": "n" })));
    }

    #[test]
    fn a_patch_has_a_place_of_its_own() {
        let patch = json!([{ "op": "remove", "path": "/hint" }]);
        let given = json!({ "environment_id": "e", "setting_id": 7, "reason": null, "patch": patch });
        let arguments = named(&operations::flag_values::PATCH, given).unwrap();
        assert_eq!(arguments.body, Some(patch));
        assert_eq!(arguments.parameters, [("environmentId", "e".to_owned()), ("settingId", "7".to_owned())]);
    }
}
