//! Reads the spec and checks it: what is wrong in it is an error here, not in an emitter.

use super::keys;
use super::place::place;
use super::reader::Reader;
use super::types::Api;
use anyhow::{Result, anyhow};
use serde_json::Value;

/// Reads the YAML (or JSON) text of an OpenAPI document.
pub fn parse(text: &str) -> Result<Value> {
    serde_saphyr::from_str(text).map_err(|e| anyhow!("not a YAML document: {e}"))
}

/// Builds the model from a parsed description.
pub fn build(doc: &Value) -> Result<Api> {
    keys::check(doc)?;
    let reader = Reader::new(doc)?;
    let resources = reader.resources()?;
    let mut schemas = reader.schemas()?;
    place(&resources, &mut schemas)?;
    Ok(Api { resources, schemas, ids: reader.ids })
}
