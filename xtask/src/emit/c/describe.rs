//! Descriptions of JSON in the header: the members of objects with their types, limits and the strings of enums.

use crate::emit::rust;
use crate::model::{Api, Direction, Field, IdKind, Schema, SchemaKind, Type};
use std::fmt::Write;

/// Largest number of strings of an enum that are listed where it is used; others are listed at the end of the header.
const FEW: usize = 12;

/// Lists the members of an object: name, type, whether it is required, what it is, limits.
pub fn members(api: &Api, schema: &Schema, indent: &str) -> String {
    let fields = match &schema.kind {
        SchemaKind::Object(fields) | SchemaKind::Value { fields, .. } => fields.as_slice(),
        SchemaKind::Enum(_) => &[],
    };
    fields.iter().fold(String::new(), |mut out, field| {
        let _ = writeln!(out, "{indent}- {}: {}", field.name.snake(), member(api, schema, field));
        out
    })
}

fn member(api: &Api, schema: &Schema, field: &Field) -> String {
    let null = if field.nullable { " or null" } else { "" };
    let required = match (schema.direction, field.required) {
        (Direction::Response, _) => "",
        (_, true) => ", required",
        (_, false) => ", optional",
    };
    format!("{}{null}{required}. {}", words(api, &field.ty), rust::field_doc(field))
}

/// Returns the type of a value in words.
pub fn words(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Boolean => "boolean".into(),
        Type::Int32 { .. } | Type::Int64 => "integer".into(),
        Type::Double => "number".into(),
        Type::String { .. } => "string".into(),
        Type::Uuid => "UUID".into(),
        Type::Timestamp => "timestamp (RFC 3339)".into(),
        Type::Any => "any JSON".into(),
        Type::BareValue => "boolean, string, integer or number".into(),
        Type::TaggedValue(name) => value(api, name),
        Type::List(item) => match &**item {
            Type::Model(name) => format!("list of {name} objects"),
            item => format!("list of {}", words(api, item)),
        },
        Type::Map(item) => format!("object with {} by name", words(api, item)),
        Type::Patch => "list of JSON Patch operations".into(),
        Type::Model(name) => format!("{name} object"),
        Type::Enum(name) => strings(api, name),
        Type::Id(name) => match api.id(name).map(|id| id.kind) {
            Some(IdKind::Uuid) => "id (UUID)".into(),
            Some(IdKind::Int32 | IdKind::Int64) => "id (integer)".into(),
            _ => "id (string)".into(),
        },
    }
}

/// Describes a flag value, which may be plain or an object.
fn value(api: &Api, name: &str) -> String {
    let variation =
        api.schema(name).and_then(variation).map_or("", |_| ", or an object with predefined_variation_id");
    format!("flag value (boolean, string, integer or number{variation})")
}

/// Returns the field of a flag value for the id of a predefined variation, if it has one.
fn variation(schema: &Schema) -> Option<&Field> {
    match &schema.kind {
        SchemaKind::Value { fields, .. } => {
            fields.iter().find(|field| field.name.snake() == "predefined_variation_id")
        }
        _ => None,
    }
}

/// Lists the members of a flag value with a predefined variation: C has one member for the value, whatever its type.
fn value_members(api: &Api, schema: &Schema, variation: &Field) -> String {
    let (optional, plain) = match schema.direction {
        Direction::Response => ("", ""),
        _ => (
            ", optional",
            " In requests, the plain value may stand for the object: true instead of {\"value\": true}.",
        ),
    };
    let id = member(api, schema, variation);
    let value =
        format!("boolean, string, integer, number or null{optional}. The value, of the flag's type.{plain}");
    format!("  - value: {value}\n  - {}: {id}\n", variation.name.snake())
}

/// Lists the strings of an enum, or says where they are.
fn strings(api: &Api, name: &str) -> String {
    match api.schema(name).map(|schema| &schema.kind) {
        Some(SchemaKind::Enum(values)) if values.len() <= FEW => {
            let mut quoted: Vec<String> =
                values.iter().map(|value| format!("\"{}\"", value.wire())).collect();
            let last = quoted.pop().unwrap_or_default();
            if quoted.is_empty() { last } else { format!("{} or {last}", quoted.join(", ")) }
        }
        _ => format!("string of {name}"),
    }
}

/// Returns the comment that describes all objects and the enums with many strings.
pub fn objects(api: &Api) -> String {
    let mut schemas: Vec<&Schema> = api.schemas.iter().collect();
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out = String::from(
        "/*\n * ---- Objects in requests and responses ----\n *\n * Members by the names that ccm_value_get() and request bodies take. Enums may get further strings in later versions of the service.\n",
    );
    for schema in schemas {
        let text = match &schema.kind {
            SchemaKind::Object(_) => members(api, schema, "  "),
            SchemaKind::Value { .. } => match variation(schema) {
                Some(variation) => value_members(api, schema, variation),
                None => continue,
            },
            SchemaKind::Enum(values) if values.len() > FEW => {
                let texts: Vec<String> = values.iter().map(|v| format!("\"{}\"", v.wire())).collect();
                lines(&texts)
            }
            _ => continue,
        };
        let _ = writeln!(out, " *\n * {}: {}", schema.name, schema.doc);
        for line in text.lines() {
            let _ = writeln!(out, " *{line}");
        }
    }
    out.push_str(" */");
    out
}

/// Joins strings, several to a line.
fn lines(texts: &[String]) -> String {
    let mut out = String::new();
    let mut line = String::from(" ");
    for (index, text) in texts.iter().enumerate() {
        let comma = if index + 1 < texts.len() { "," } else { "" };
        if line.len() + text.len() > 115 {
            let _ = writeln!(out, "{line}");
            line = String::from(" ");
        }
        let _ = write!(line, " {text}{comma}");
    }
    let _ = writeln!(out, "{line}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build;

    fn api() -> Api {
        build::read(include_str!("../../../../api/openapi.yaml"), "api/openapi.yaml")
            .map(|(_, api)| api)
            .expect("the spec")
    }

    #[test]
    fn members_have_types_strings_of_enums_and_limits() {
        let api = api();
        let text = members(&api, api.schema("CreateSetting").expect("a schema"), "  ");
        for line in [
            "  - name: string, required. Name. 1 to 255 characters.",
            "  - setting_type: \"boolean\", \"string\", \"int\" or \"double\", required. ",
            "  - hint: string or null, optional. ",
            "  - tags: list of id (integer) or null, optional. ",
            "  - initial_values: list of InitialValue objects or null, optional. ",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }

    #[test]
    fn flag_values_are_described_as_c_reads_them() {
        let text = objects(&api());
        let read = text.split("\n * FlagValue: ").nth(1).expect("a description");
        let value = " *  - value: boolean, string, integer, number or null. The value, of the flag's type.\n";
        assert!(
            read.starts_with(&format!(
                "A value of the flag's type, with its variation if it has one.\n{value}"
            )),
            "{read}"
        );
        let sent = text.split("\n * UpdateFlagValue: ").nth(1).expect("a description");
        assert!(
            sent.lines().nth(1).is_some_and(|line| line.ends_with("true instead of {\"value\": true}.")),
            "{sent}"
        );
    }

    #[test]
    fn every_object_that_is_named_is_described() {
        let text = objects(&api());
        for name in text.split_whitespace().zip(text.split_whitespace().skip(1)) {
            if let (name, "object" | "objects" | "object," | "objects,") = name
                && name.starts_with(char::is_uppercase)
            {
                assert!(text.contains(&format!("\n * {name}: ")), "{name}");
            }
        }
    }

    #[test]
    fn objects_and_long_enums_are_described_once() {
        let text = objects(&api());
        assert_eq!(text.matches("\n * Setting: ").count(), 1);
        assert_eq!(text.matches("\n * UserComparator: ").count(), 1);
        assert!(text.contains("\"isOneOf\""), "{text}");
        assert!(!text.trim_start_matches("/*").trim_end_matches("*/").contains("*/"));
    }
}
