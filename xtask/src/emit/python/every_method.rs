//! Writes a file that calls every method, for type checkers. Its types come from the spec.

use super::methods::{Argument, Method};
use super::text::import_list;
use super::{Flavor, header, ident, object_fields};
use crate::emit::{Context, File};
use crate::model::{Operation, Resource, SchemaKind, Type};
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<File> {
    let mut body = String::new();
    for flavor in Flavor::BOTH {
        for resource in &cx.api.resources {
            let (def, prefix) = match flavor {
                Flavor::Sync => ("def", ""),
                Flavor::Async => ("async def", "async_"),
            };
            let name = resource.name.snake();
            let client = format!("{}Client", flavor.prefix());
            let _ = write!(body, "\n\n{def} {prefix}{name}(client: {client}) -> None:\n");
            for op in &resource.operations {
                calls(cx, resource, op, flavor, &mut body)?;
            }
        }
    }
    let mut text = header();
    text.push_str("\"\"\"Calls every method of both clients, for type checkers. This file is never run.\"\"\"\n\n# pyright: reportUnusedVariable=false, reportDeprecated=false\n\nfrom __future__ import annotations\n\nfrom datetime import datetime, timezone\n\n");
    let names = ["AsyncClient", "Client", "ModelList", "Response", "enums", "models"].map(str::to_owned);
    text.push_str(&import_list("from configcat_management import", &names));
    text.push_str(&body);
    Ok(File { path: "tests/python/generated/every_method.py".into(), text })
}

fn calls(
    cx: &Context<'_>,
    resource: &Resource,
    op: &Operation,
    flavor: Flavor,
    out: &mut String,
) -> Result<()> {
    let method = Method::new(cx, resource, op)?;
    let types = types_of(cx, op);
    let value = |a: &Argument| match types.get(&a.name) {
        Some(ty) => sample(cx, ty),
        None if a.name == "headers" => r#"{"X-Team": "x"}"#.to_owned(),
        None => "1".to_owned(),
    };
    let mut given: Vec<String> = method.positional.iter().map(value).collect();
    given.extend(method.keywords.iter().map(|a| format!("{}={}", a.name, value(a))));
    let call = format!("{}.{}({})", ident(&resource.name), ident(&op.name), given.join(", "));
    let wait = if flavor == Flavor::Async { "await " } else { "" };
    if method.result == "None" {
        let _ = writeln!(out, "    {wait}client.{call}");
    } else {
        let _ = writeln!(out, "    {}: {} = {wait}client.{call}", op.name.snake(), method.result);
    }
    let _ = writeln!(
        out,
        "    {}_response: Response[{}] = {wait}client.with_response.{call}",
        op.name.snake(),
        method.result
    );
    Ok(())
}

fn types_of<'a>(cx: &'a Context<'_>, op: &'a Operation) -> BTreeMap<String, Type> {
    let params = op.params.iter().map(|p| (ident(&p.name), p.ty.clone()));
    let fields = super::body_fields(cx, op).iter().map(|f| (ident(&f.name), f.ty.clone()));
    params.chain(fields).chain([("patch".to_owned(), Type::Patch)]).collect()
}

/// Returns an expression of a type.
fn sample(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Boolean | Type::BareValue | Type::TaggedValue(_) => "True".into(),
        Type::Int32 { .. } | Type::Int64 => "1".into(),
        Type::Double => "1.5".into(),
        Type::String { .. } | Type::Uuid | Type::Any => "\"x\"".into(),
        Type::Timestamp => "datetime.now(timezone.utc)".into(),
        Type::List(item) => format!("[{}]", sample(cx, item)),
        Type::Map(item) => format!("{{\"x\": {}}}", sample(cx, item)),
        Type::Patch => "[models.PatchOperation(op=\"remove\", path=\"/x\")]".into(),
        Type::Id(name) if super::id_type(cx, name) == "int" => "1".into(),
        Type::Id(_) => "\"x\"".into(),
        Type::Enum(name) => match cx.api.schema(name).map(|s| &s.kind) {
            Some(SchemaKind::Enum(values)) => {
                format!("enums.{name}.{}", values.first().map(|v| v.member()).unwrap_or_default())
            }
            _ => "\"x\"".into(),
        },
        Type::Model(name) => {
            let fields = object_fields(cx, name);
            if fields.is_empty() {
                return "True".into();
            }
            let given: Vec<String> = fields
                .iter()
                .filter(|f| f.required)
                .map(|f| format!("{}={}", ident(&f.name), sample(cx, &f.ty)))
                .collect();
            format!("models.{name}({})", given.join(", "))
        }
    }
}
