//! Checks JSON against the description: what the client does before it sends, and the simulator when it receives.

use crate::describe::{Schema, Type};
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
    let mut checker = Checker { enums, found: Vec::new() };
    checker.value(value, ty, &mut String::new());
    checker.found
}

/// Like [`check`], for a value that stands under a name.
#[must_use]
pub fn check_named(name: &str, value: &Value, ty: &Type, enums: Enums) -> Vec<Violation> {
    let mut checker = Checker { enums, found: Vec::new() };
    checker.value(value, ty, &mut name.to_owned());
    checker.found
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

struct Checker {
    enums: Enums,
    found: Vec<Violation>,
}

impl Checker {
    fn report(&mut self, path: &str, message: String) {
        self.found.push(Violation { path: path.to_owned(), message });
    }

    fn wrong_type(&mut self, path: &str, expected: &str, value: &Value) {
        self.report(path, format!("must be {expected}, not {}", shown(value)));
    }

    fn value(&mut self, value: &Value, ty: &Type, path: &mut String) {
        match (ty, value) {
            (Type::Any, _)
            | (Type::Boolean, Value::Bool(_))
            | (Type::Value, Value::Bool(_) | Value::Number(_) | Value::String(_))
            | (Type::Number, Value::Number(_)) => {}
            (Type::Boolean, _) => self.wrong_type(path, "a boolean", value),
            (Type::Value, _) => self.wrong_type(path, "a boolean, a text or a number", value),
            (Type::Number, _) => self.wrong_type(path, "a number", value),
            (Type::Integer { min, max }, _) => self.integer(value, *min, *max, path),
            (Type::Text { min, max }, Value::String(text)) => self.length(text, *min, *max, path),
            (Type::Uuid, Value::String(text)) if is_uuid(text) => {}
            (Type::Uuid, _) => self.wrong_type(path, "a UUID", value),
            (Type::Timestamp, Value::String(text)) if text.parse::<crate::Timestamp>().is_ok() => {}
            (Type::Timestamp, _) => self.wrong_type(path, "a date and time", value),
            (Type::Enum(known), Value::String(text)) => {
                if self.enums == Enums::Closed && !known.contains(&text.as_str()) {
                    self.wrong_type(path, &format!("one of {}", known.join(", ")), value);
                }
            }
            (Type::Text { .. } | Type::Enum(_), _) => self.wrong_type(path, "a text", value),
            (Type::List(items) | Type::Patch(items), Value::Array(values)) => {
                for (i, item) in values.iter().enumerate() {
                    self.at(path, &format!("[{i}]"), |checker, path| checker.value(item, items, path));
                }
            }
            (Type::List(_) | Type::Patch(_), _) => self.wrong_type(path, "a list", value),
            (Type::Map(values), Value::Object(map)) => {
                for (key, value) in map {
                    self.at(path, &dotted(path, key), |checker, path| checker.value(value, values, path));
                }
            }
            (Type::Object(schema), Value::Object(map)) => self.object(map, schema, path),
            (Type::Map(_) | Type::Object(_), _) => self.wrong_type(path, "an object", value),
        }
    }

    fn object(&mut self, map: &serde_json::Map<String, Value>, schema: &Schema, path: &mut String) {
        for field in schema.fields {
            let suffix = dotted(path, field.wire);
            self.at(path, &suffix, |checker, path| match map.get(field.wire) {
                None if field.required => checker.report(path, "is required".into()),
                None => {}
                Some(Value::Null) if field.nullable || matches!(field.ty, Type::Any) => {}
                Some(Value::Null) => checker.report(path, "must not be null".into()),
                Some(value) => checker.value(value, &field.ty, path),
            });
        }
    }

    fn integer(&mut self, value: &Value, min: i64, max: i64, path: &str) {
        match value.as_i64() {
            Some(number) if (min..=max).contains(&number) => {}
            Some(number) => self.report(path, format!("must be {min} to {max}, not {number}")),
            None => self.wrong_type(path, "a whole number", value),
        }
    }

    fn length(&mut self, text: &str, min: u64, max: Option<u64>, path: &str) {
        let length = text.chars().count() as u64;
        if length < min {
            self.report(path, format!("must have at least {min} characters, not {length}"));
        }
        if let Some(max) = max.filter(|max| length > *max) {
            self.report(path, format!("must have at most {max} characters, not {length}"));
        }
    }

    /// Goes one step down and comes back.
    fn at(&mut self, path: &mut String, suffix: &str, then: impl FnOnce(&mut Self, &mut String)) {
        let length = path.len();
        path.push_str(suffix);
        then(self, path);
        path.truncate(length);
    }
}

fn dotted(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!(".{name}") }
}

/// A value in an error message: short, and never a whole body.
fn shown(value: &Value) -> String {
    match value {
        Value::Object(_) => "an object".into(),
        Value::Array(_) => "a list".into(),
        other => {
            let text = other.to_string();
            if text.chars().count() <= 64 {
                text
            } else {
                text.chars().take(64).chain("…".chars()).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::flag_values::UPDATE_EVALUATION_FORMULA;
    use crate::schema::products::CREATE_PRODUCT;
    use serde_json::json;

    fn messages(value: &Value, schema: &'static Schema) -> Vec<String> {
        check(value, &Type::Object(schema), Enums::Closed).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_the_field_the_limit_and_what_was_given() {
        let long = json!({ "name": "", "description": "x".repeat(1001), "order": 3_000_000_000_i64 });
        assert_eq!(
            messages(&long, &CREATE_PRODUCT),
            [
                "name: must have at least 1 characters, not 0",
                "description: must have at most 1000 characters, not 1001",
                "order: must be -2147483648 to 2147483647, not 3000000000",
            ]
        );
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(messages(&json!({ "name": "é".repeat(1000) }), &CREATE_PRODUCT).is_empty());
    }

    #[test]
    fn paths_lead_through_lists() {
        let body = json!({
            "defaultValue": { "boolValue": true },
            "targetingRules": [{ "conditions": [{ "userCondition": { "comparator": "isLike", "comparisonValue": {} } }] }]
        });
        let found = messages(&body, &UPDATE_EVALUATION_FORMULA);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            found[0],
            "targetingRules[0].conditions[0].userCondition.comparisonAttribute: is required"
        );
        assert!(
            found[1].starts_with("targetingRules[0].conditions[0].userCondition.comparator: must be one of")
        );
    }

    #[test]
    fn an_enum_value_of_a_newer_service_passes_the_client() {
        let body = json!({ "comparator": "isLike", "comparisonAttribute": "Email", "comparisonValue": {} });
        let ty = Type::Object(&crate::schema::flag_values::UPDATE_USER_CONDITION);
        assert!(check(&body, &ty, Enums::Open).is_empty());
        assert_eq!(check(&body, &ty, Enums::Closed).len(), 1);
    }

    #[test]
    fn uuids_have_their_form() {
        assert!(is_uuid("08d5a03c-feb7-af1e-a1fa-40b3329f8bed"));
        for text in ["", "08d5a03cfeb7af1ea1fa40b3329f8bed", "08d5a03c-feb7-af1e-a1fa-40b3329f8beg"] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
