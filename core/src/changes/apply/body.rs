//! Bodies of the requests that apply steps.

use super::resolve::Known;
use crate::changes::plan::{expanded, is_empty};
use crate::changes::section::{Role, Section};
use crate::spec::Type;
use serde_json::{Map, Value, json};

/// Converts fields of an entity to the wire. Fails with the name of an entity that does not exist.
pub(super) fn fields(
    section: &Section,
    fields: &Map<String, Value>,
    known: &Known,
) -> Result<Map<String, Value>, String> {
    let mut body = Map::new();
    let ty = fields.get("settingType").and_then(Value::as_str).unwrap_or_default();
    for (name, value) in fields {
        let Some(member) = section.member(name) else {
            body.insert(name.clone(), value.clone());
            continue;
        };
        match member.role {
            Role::Plain | Role::Fixed | Role::Order => {
                body.insert(name.clone(), cleared(section, name, value))
            }
            Role::Preference => None,
            Role::Secrets => body.insert(name.clone(), expanded(value)),
            Role::Variations => body.insert(name.clone(), variations(value, ty)),
            Role::Names { section, request, .. } => {
                body.insert(request.to_owned(), ids(section, value, known)?)
            }
            Role::ByEnvironment { wire, member, .. } => {
                body.insert(wire.to_owned(), by_environment(value, member, known)?)
            }
        };
    }
    Ok(body)
}

/// Returns an empty string in place of null: null leaves a text as it is.
fn cleared(section: &Section, name: &str, value: &Value) -> Value {
    let is_text = section.spec(name).is_some_and(|field| matches!(field.ty, Type::String { .. }));
    if value.is_null() && is_text { Value::from("") } else { value.clone() }
}

/// Adds to the body of a create request what the service requires, and what documents have a default of their own for.
pub(super) fn complete(section: &Section, body: &mut Map<String, Value>) {
    match section.name {
        "configs" => {
            body.entry("evaluationVersion").or_insert_with(|| "v2".into());
        }
        "settings" => {
            let key = body.get("key").cloned().unwrap_or_default();
            body.entry("name").or_insert(key);
        }
        "integrations" => {
            body.entry("parameters").or_insert_with(|| json!({}));
            body.entry("environmentIds").or_insert_with(|| json!([]));
            body.entry("configIds").or_insert_with(|| json!([]));
        }
        _ => {}
    }
}

fn ids(section: &str, names: &Value, known: &Known) -> Result<Value, String> {
    let mut ids = Vec::new();
    for name in names.as_array().into_iter().flatten() {
        let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
        ids.push(id(section, &name, known)?);
    }
    Ok(ids.into())
}

fn id(section: &str, name: &str, known: &Known) -> Result<Value, String> {
    let id = known.registry().find(section, name).map(str::to_owned);
    let id = id.ok_or_else(|| format!("{name} of {section} does not exist"))?;
    // Tags have numbers.
    Ok(id.parse::<i64>().map_or_else(|_| Value::from(id), Value::from))
}

fn by_environment(value: &Value, member: &str, known: &Known) -> Result<Value, String> {
    let mut list = Vec::new();
    for (name, access) in value.as_object().into_iter().flatten() {
        list.push(json!({ "environmentId": id("environments", name, known)?, member: access }));
    }
    Ok(list.into())
}

/// Converts predefined variations of a flag of this type.
pub(super) fn variations(value: &Value, ty: &str) -> Value {
    let of = |item: &Value| {
        let mut members = item.as_object().cloned().unwrap_or_default();
        let value = members.remove("value").unwrap_or_default();
        let value = match (&value, ty) {
            (Value::Object(_), _) => value,
            (Value::Bool(_), _) => json!({ "boolValue": value }),
            (Value::Number(_), "double") => json!({ "doubleValue": value }),
            (Value::Number(_), _) => json!({ "intValue": value }),
            _ => json!({ "stringValue": value }),
        };
        members.insert("value".to_owned(), value);
        Value::Object(members)
    };
    value.as_array().into_iter().flatten().map(of).collect()
}

/// Returns the JSON Patch that sets fields.
pub(super) fn patch(fields: &Map<String, Value>) -> Value {
    let operation = |(name, value): (&String, &Value)| match is_empty(value) && value.is_null() {
        true => json!({ "op": "remove", "path": format!("/{name}") }),
        false => json!({ "op": "replace", "path": format!("/{name}"), "value": value }),
    };
    fields.iter().map(operation).collect()
}
