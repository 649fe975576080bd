//! Parses and validates the spec, so that errors in it are reported here and not in an emitter.

use super::keys;
use super::lines::Lines;
use super::place::place;
use super::reader::Reader;
use super::types::Api;
use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;

/// Parses an OpenAPI document in YAML or JSON.
pub fn parse(text: &str) -> Result<Value> {
    serde_saphyr::from_str(text).map_err(|e| anyhow!("not a YAML document: {e}"))
}

/// Parses and validates the spec. An error names the file and the line of the invalid operation or schema.
pub fn read(text: &str, file: &str) -> Result<(Value, Api)> {
    let document = parse(text).context(file.to_owned())?;
    match build(&document) {
        Ok(api) => Ok((document, api)),
        Err(error) => {
            let lines = Lines::of(text);
            let line = error.chain().find_map(|cause| lines.find(&cause.to_string()));
            let place = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
            Err(error.context(place))
        }
    }
}

/// Builds the model from a parsed spec.
pub fn build(doc: &Value) -> Result<Api> {
    keys::check(doc)?;
    let reader = Reader::new(doc)?;
    let resources = reader.resources()?;
    let mut schemas = reader.schemas()?;
    place(&resources, &mut schemas)?;
    Ok(Api { resources, schemas, ids: reader.ids })
}
