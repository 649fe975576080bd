//! Writes the typed C++ API on top of the C ABI: `include/configcat_management/generated/`, models and resources, one header per
//! resource. The headers that they build on are hand-written, in the parent directory.

mod common;
mod contract;
mod edit;
mod ids;
mod models;
mod resources;
mod rules;

use super::{Context, File, edits};
use anyhow::Result;
use common::{DIR, argument, declared, header, id_repr, ident, is_small, setter, ty};

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let homes = models::Homes::of(cx.api);
    let edits = edits::all(cx)?;
    let mut files = models::files(cx.api, &homes, &edits);
    files.extend(cx.api.resources.iter().map(|resource| resources::file(cx.api, &homes, resource, &edits)));
    files.extend(resources::client(cx.api));
    files.push(ids::file(cx.api));
    files.push(rules::file(cx)?);
    files.push(contract::file(cx.api));
    Ok(files)
}
