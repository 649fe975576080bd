//! Checks JSON against the spec. The client checks requests while it serializes them, the simulator when it receives them.

mod escapes;
mod rules;
#[cfg(test)]
mod tests;
mod violation;
mod walk;
mod writer;
#[cfg(test)]
mod writer_tests;

use super::path::Path;
use super::schema::Type;
use rules::{Checker, Place};
use serde::Serialize;
use serde_json::Value;
pub(crate) use violation::EXACTLY_ONE;
pub use violation::{Enums, Violation, is_uuid};
use writer::CheckingSerializer;

/// Returns every violation of a value, in the order of its fields.
#[must_use]
pub fn check(value: &Value, ty: &Type, enums: Enums) -> Vec<Violation> {
    check_named("", value, ty, enums)
}

/// Like [`check`], for a value with a name.
#[must_use]
pub fn check_named(name: &str, value: &Value, ty: &Type, enums: Enums) -> Vec<Violation> {
    let checker = Checker::new(enums);
    walk::walk(&Place::whole(&checker, &Path::Root(name), ty), value);
    checker.found()
}

/// Serializes a value as JSON. Returns the JSON, and every violation as [`check`] does.
///
/// # Errors
/// If the value cannot be represented as JSON.
pub(crate) fn write<T: Serialize + ?Sized>(
    value: &T,
    ty: &Type,
    enums: Enums,
) -> serde_json::Result<(Vec<u8>, Vec<Violation>)> {
    let checker = Checker::new(enums);
    let place = &Place::whole(&checker, &Path::Root(""), ty);
    let mut json = Vec::with_capacity(256);
    value.serialize(CheckingSerializer { place, json: &mut json })?;
    Ok((json, checker.found()))
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
