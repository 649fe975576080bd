//! The result of a check, and its strictness.

use std::fmt;

/// Start of the message that consists of names of fields.
pub(crate) const EXACTLY_ONE: &str = "must have exactly one of ";

/// How to treat unknown values of enums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enums {
    /// Accepts any string: a newer service may know it.
    Open,
    /// Accepts known values only.
    Closed,
}

/// A field that violates the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field by wire names, such as `targetingRules[0].value`; empty for the body itself.
    pub path: String,
    /// What is wrong: the limit, and the actual value.
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

/// Whether a string has the format of a UUID: 32 hexadecimal digits in groups of 8-4-4-4-12.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}
