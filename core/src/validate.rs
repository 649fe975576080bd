//! Checks JSON against the description: what the client does before it sends, and the simulator when it receives.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::Schema;
    use crate::schema::flag_values::UPDATE_EVALUATION_FORMULA;
    use crate::schema::products::CREATE_PRODUCT;
    use serde_json::json;

    fn messages(value: &Value, schema: &'static Schema) -> Vec<String> {
        let ty = Type::Object(schema);
        let found = check(value, &ty, Enums::Closed);
        assert_eq!(check_written(value.to_string().as_bytes(), &ty, Enums::Closed), found);
        found.iter().map(ToString::to_string).collect()
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
    fn what_is_missing_stands_in_its_place_and_not_at_the_end() {
        let body = json!({ "targetingRules": 5, "percentageEvaluationAttribute": true });
        assert_eq!(
            messages(&body, &UPDATE_EVALUATION_FORMULA),
            [
                "defaultValue: is required",
                "targetingRules: must be a list, not 5",
                "percentageEvaluationAttribute: must be a text, not true",
            ]
        );
    }

    #[test]
    fn a_wrong_type_is_shown_short() {
        let shown = |name: Value| messages(&json!({ "name": name }), &CREATE_PRODUCT);
        assert_eq!(shown(json!(null)), ["name: must not be null"]);
        assert_eq!(shown(json!([{}, 1])), ["name: must be a text, not a list"]);
        assert_eq!(shown(json!({ "a": [] })), ["name: must be a text, not an object"]);
        assert_eq!(shown(json!(-1.5)), ["name: must be a text, not -1.5"]);
        let long = json!({ "name": "x", "order": "\"".repeat(70) });
        let quotes = "\\\"".repeat(31);
        assert_eq!(
            messages(&long, &CREATE_PRODUCT),
            [format!("order: must be a whole number, not \"{quotes}\\…")]
        );
    }

    #[test]
    fn a_parameter_is_a_text_of_some_type() {
        const WHOLE: Type = Type::Integer { min: 1, max: 100 };
        for (ty, text, problem) in [
            (Type::List(&WHOLE), "7", None),
            (WHOLE, "100", None),
            (WHOLE, "101", Some("pageSize: must be 1 to 100, not 101")),
            (WHOLE, "many", Some("pageSize: must be a whole number, not \"many\"")),
            (Type::Boolean, "True", None),
            (Type::Boolean, "yes", Some("pageSize: must be a boolean, not \"yes\"")),
            (Type::Text { min: 0, max: None }, "true", None),
        ] {
            let found = check_text("pageSize", text, &ty, Enums::Closed);
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert_eq!(found, problem.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn uuids_have_their_form() {
        assert!(is_uuid("08d5a03c-feb7-af1e-a1fa-40b3329f8bed"));
        for text in ["", "08d5a03cfeb7af1ea1fa40b3329f8bed", "08d5a03c-feb7-af1e-a1fa-40b3329f8beg"] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
