//! Responses to writes. WireMock keeps no state, so a response merges the request's fields into the recorded resource.

use configcat_management::spec::{Http, Operation, Schema, Type};
use serde_json::{Map, Value, json};

/// Returns the response to a write to a readable path; `None` if it cannot be derived.
pub fn response(operation: &Operation, current: &Value) -> Option<Value> {
    let status = operation.statuses.first().copied()?;
    let Some(ty) = &operation.response else { return Some(json!({ "status": status })) };
    let Type::Object(schema) = ty else { return None };
    let sent = match &operation.body {
        Some(Type::Object(body)) => Some(*body),
        _ => None,
    };
    let base = match (operation.http, current) {
        // A resource that is created at the path of a list resembles the items of the list.
        (Http::Post, Value::Array(items)) => created(schema, items.first()),
        (Http::Post, _) => return None,
        (_, Value::Object(object)) => object.clone(),
        _ => return None,
    };
    let body = template(schema, sent, &base, operation.http == Http::Post);
    Some(json!({
        "status": status,
        "headers": { "Content-Type": "application/json; charset=utf-8" },
        "body": body,
        "transformers": ["response-template"],
    }))
}

/// Returns a new object of a schema, with the values of an existing one where possible.
fn created(schema: &Schema, like: Option<&Value>) -> Map<String, Value> {
    let field = |field: &configcat_management::spec::Field| {
        let known = like.and_then(|like| like.get(field.wire)).filter(|_| !field.nullable);
        (field.wire.to_owned(), known.cloned().unwrap_or_else(|| blank(&field.ty, field.nullable)))
    };
    schema.fields.iter().map(field).collect()
}

fn blank(ty: &Type, nullable: bool) -> Value {
    if nullable {
        return Value::Null;
    }
    match ty {
        Type::Boolean => false.into(),
        Type::Integer { .. } => 0.into(),
        Type::Number => 0.0.into(),
        Type::List(_) | Type::Patch(_) => json!([]),
        Type::Map(_) => json!({}),
        Type::Object(schema) => schema
            .fields
            .iter()
            .map(|f| (f.wire.to_owned(), blank(&f.ty, f.nullable)))
            .collect::<Map<_, _>>()
            .into(),
        Type::Enum(values) => values.first().copied().into(),
        Type::Timestamp => "2026-01-01T00:00:00Z".into(),
        Type::Uuid => "00000000-0000-4000-8000-000000000000".into(),
        _ => "".into(),
    }
}

/// Returns JSON in which every field that the request may contain is a template.
fn template(schema: &Schema, sent: Option<&Schema>, base: &Map<String, Value>, new: bool) -> String {
    let fields = schema.fields.iter().filter_map(|field| {
        let value = base.get(field.wire)?;
        let sent = sent.and_then(|sent| sent.fields.iter().find(|s| s.wire == field.wire));
        let text = match sent {
            Some(_) => from_request(field.wire, value),
            None if new && is_identifier(schema, field.wire) => identifier(&field.ty),
            None => value.to_string(),
        };
        Some(format!("{}: {text}", Value::from(field.wire)))
    });
    // The spaces separate the braces of JSON from those of a template.
    format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
}

/// Returns a template for a field: the request's value as JSON, or else the recorded one.
fn from_request(name: &str, otherwise: &Value) -> String {
    let sent = format!("(jsonPath request.body '$.{name}' default='')");
    let otherwise = otherwise.to_string();
    format!(
        "{{{{#if (contains request.body '\"{name}\"')}}}}{{{{{{toJson {sent}}}}}}}{{{{else}}}}{otherwise}{{{{/if}}}}"
    )
}

fn is_identifier(schema: &Schema, name: &str) -> bool {
    name.strip_suffix("Id").is_some_and(|what| what.eq_ignore_ascii_case(schema.name))
}

fn identifier(ty: &Type) -> String {
    match ty {
        Type::Integer { .. } => "{{randomInt lower=100000 upper=999999}}".into(),
        _ => "\"{{randomValue type='UUID'}}\"".into(),
    }
}
