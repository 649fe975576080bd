//! Writes the Python bindings: resources, models and enums, their types for type checkers, and the response decoder.

mod clients;
mod common;
mod decoder;
mod enums;
mod every_method;
mod inputs;
mod methods;
mod models;
mod nested;
mod resources;
mod rules;
mod text;
mod types;

use super::{Context, File};
use anyhow::Result;
use common::{
    DIR, Flavor, WIDTH, about, body_fields, enum_names, header, id_type, ident, input_type, like,
    object_fields, output_type, result_type,
};

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = resources::emit(cx)?;
    files.extend(clients::emit(cx)?);
    files.push(enums::emit(cx));
    files.push(inputs::emit(cx));
    files.push(types::emit(cx));
    files.push(rules::emit(cx)?);
    files.extend(models::emit(cx));
    files.push(decoder::emit(cx));
    files.push(every_method::emit(cx)?);
    Ok(files)
}
