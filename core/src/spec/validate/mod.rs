//! Checks JSON against the spec: what the client does before it sends, and the simulator when it receives.

#[cfg(test)]
mod tests;
mod violation;
mod walk;

use super::schema::Type;
use serde_json::Value;
pub use violation::{Enums, Violation, is_uuid};

/// Every rule that a value breaks, in the order of its fields.
#[must_use]
pub fn check(value: &Value, ty: &Type, enums: Enums) -> Vec<Violation> {
    check_named("", value, ty, enums)
}

/// Like [`check`], for a value that stands under a name.
#[must_use]
pub fn check_named(name: &str, value: &Value, ty: &Type, enums: Enums) -> Vec<Violation> {
    walk::walk(name, value, ty, enums)
}

/// Like [`check`], for a body that is serialized already: no value is built from it.
pub(crate) fn check_written(json: &[u8], ty: &Type, enums: Enums) -> Vec<Violation> {
    walk::walk("", &mut serde_json::Deserializer::from_slice(json), ty, enums)
}

/// Like [`check_named`], for a parameter, which travels as a text; one of a list is checked by itself.
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
