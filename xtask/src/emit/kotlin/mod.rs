//! Writes what people who write Kotlin see of the resources: `bindings/ffi/kotlin/client/src/generated/`, suspending
//! functions and, for Java, functions that give futures. The models are what uniffi makes of the core's.

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
