//! Writes the contract vectors as Rust calls, each as the code that a user would write.

use super::contract::{operation, sources};
use super::rust::{self, ident};
use super::{Context, File};
use crate::model::{Api, Direction, Field, IdKind, SchemaKind, Type};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fmt::Write;

const DIR: &str = "tests/rust/generated";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut index = rust::header();
    index.push_str("//! The contract vectors as calls, one module per file of vectors.\n\n");
    for source in sources(cx)? {
        let name = source.name.snake();
        files.push(file(cx.api, &name, &source.file, &source.vectors)?);
        let _ = writeln!(index, "mod {name};");
    }
    files.push(File { path: format!("{DIR}/mod.rs"), text: index });
    Ok(files)
}

fn file(api: &Api, module: &str, source: &str, vectors: &[Value]) -> Result<File> {
    let mut text = rust::header();
    let _ = writeln!(
        text,
        "//! Calls of `tests/contract/{source}.json`.\n#![allow(deprecated, reason = \"operations for old clients are called too\")]\n#![allow(unused_imports, reason = \"one list serves all of these files\")]\n\nuse crate::support::Vector;\nuse configcat_management::Field;\nuse configcat_management::models::*;\nuse serde_json::json;\n"
    );
    for (i, vector) in vectors.iter().enumerate() {
        let name = vector["name"].as_str().context("a vector has no name")?;
        let call = call(api, vector).with_context(|| name.to_owned())?;
        let _ = writeln!(
            text,
            "#[tokio::test]\nasync fn {}() {{\nlet vector = Vector::start(\"{source}\", {i}).await;\nlet client = vector.client();\nlet result = {call}.await;\nvector.check(result);\n}}\n",
            function(name)
        );
    }
    Ok(File { path: format!("{DIR}/{module}.rs"), text })
}

fn function(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    plain.to_lowercase()
}

fn call(api: &Api, vector: &Value) -> Result<String> {
    let (resource, op) = operation(api, vector)?;
    let given = &vector["arguments"];
    let mut arguments = Vec::new();
    for param in op.path_params() {
        arguments.push(expression(api, &param.ty, &given[param.name.snake()])?);
    }
    if let Some(body) = &op.body {
        let value = match &body.ty {
            Type::Patch => expression(api, &body.ty, &given["patch"])?,
            ty => expression(api, ty, given)?,
        };
        let sent = body.required || !vector["request"]["body"].is_null();
        arguments.push(if sent { value } else { "None".into() });
    }
    let mut text =
        format!("client.{}().{}({})", resource.name.snake(), ident(&op.name), arguments.join(", "));
    for param in op.optional_params() {
        let value = &given[param.name.snake()];
        if !value.is_null() {
            let _ = write!(text, ".{}({})", ident(&param.name), expression(api, &param.ty, value)?);
        }
    }
    Ok(text)
}

/// Returns the expression that constructs a value.
fn expression(api: &Api, ty: &Type, value: &Value) -> Result<String> {
    Ok(match ty {
        Type::Boolean | Type::Int32 { .. } | Type::Int64 => value.to_string(),
        Type::Double => format!("{:?}", value.as_f64().context("not a number")?),
        Type::String { .. } | Type::Uuid => format!("{}.to_owned()", quoted(value)?),
        Type::Timestamp => format!("{}.parse::<Timestamp>().unwrap()", quoted(value)?),
        Type::Any => format!("json!({value})"),
        Type::BareValue | Type::TaggedValue(_) => match value {
            Value::String(_) => format!("SettingValue::from({})", quoted(value)?),
            _ => format!("SettingValue::from({value})"),
        },
        Type::List(inner) => {
            let items = value.as_array().context("not a list")?.iter().map(|v| expression(api, inner, v));
            let items = items.collect::<Result<Vec<_>>>()?;
            if items.is_empty() {
                format!("Vec::<{}>::new()", rust::ty(inner))
            } else {
                format!("vec![{}]", items.join(", "))
            }
        }
        Type::Map(inner) => {
            let entries = value.as_object().context("not an object")?.iter();
            let entries = entries.map(|(k, v)| Ok(format!("({k:?}, {})", expression(api, inner, v)?)));
            format!("[{}]", entries.collect::<Result<Vec<_>>>()?.join(", "))
        }
        Type::Patch => {
            let operations = value.as_array().context("not a list")?.iter();
            let operations = operations.map(|v| expression(api, &Type::Model("PatchOperation".into()), v));
            format!("JsonPatch::from(vec![{}])", operations.collect::<Result<Vec<_>>>()?.join(", "))
        }
        Type::Id(id) => match api.id(id).map(|i| i.kind) {
            Some(IdKind::Int32 | IdKind::Int64) => format!("{id}::from({value})"),
            _ => format!("{id}::from({})", quoted(value)?),
        },
        Type::Enum(name) => format!("{name}::from({})", quoted(value)?),
        Type::Model(name) => model(api, name, value)?,
    })
}

fn quoted(value: &Value) -> Result<String> {
    Ok(format!("{:?}", value.as_str().with_context(|| format!("{value} is not a string"))?))
}

fn model(api: &Api, name: &str, value: &Value) -> Result<String> {
    let schema = api.schema(name).with_context(|| format!("no schema {name}"))?;
    let SchemaKind::Object(fields) = &schema.kind else {
        return Ok(match value.get("predefined_variation_id") {
            Some(id) => format!("UpdateFlagValue::variation({})", quoted(id)?),
            None => {
                let plain = value.get("value").unwrap_or(value);
                format!("UpdateFlagValue::from({})", expression(api, &Type::BareValue, plain)?)
            }
        });
    };
    if schema.direction != Direction::Request {
        bail!("{name} is not sent");
    }
    if let Some((schema, fields)) = api.one_of(name) {
        let set = fields.iter().find_map(|f| Some((f, value.get(f.name.snake())?)));
        let (set, given) = set.with_context(|| format!("no member of {name} is set"))?;
        return Ok(format!("{name}::{}({})", schema.variant(set), expression(api, &set.ty, given)?));
    }
    let required = fields.iter().filter(|f| f.required);
    let required = required.map(|f| field(api, f, &value[f.name.snake()])).collect::<Result<Vec<_>>>()?;
    let mut text = format!("{name}::new({})", required.join(", "));
    for f in fields.iter().filter(|f| !f.required) {
        if let Some(given) = value.get(f.name.snake()) {
            let _ = write!(text, ".{}({})", ident(&f.name), field(api, f, given)?);
        }
    }
    Ok(text)
}

fn field(api: &Api, field: &Field, value: &Value) -> Result<String> {
    if value.is_null() && field.nullable {
        return Ok(if field.required { "None".into() } else { "Field::Null".into() });
    }
    expression(api, &field.ty, value).with_context(|| field.name.snake())
}
