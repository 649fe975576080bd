//! The JSON Schema of documents, for editors.

use super::section::{ENVIRONMENT_PREFERENCES, Member, PRODUCT, Role, Section};
use crate::models::UserComparator;
use crate::spec::Type;
use serde_json::{Map, Value, json};

/// Returns the JSON Schema of documents, which editors check and complete them with.
#[must_use]
pub fn document_schema() -> Value {
    let mut root = object_of(&PRODUCT);
    let mut properties = root.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    properties.remove(PRODUCT.key);
    properties.insert(
        "product".to_owned(),
        json!({ "type": "string", "description": "Name or id of the product." }),
    );
    let organization =
        json!({ "type": "string", "description": "Organization in which the product is created." });
    properties.insert("organization".to_owned(), organization);
    root.insert("properties".to_owned(), properties.into());
    root.insert("required".to_owned(), json!(["product"]));
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".to_owned(), json!("ConfigCat product"));
    root.insert("$defs".to_owned(), definitions());
    root.into()
}

fn object_of(section: &'static Section) -> Map<String, Value> {
    let mut properties = Map::new();
    properties.insert(section.key.to_owned(), json!({ "type": "string", "minLength": 1 }));
    properties.insert("state".to_owned(), json!({ "enum": ["present", "absent"] }));
    for member in section.fields {
        properties.insert(member.name.to_owned(), field_of(section, member));
    }
    for child in section.children.iter().copied() {
        properties.insert(child.name.to_owned(), json!({ "type": "array", "items": object_of(child) }));
    }
    if section.has_values() {
        let values = json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/value" } });
        properties.insert("values".to_owned(), values);
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("additionalProperties".to_owned(), json!(false));
    object.insert("required".to_owned(), json!([section.key]));
    object.insert("properties".to_owned(), properties.into());
    object
}

fn field_of(section: &Section, member: &Member) -> Value {
    match member.role {
        Role::Names { .. } => json!({ "type": "array", "items": { "type": "string" } }),
        Role::ByEnvironment { .. } => {
            json!({ "type": "object", "additionalProperties": { "type": "string" } })
        }
        Role::Variations => json!({ "type": "array", "items": { "$ref": "#/$defs/variation" } }),
        Role::Preference if ENVIRONMENT_PREFERENCES.contains(&member.name) => json!({ "type": "boolean" }),
        Role::Preference if member.name == "keyGenerationMode" => json!({ "type": "string" }),
        Role::Preference => json!({ "type": "boolean" }),
        Role::Plain | Role::Fixed | Role::Order | Role::Secrets => {
            section.spec(member.name).map_or_else(|| json!({}), |field| type_of(&field.ty))
        }
    }
}

fn type_of(ty: &Type) -> Value {
    match ty {
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Type::Number => json!({ "type": "number" }),
        Type::String { min, max: None } => json!({ "type": "string", "minLength": min }),
        Type::String { min, max: Some(max) } => {
            json!({ "type": "string", "minLength": min, "maxLength": max })
        }
        Type::Uuid | Type::Timestamp => json!({ "type": "string" }),
        Type::Enum(values) => json!({ "enum": values }),
        Type::List(item) => json!({ "type": "array", "items": type_of(item) }),
        Type::Map(item) => json!({ "type": "object", "additionalProperties": type_of(item) }),
        Type::Any | Type::Value | Type::Patch(_) | Type::Object(_) => json!({}),
    }
}

fn definitions() -> Value {
    let plain = json!({ "type": ["boolean", "string", "number"] });
    let comparison = json!({ "type": ["string", "number", "array"] });
    let mut user = Map::from_iter([("user".to_owned(), json!({ "type": "string" }))]);
    let comparators =
        UserComparator::ALL.iter().map(UserComparator::as_str).chain(["contains", "doesNotContain"]);
    user.extend(comparators.map(|name| (name.to_owned(), comparison.clone())));
    let closed = |properties: Value, required: &[&str]| json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required });
    let share = closed(
        json!({ "percentage": { "type": "integer", "minimum": 0, "maximum": 100 }, "value": plain }),
        &["percentage", "value"],
    );
    let mut user_condition = closed(user.into(), &["user"]);
    super::json::set(&mut user_condition, "minProperties", 2);
    super::json::set(&mut user_condition, "maxProperties", 2);
    let segment = closed(
        json!({ "segment": { "type": "string" }, "comparator": { "enum": ["isIn", "isNotIn"] } }),
        &["segment"],
    );
    let flag = closed(
        json!({ "flag": { "type": ["string", "integer"] }, "equals": plain, "doesNotEqual": plain }),
        &["flag"],
    );
    let rule = closed(
        json!({
            "if": { "type": "array", "items": { "oneOf": [user_condition, segment, flag] } },
            "serve": { "oneOf": [plain, { "type": "array", "items": share }] },
        }),
        &["serve"],
    );
    let value = closed(
        json!({
            "default": plain,
            "rules": { "type": "array", "items": rule },
            "percentageAttribute": { "type": "string" },
        }),
        &["default"],
    );
    let text = json!({ "type": "string" });
    let variation = closed(json!({ "value": plain, "name": text, "hint": text }), &["value"]);
    // The wire's own form is accepted too.
    let wire =
        json!({ "type": "object", "anyOf": [{ "required": ["defaultValue"] }, { "required": ["value"] }] });
    json!({ "value": { "anyOf": [plain, value, wire] }, "variation": variation })
}
