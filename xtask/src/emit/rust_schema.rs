//! Writes the description as Rust constants: `core/src/generated/schema/`, one file per resource.
//!
//! They serve whoever works by name: the check of requests, dynamic callers, Python, the simulator.

use super::rust::{self, ident};
use super::{Context, File};
use crate::model::names::Name;
use crate::model::{Api, Field, IdKind, Location, Operation, Resource, Schema, SchemaKind, Type};
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write;

const DIR: &str = "core/src/generated/schema";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut schemas: BTreeMap<&str, Vec<&Schema>> = BTreeMap::new();
    for schema in &cx.api.schemas {
        let home = if schema.home.is_empty() { "predefined_variations" } else { schema.home.as_str() };
        schemas.entry(home).or_default().push(schema);
    }
    let mut files: Vec<File> = cx
        .api
        .resources
        .iter()
        .map(|r| file(cx.api, r, schemas.get(r.name.snake().as_str()).map_or(&[], Vec::as_slice)))
        .collect();
    files.push(index(cx.api));
    Ok(files)
}

fn index(api: &Api) -> File {
    let mut text = rust::header();
    text.push_str("//! The description as constants, one module per resource.\n\nuse crate::describe::Operation;\n\n");
    for resource in &api.resources {
        let _ = writeln!(text, "pub mod {};", resource.name.snake());
    }
    let _ = writeln!(
        text,
        "\n/// Every operation, in the order of the description; an operation's `index` is its place here.\npub static OPERATIONS: [&Operation; {}] = [",
        api.operations().count()
    );
    for (resource, op) in api.operations() {
        let _ = writeln!(text, "&{}::{},", resource.name.snake(), op.name.screaming());
    }
    text.push_str("];\n");
    File { path: format!("{DIR}/mod.rs"), text }
}

fn file(api: &Api, resource: &Resource, schemas: &[&Schema]) -> File {
    let mut text = rust::header();
    let _ = writeln!(
        text,
        "//! `{}`: operations and schemas.\n#![allow(unused_imports, reason = \"one list serves all of these files\")]\n\nuse crate::describe::{{Field, Http, Location, Operation, Parameter, Schema, Type}};\n",
        resource.name.snake()
    );
    let mut index = 0;
    for (r, op) in api.operations() {
        if r.name == resource.name {
            operation(&mut text, api, resource, op, index);
        }
        index += 1;
    }
    for schema in schemas {
        match &schema.kind {
            SchemaKind::Object(fields) | SchemaKind::Value { bare: false, fields, .. } => {
                structure(&mut text, api, schema, fields);
            }
            SchemaKind::Enum(values) => {
                let values: Vec<String> = values.iter().map(|v| format!("\"{}\"", v.wire())).collect();
                let _ = writeln!(
                    text,
                    "/// Values of [`{0}`](crate::models::{0}).\npub static {1}: [&str; {2}] = [{3}];\n",
                    schema.name,
                    Name::new(&schema.name).screaming(),
                    values.len(),
                    values.join(", ")
                );
            }
            SchemaKind::Value { .. } => {}
        }
    }
    File { path: format!("{DIR}/{}.rs", resource.name.snake()), text }
}

fn operation(text: &mut String, api: &Api, resource: &Resource, op: &Operation, index: usize) {
    let mut params = String::new();
    for p in &op.params {
        let location = match p.location {
            Location::Path => "Path",
            Location::Query => "Query",
            Location::Header => "Header",
        };
        let _ = writeln!(
            params,
            "Parameter {{ name: \"{}\", wire: \"{}\", location: Location::{location}, ty: {} }},",
            p.name.snake(),
            p.name.wire(),
            ty(api, &p.ty)
        );
    }
    let body = op.body.as_ref().map_or("None".into(), |b| format!("Some({})", ty(api, &b.ty)));
    let statuses: Vec<String> = op.answers.iter().map(|a| a.status.to_string()).collect();
    let answer = op.result().0.map_or("None".into(), |t| format!("Some({})", ty(api, t)));
    let _ = writeln!(
        text,
        "/// {doc}\npub static {constant}: Operation = Operation {{\nindex: {index},\nid: \"{res}.{method}\",\noperation_id: \"{oid}\",\nresource: \"{res}\",\nmethod: \"{method}\",\nhttp: Http::{http},\npath: \"{path}\",\nsummary: \"{doc}\",\nidempotent: {idem},\ndeprecated: {dep},\nparameters: &[{params}],\nbody: {body},\nbody_required: {req},\nstatuses: &[{st}],\nanswer: {answer},\n}};\n",
        doc = op.doc,
        constant = op.name.screaming(),
        res = resource.name.snake(),
        method = op.name.snake(),
        oid = op.operation_id,
        http = Name::new(&op.http_method.to_lowercase()).pascal(),
        path = op.path,
        idem = op.idempotent,
        dep = op.deprecated,
        req = op.body.as_ref().is_some_and(|b| b.required),
        st = statuses.join(", "),
    );
}

fn structure(text: &mut String, api: &Api, schema: &Schema, fields: &[Field]) {
    let constant = Name::new(&schema.name).screaming();
    let _ = writeln!(
        text,
        "/// {}\npub static {constant}: Schema = Schema {{ name: \"{}\", wire: \"{}\", fields: &[",
        schema.doc, schema.name, schema.wire
    );
    for f in fields {
        let _ = writeln!(
            text,
            "Field {{ name: \"{}\", wire: \"{}\", required: {}, nullable: {}, ty: {} }},",
            f.name.snake(),
            f.name.wire(),
            f.required,
            f.nullable,
            ty(api, &f.ty)
        );
    }
    text.push_str("] };\n\n");
    debug_assert!(!ident(&Name::new(&schema.name)).is_empty());
}

fn ty(api: &Api, t: &Type) -> String {
    let option = |v: Option<String>| v.map_or("None".to_owned(), |v| format!("Some({v})"));
    let place = |name: &str| {
        let home = api.schema(name).map_or("", |s| s.home.as_str());
        format!("&super::{home}::{}", Name::new(name).screaming())
    };
    match t {
        Type::Boolean => "Type::Boolean".into(),
        Type::Int32 { min, max } => format!(
            "Type::Integer {{ min: {}, max: {} }}",
            min.map_or("i32::MIN as i64".into(), |v| v.to_string()),
            max.map_or("i32::MAX as i64".into(), |v| v.to_string())
        ),
        Type::Int64 => "Type::Integer { min: i64::MIN, max: i64::MAX }".into(),
        Type::Double => "Type::Number".into(),
        Type::Text { min, max } => format!(
            "Type::Text {{ min: {}, max: {} }}",
            min.unwrap_or(0),
            option(max.map(|v| v.to_string()))
        ),
        Type::Uuid => "Type::Uuid".into(),
        Type::Timestamp => "Type::Timestamp".into(),
        Type::Any => "Type::Any".into(),
        Type::BareValue => "Type::Value".into(),
        Type::TaggedValue => "Type::Object(&super::predefined_variations::PREDEFINED_VARIATION_VALUE)".into(),
        Type::List(inner) => format!("Type::List(&{})", ty(api, inner)),
        Type::Map(inner) => format!("Type::Map(&{})", ty(api, inner)),
        Type::Patch => format!("Type::Patch(&{})", ty(api, &Type::Model("PatchOperation".into()))),
        Type::Model(name) => format!("Type::Object({})", place(name)),
        Type::Enum(name) => format!("Type::Enum({})", place(name)),
        Type::Id(name) => match api.id(name).map(|i| i.kind) {
            Some(IdKind::Uuid) => "Type::Uuid".into(),
            Some(IdKind::Int32) => ty(api, &Type::Int32 { min: None, max: None }),
            Some(IdKind::Int64) => ty(api, &Type::Int64),
            Some(IdKind::Text) | None => ty(api, &Type::Text { min: None, max: None }),
        },
    }
}
