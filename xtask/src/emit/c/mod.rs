//! Writes the typed functions of the C ABI: `bindings/ffi/src/generated/`, one file per resource, and the setters of
//! optional parameters. Their comments become those of the header.

mod contract;
mod operations;
mod params;

use super::{Context, File, rust};
use crate::model::names::{Language, Name};
use crate::model::{Api, IdKind, Type};
use anyhow::Result;
use std::fmt::Write;

const DIR: &str = "bindings/ffi/src/generated";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files: Vec<File> = cx.api.resources.iter().map(|r| operations::file(cx.api, r)).collect();
    files.push(params::file(cx.api)?);
    files.push(index(cx.api));
    files.extend(contract::files(cx)?);
    Ok(files)
}

fn index(api: &Api) -> File {
    let mut text = rust::header();
    text.push_str("//! A typed function per operation, and the setters of optional parameters.\n#![allow(clippy::too_many_arguments, reason = \"what an operation is given, and the answer and the error\")]\n\nmod params;\n");
    for resource in &api.resources {
        let _ = writeln!(text, "mod {};", resource.name.snake());
    }
    File { path: format!("{DIR}/mod.rs"), text }
}

/// What a parameter is in C.
enum Shape {
    Text,
    Boolean,
    Integer,
    Texts,
    Integers,
}

fn shape(api: &Api, ty: &Type) -> Shape {
    let whole = |ty: &Type| match ty {
        Type::Int32 { .. } | Type::Int64 => true,
        Type::Id(id) => matches!(api.id(id).map(|i| i.kind), Some(IdKind::Int32 | IdKind::Int64)),
        _ => false,
    };
    match ty {
        Type::Boolean => Shape::Boolean,
        Type::List(item) if whole(item) => Shape::Integers,
        Type::List(_) => Shape::Texts,
        ty if whole(ty) => Shape::Integer,
        _ => Shape::Text,
    }
}

fn ident(name: &Name) -> String {
    name.identifier(Language::C)
}
