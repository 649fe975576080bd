//! Mistakes in seeds: unknown names, with suggestions.

use configcat_management::call::suggestion;
use configcat_management::spec::validate::Violation;
use configcat_management::spec::{Schema, Type};
use serde_json::Value;

/// Returns the fields that their schemas do not have. `own` are further names for suggestions.
pub fn unknown_fields(value: &Value, ty: &Type, own: &[&str]) -> Vec<Violation> {
    let mut found = Vec::new();
    collect(value, ty, own, "", &mut found);
    found
}

fn collect(value: &Value, ty: &Type, own: &[&str], at: &str, found: &mut Vec<Violation>) {
    match (ty, value) {
        (Type::Object(schema), Value::Object(_)) => collect_members(value, schema, own, at, found),
        (Type::List(item), Value::Array(items)) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, item, &[], &format!("{at}[{index}]"), found);
            }
        }
        (Type::Map(item), Value::Object(members)) => {
            for (name, value) in members {
                collect(value, item, &[], &format!("{at}.{name}"), found);
            }
        }
        _ => {}
    }
}

fn collect_members(value: &Value, schema: &Schema, own: &[&str], at: &str, found: &mut Vec<Violation>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        match schema.fields.iter().find(|field| field.wire == name) {
            Some(field) => collect(value, &field.ty, &[], &path, found),
            None => {
                let known = schema.fields.iter().map(|field| field.wire).chain(own.iter().copied());
                let message = format!("unknown field{}", hint(suggestion(name, known)));
                found.push(Violation { path, message });
            }
        }
    }
}

/// Returns the message about a value that an enum does not know.
pub fn unknown_value<'a>(value: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let suggested = suggestion(value, known.clone());
    let known: Vec<&str> = known.into_iter().collect();
    let list =
        if suggested.is_none() { format!(", expected one of {}", known.join(", ")) } else { String::new() };
    format!("unknown value `{value}`{}{list}", hint(suggested))
}

fn hint(suggested: Option<&str>) -> String {
    suggested.map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}

/// Adds a suggestion to an error about an unknown field or variant, which lists all known names.
pub fn explained(message: &str) -> String {
    for what in ["field", "variant"] {
        let Some(rest) = message.strip_prefix("unknown ").and_then(|rest| rest.strip_prefix(what)) else {
            continue;
        };
        // The names are between backticks; the first is the unknown one.
        let mut names = rest.split('`').skip(1).step_by(2);
        let Some(name) = names.next() else { continue };
        let suggested = suggestion(name, names);
        if suggested.is_some() {
            let place = message.rfind(" at line ").and_then(|at| message.get(at..)).unwrap_or_default();
            return format!("unknown {what} `{name}`{}{place}", hint(suggested));
        }
    }
    message.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use configcat_management::schema::webhooks::WEBHOOK_INPUT;
    use serde_json::json;

    #[test]
    fn unknown_fields_are_found_at_every_depth() {
        let body = json!({ "url": "x", "webHookHeaders": [{ "key": "a", "isSecured": true }], "webhookid": 1, "?": 2 });
        let found = unknown_fields(&body, &Type::Object(&WEBHOOK_INPUT), &["webhookId"]);
        let found: Vec<_> = found.iter().map(|v| (v.path.as_str(), v.message.as_str())).collect();
        assert_eq!(
            found,
            [
                ("?", "unknown field"),
                ("webHookHeaders[0].isSecured", "unknown field, did you mean `isSecure`?"),
                ("webhookid", "unknown field, did you mean `webhookId`?"),
            ]
        );
    }

    #[test]
    fn suggestion_replaces_the_list_of_names() {
        let message = "unknown field `naem`, expected one of `id`, `name` at line 3 column 4";
        assert_eq!(explained(message), "unknown field `naem`, did you mean `name`? at line 3 column 4");
        assert_eq!(explained("unknown field `x`, expected `name`"), "unknown field `x`, expected `name`");
        assert_eq!(explained("missing field `name`"), "missing field `name`");
    }
}
