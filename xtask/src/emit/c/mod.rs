//! Writes the typed functions of the C ABI: `bindings/ffi/src/generated/`, one file per resource, and the setters of
//! optional parameters. Their doc comments are copied to the header.

mod common;
mod contract;
mod describe;
mod operations;
mod params;

use super::{Context, File, rust};
use crate::model::Api;
use anyhow::Result;
use common::{DIR, Shape, ident, shape};
pub use describe::objects;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files: Vec<File> = cx.api.resources.iter().map(|r| operations::file(cx.api, r)).collect();
    files.push(params::file(cx.api)?);
    files.push(index(cx.api));
    files.extend(contract::files(cx)?);
    Ok(files)
}

fn index(api: &Api) -> File {
    let mut text = rust::header();
    text.push_str("//! A typed function per operation, and the setters of optional parameters.\n#![allow(clippy::too_many_arguments, reason = \"what an operation is given, and the response and the error\")]\n#![allow(clippy::doc_lazy_continuation, reason = \"the comments are for the C header, whose tools know @param\")]\n\nmod params;\n");
    for resource in &api.resources {
        let _ = writeln!(text, "mod {};", resource.name.snake());
    }
    File { path: format!("{DIR}/mod.rs"), text }
}
