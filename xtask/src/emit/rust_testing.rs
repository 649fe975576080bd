//! Writes default values of the models of responses, for tests of users: `core/src/generated/testing.rs`.

use super::rust::{self, ident};
use super::{Context, File};
use crate::model::{Api, Direction, Field, IdKind, Schema, SchemaKind, Type};
use anyhow::{Context as _, Result, bail};
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut text = rust::header();
    text.push_str(
        "//! Default values of the models of responses, for tests.\n\nuse crate::models::{self, Extra};\n\n",
    );
    for schema in cx.api.schemas.iter().filter(|schema| schema.direction == Direction::Response) {
        let SchemaKind::Object(fields) = &schema.kind else { continue };
        let value = value(cx.api, schema, fields).with_context(|| schema.name.clone())?;
        let _ = writeln!(
            text,
            "impl Default for models::{} {{\nfn default() -> Self {{ {value} }}\n}}\n",
            schema.name
        );
    }
    Ok(vec![File { path: "core/src/generated/testing.rs".into(), text }])
}

fn value(api: &Api, schema: &Schema, fields: &[Field]) -> Result<String> {
    if schema.one_of {
        return Ok("Self::Unknown(Extra::new())".into());
    }
    let mut text = "Self {".to_owned();
    for field in fields {
        let value =
            if !field.required || field.nullable { "None".to_owned() } else { plain(api, &field.ty)? };
        let _ = write!(text, "{}: {value},", ident(&field.name));
    }
    Ok(text + "extra: Extra::new() }")
}

/// Returns the expression of the default value of a type.
fn plain(api: &Api, ty: &Type) -> Result<String> {
    Ok(match ty {
        Type::Boolean => "false".into(),
        Type::Int32 { .. } | Type::Int64 => "0".into(),
        Type::Double => "0.0".into(),
        Type::String { .. } | Type::Uuid => "String::new()".into(),
        Type::Timestamp => "models::Timestamp::EPOCH".into(),
        Type::Any => "serde_json::Value::Null".into(),
        Type::BareValue | Type::TaggedValue(_) => "models::SettingValue::Boolean(false)".into(),
        Type::List(_) => "Vec::new()".into(),
        Type::Map(_) => "std::collections::BTreeMap::new()".into(),
        Type::Patch => bail!("a response has no patch"),
        Type::Model(name) => format!("models::{name}::default()"),
        Type::Enum(name) => {
            let Some(SchemaKind::Enum(values)) = api.schema(name).map(|schema| &schema.kind) else {
                bail!("{name} is not an enum")
            };
            format!("models::{name}::{}", values.first().context("an enum without values")?.variant())
        }
        Type::Id(name) => match api.id(name).map(|id| id.kind) {
            Some(IdKind::Int32 | IdKind::Int64) => format!("models::{name}::new(0)"),
            _ => format!("models::{name}::new(\"\")"),
        },
    })
}
