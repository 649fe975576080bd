//! Writes the Kotlin API of the resources: `bindings/ffi/kotlin/client/src/generated/`, with suspending functions and, for
//! Java, functions that return futures. uniffi generates the models from those of the core.

mod common;
mod constants;
mod contract;
mod edits;
mod resources;
mod rules;

use super::{Context, File};
use anyhow::Result;
pub use common::configuration;
use common::{DIR, MODELS, View, doc, header, ident, list, named, ty};

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let edits = super::edits::all(cx)?;
    let mut files = resources::files(cx.api, &edits)?;
    files.push(edits::file(&edits));
    files.push(rules::attribute(cx)?);
    files.push(rules::variants(cx));
    files.push(constants::file(cx));
    files.extend(contract::files(cx)?);
    Ok(files)
}
