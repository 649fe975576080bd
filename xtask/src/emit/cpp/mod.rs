//! Writes the typed C++ over the C ABI: `include/configcat_management/generated/`, models and resources, one header per
//! resource. What they are made with is written by hand beside that folder.

mod common;
mod contract;
mod models;
mod resources;

use super::{Context, File};
use anyhow::Result;
use common::{DIR, argument, declared, header, ident, ty};

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let homes = models::Homes::of(cx.api);
    let mut files = models::files(cx.api, &homes);
    files.extend(cx.api.resources.iter().map(|resource| resources::file(cx.api, &homes, resource)));
    files.extend(resources::client(cx.api));
    files.push(contract::file(cx.api));
    Ok(files)
}
