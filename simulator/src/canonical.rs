//! Converts requests to their canonical form: enum values in the case of the spec, numbers as JSON numbers.

use configcat_management::spec::{Schema, Type};
use serde_json::{Number, Value};

// Observed (command line tool): enum values are accepted in any case, in bodies, patches and query parameters, and are returned in
// the case of the OpenAPI document.
// Assumed: enum values in paths may have any case too.
// Observed (command line tool): a number may be sent as a string in a JSON Patch.
// Assumed: a number may be sent as a string in every other body too.

/// Converts a body to its canonical form. Values that do not fit their type are left for the validation.
pub fn body(value: &mut Value, ty: &Type) {
    match (ty, value) {
        (Type::Enum(known), Value::String(text)) => enum_value(text, known),
        (Type::Integer { .. } | Type::Number, value) => {
            if let Some(number) = value.as_str().and_then(number) {
                *value = Value::Number(number);
            }
        }
        (Type::List(item) | Type::Patch(item), Value::Array(items)) => {
            items.iter_mut().for_each(|value| body(value, item));
        }
        (Type::Map(item), Value::Object(members)) => {
            members.values_mut().for_each(|value| body(value, item));
        }
        (Type::Object(schema), value) => object(value, schema),
        _ => {}
    }
}

/// Returns the type of the value that a JSON Pointer into an object leads to.
pub fn type_at(schema: &'static Schema, tokens: impl Iterator<Item = impl AsRef<str>>) -> Option<Type> {
    let mut ty = Type::Object(schema);
    for token in tokens {
        ty = match ty {
            Type::Object(schema) => schema.fields.iter().find(|field| field.wire == token.as_ref())?.ty,
            Type::List(item) | Type::Map(item) | Type::Patch(item) => *item,
            _ => return None,
        };
    }
    Some(ty)
}

fn object(value: &mut Value, schema: &Schema) {
    let Some(members) = value.as_object_mut() else { return };
    for field in schema.fields {
        if let Some(value) = members.get_mut(field.wire) {
            body(value, &field.ty);
        }
    }
}

/// Converts a parameter, or an item of a list, to its canonical form.
pub fn parameter(text: &mut String, ty: &Type) {
    match ty {
        Type::Enum(known) => enum_value(text, known),
        Type::List(item) => parameter(text, item),
        _ => {}
    }
}

fn enum_value(text: &mut String, known: &[&str]) {
    if let Some(canonical) = known.iter().find(|known| known.eq_ignore_ascii_case(text)) {
        (*canonical).clone_into(text);
    }
}

/// Reads a string that holds a JSON number.
fn number(text: &str) -> Option<Number> {
    serde_json::from_str(text).ok().filter(|_| !text.starts_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use configcat_management::schema::settings::REPLACE_SETTING;
    use serde_json::json;

    #[test]
    fn strings_become_numbers_only_in_number_fields() {
        let mut value = json!({ "name": "5", "order": "7", "tags": ["46", "x", " 1", 2], "unknown": "1" });
        body(&mut value, &Type::Object(&REPLACE_SETTING));
        assert_eq!(value, json!({ "name": "5", "order": 7, "tags": [46, "x", " 1", 2], "unknown": "1" }));
    }

    #[test]
    fn enum_values_get_the_case_of_the_spec() {
        let ty = Type::List(&Type::Enum(&["isOneOf", "isNotOneOf"]));
        let mut value = json!(["ISONEOF", "isNotOneOf", "other", 1]);
        body(&mut value, &ty);
        assert_eq!(value, json!(["isOneOf", "isNotOneOf", "other", 1]));
        let mut text = "isnotoneof".to_owned();
        parameter(&mut text, &ty);
        assert_eq!(text, "isNotOneOf");
    }
}
