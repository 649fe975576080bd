//! Writes the Swift API of the resources: `bindings/ffi/swift/Sources/ConfigCatManagement/Generated/`. uniffi generates the
//! models from those of the core.

mod common;
mod contract;
mod edits;
mod enums;
mod resources;
mod rules;

use super::{Context, File};
use anyhow::Result;
pub use common::configuration;
use common::{DIR, header, ident, identifiers, list, ty};

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let edits = super::edits::all(cx)?;
    let mut files = resources::files(cx.api, &edits)?;
    files.push(edits::file(&edits));
    files.extend(rules::files(cx)?);
    files.push(identifiers(cx.api));
    files.push(enums::file(cx));
    files.extend(contract::files(cx)?);
    Ok(files)
}
