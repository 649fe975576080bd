//! Checks JSON against the spec. The client checks requests before it sends them, the simulator when it receives them.

#[cfg(test)]
mod tests;
mod violation;
mod walk;

use super::schema::Type;
use serde_json::Value;
pub use violation::{Enums, Violation, is_uuid};

/// Returns every violation of a value, in the order of its fields.
#[must_use]
pub fn check(value: &Value, ty: &Type, enums: Enums) -> Vec<Violation> {
    check_named("", value, ty, enums)
}

/// Like [`check`], for a value with a name.
#[must_use]
pub fn check_named(name: &str, value: &Value, ty: &Type, enums: Enums) -> Vec<Violation> {
    walk::walk(name, value, ty, enums)
}

/// Like [`check`], for a serialized body, without building a value from it.
pub(crate) fn check_written(json: &[u8], ty: &Type, enums: Enums) -> Vec<Violation> {
    walk::walk("", &mut serde_json::Deserializer::from_slice(json), ty, enums)
}

/// Like [`check_named`], for a parameter, which is sent as a string. Items of a list are checked one at a time.
#[must_use]
pub fn check_text(name: &str, text: &str, ty: &Type, enums: Enums) -> Vec<Violation> {
    let ty = if let Type::List(item) = ty { item } else { ty };
    let value = match ty {
        Type::Integer { .. } => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        // .NET writes `True`.
        Type::Boolean => text.to_ascii_lowercase().parse::<bool>().map_or_else(|_| text.into(), Value::from),
        _ => Value::from(text),
    };
    check_named(name, &value, ty, enums)
}
