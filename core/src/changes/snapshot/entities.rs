//! Converts what the service returns to the form of documents.

use super::registry::Registry;
use crate::changes::document::Item;
use crate::changes::section::{Role, Section};
use serde_json::{Map, Value, json};

/// Converts an entity of a response.
pub(crate) fn item_of(section: &Section, value: &Value, registry: &Registry) -> Item {
    let mut item = Item { id: id(&value[section.id]), ..Item::default() };
    item.fields.insert(section.key.to_owned(), value[section.key].clone());
    for member in section.fields {
        let read = match member.role {
            Role::Plain | Role::Fixed | Role::Order | Role::Preference => value.get(member.name).cloned(),
            Role::Secrets => value.get(member.name).cloned(),
            Role::Names { section, response, .. } => Some(names(section, &value[response], registry)),
            Role::ByEnvironment { wire, member, none } => {
                Some(by_environment(&value[wire], member, none, registry))
            }
            Role::Variations => {
                item.hidden.insert(member.name.to_owned(), value[member.name].clone());
                Some(variations(&value[member.name]))
            }
        };
        if let Some(read) = read.filter(|read| !read.is_null()) {
            item.fields.insert(member.name.to_owned(), read);
        }
    }
    item
}

/// Returns an id, which is a string or a number, as a string.
pub(crate) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the names of entities that are objects with a name, or ids.
fn names(section: &str, list: &Value, registry: &Registry) -> Value {
    let name = |value: &Value| match value.get("name") {
        Some(name) => name.clone(),
        None => {
            let id = id(value).unwrap_or_default();
            json!(registry.name(section, &id).unwrap_or(&id))
        }
    };
    let mut names: Vec<Value> = list.as_array().into_iter().flatten().map(name).collect();
    // The service has no order of its own for them.
    names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Value::Array(names)
}

fn by_environment(list: &Value, member: &str, none: &str, registry: &Registry) -> Value {
    let mut found = Map::new();
    for item in list.as_array().into_iter().flatten() {
        let id = id(&item["environmentId"]).unwrap_or_default();
        let name = registry.name("environments", &id).unwrap_or(&id);
        if item[member] != none {
            found.insert(name.to_owned(), item[member].clone());
        }
    }
    Value::Object(found)
}

/// Returns predefined variations with plain values.
fn variations(list: &Value) -> Value {
    let variation = |item: &Value| {
        let mut members = Map::new();
        let value = item["value"].as_object().into_iter().flatten().find(|(_, value)| !value.is_null());
        members.insert("value".to_owned(), value.map(|(_, value)| value.clone()).unwrap_or_default());
        for name in ["name", "hint"] {
            if let Some(text) = item.get(name).filter(|text| !text.is_null()) {
                members.insert(name.to_owned(), text.clone());
            }
        }
        Value::Object(members)
    };
    Value::Array(list.as_array().into_iter().flatten().map(variation).collect())
}
