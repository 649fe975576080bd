//! Writes the Kotlin API of the resources: `bindings/ffi/kotlin/client/src/generated/`, with suspending functions and, for
//! Java, functions that return futures. uniffi generates the models from those of the core.

mod common;
mod contract;
mod resources;

use super::{Context, File};
use anyhow::Result;
pub use common::configuration;
use common::{DIR, MODELS, doc, header, ident, named, ty};

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = resources::files(cx.api)?;
    files.extend(contract::files(cx)?);
    Ok(files)
}
