//! Finds the position where a response differs from the spec, after decoding it has failed.
//!
//! Decoders are generated for every type and do not know their position. Searching by the spec is slower, but is written once.

use super::schema::{Schema, Type};
use serde_json::Value;

/// Returns the path of the first value that cannot be decoded, and the problem. Members are joined by dots, items of lists
/// have their index: `data[0].name`.
pub(crate) fn locate(value: &Value, ty: &Type) -> Option<(String, String)> {
    let mut path = String::new();
    find(value, ty, &mut path).map(|problem| (path, problem))
}

fn find(value: &Value, ty: &Type, path: &mut String) -> Option<String> {
    match (ty, value) {
        (Type::Any, _)
        | (Type::Boolean, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::String { .. } | Type::Uuid | Type::Enum(_), Value::String(_))
        | (Type::Value, Value::Bool(_) | Value::String(_) | Value::Number(_)) => None,
        (Type::Integer { max, .. }, Value::Number(number)) if number.is_i64() || number.is_u64() => {
            // Limits are for requests. A response may use 32 bits, or 64 bits if the limits are wider than 32.
            let wide = *max > i64::from(i32::MAX);
            let fits = number.as_i64().is_some_and(|n| wide || i32::try_from(n).is_ok());
            (!fits).then(|| format!("{number} is too large"))
        }
        (Type::Timestamp, Value::String(text)) => {
            text.parse::<crate::Timestamp>().err().map(|e| format!("{text:?} is not a valid timestamp: {e}"))
        }
        (Type::List(item) | Type::Patch(item), Value::Array(items)) => items
            .iter()
            .enumerate()
            .find_map(|(i, value)| inside(path, &format!("[{i}]"), |path| find(value, item, path))),
        (Type::Map(item), Value::Object(members)) => members
            .iter()
            .find_map(|(name, value)| inside(path, &member(path, name), |path| find(value, item, path))),
        (Type::Object(schema), Value::Object(members)) => object(members, schema, path),
        _ => Some(format!("expected {}, found {}", ty.expected(), found(value))),
    }
}

fn object(members: &serde_json::Map<String, Value>, schema: &Schema, path: &mut String) -> Option<String> {
    schema.fields.iter().find_map(|field| {
        let may_be_null = field.nullable || !field.required;
        inside(path, &member(path, field.wire), |path| match members.get(field.wire) {
            None | Some(Value::Null) if may_be_null => None,
            None => Some("missing field".to_owned()),
            Some(value) => find(value, &field.ty, path),
        })
    })
}

/// Descends one step. Restores the path if no problem was found there.
fn inside(path: &mut String, step: &str, look: impl FnOnce(&mut String) -> Option<String>) -> Option<String> {
    let length = path.len();
    path.push_str(step);
    let problem = look(path);
    if problem.is_none() {
        path.truncate(length);
    }
    problem
}

fn member(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!(".{name}") }
}

fn found(value: &Value) -> String {
    match value {
        Value::Object(_) => "an object".into(),
        Value::Array(_) => "a list".into(),
        other => other.to_string().chars().take(64).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::products::PRODUCT;
    use serde_json::json;

    #[test]
    fn first_undecodable_value_is_located() {
        static PRODUCTS: Type = Type::List(&Type::Object(&PRODUCT));
        let good = json!({
            "organization": { "organizationId": "o", "name": "O" }, "productId": "p", "name": "P",
            "description": null, "order": 1, "reasonRequired": false, "approveRequired": false, "new": [],
        });
        assert_eq!(locate(&json!([good, good]), &PRODUCTS), None);
        for (pointer, wrong, path, problem) in [
            ("/1/order", json!("first"), "[1].order", "expected a whole number, found \"first\""),
            ("/1/order", json!(4_000_000_000_000_000_000_i64), "[1].order", "is too large"),
            ("/0/organization/name", json!(null), "[0].organization.name", "expected a string, found null"),
            ("/0/organization", json!({ "name": "O" }), "[0].organization.organizationId", "missing field"),
            ("/0", json!([]), "[0]", "expected an object, found a list"),
        ] {
            let mut response = json!([good, good]);
            *response.pointer_mut(pointer).unwrap() = wrong;
            let (at, what) = locate(&response, &PRODUCTS).unwrap();
            assert!(at == path && what.contains(problem), "{at}: {what}");
        }
    }
}
