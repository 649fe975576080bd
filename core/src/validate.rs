//! Checks JSON against the description: what the client does before it sends, and the simulator when it receives.

#[cfg(test)]
mod tests;
mod walk;

use crate::describe::Type;
use serde_json::Value;
use std::fmt;

/// How strict to be about what may have grown since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enums {
    /// Any text goes: a newer service may know it.
    Open,
    /// Only the known values go.
    Closed,
}

/// A field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field by wire names, such as `targetingRules[0].value`; empty for the body itself.
    pub path: String,
    /// What is wrong: the limit, and what was given.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

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

/// Like [`check`], for a body that is written already: nothing is built in between.
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

/// Whether a text has the form of a UUID: 32 hexadecimal digits in groups of 8-4-4-4-12.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}
