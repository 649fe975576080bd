//! Whether two fields mean the same.

use serde_json::Value;

/// Whether two values of a field mean the same. Null, an empty string, an empty list and false are the same as nothing, numbers
/// are compared by value, and names of enums in any case.
pub(crate) fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a.filter(|value| !is_empty(value)), b.filter(|value| !is_empty(value))) {
        (None, None) => true,
        (Some(a), Some(b)) => equal(a, b),
        _ => false,
    }
}

/// Whether a value says nothing.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys());
            names.into_iter().all(|name| match (a.get(name), b.get(name)) {
                (Some(a), Some(b)) => equal(a, b),
                (one, other) => same(one, other),
            })
        }
        _ => a == b,
    }
}

/// Sorts a list of names, whose order means nothing.
pub(crate) fn sorted(value: &Value) -> Value {
    let Value::Array(items) = value else { return value.clone() };
    let mut items = items.clone();
    items.sort_by_key(ToString::to_string);
    Value::Array(items)
}
