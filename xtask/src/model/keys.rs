//! Keys that the spec may use. Unknown keys are errors because a misspelt key would be ignored: `nulable: true` would
//! generate a field that is never null.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const DOCUMENT: &[&str] =
    &["openapi", "info", "servers", "security", "x-resources", "x-ids", "paths", "components"];
const COMPONENTS: &[&str] = &["schemas", "securitySchemes"];
const ID: &[&str] = &["type", "scope", "description", "fields"];
const PATH: &[&str] = &["get", "post", "put", "delete", "patch"];
const OPERATION: &[&str] = &[
    "operationId",
    "x-resource",
    "x-method",
    "x-right",
    "x-idempotent",
    "x-find",
    "x-paginated",
    "summary",
    "deprecated",
    "parameters",
    "requestBody",
    "responses",
];
const PAGES: &[&str] = &["page", "size", "items", "paging"];
const PARAMETER: &[&str] =
    &["name", "x-name", "x-scope", "in", "required", "description", "schema", "style", "explode"];
const BODY: &[&str] = &["required", "content"];
const RESPONSE: &[&str] = &["description", "content"];
const MEDIA: &[&str] = &["schema"];
const MEDIA_TYPES: &[&str] = &["application/json", "text/json", "application/*+json"];
const SCHEMA: &[&str] = &[
    "$ref",
    "x-name",
    "x-union",
    "x-takes",
    "description",
    "type",
    "format",
    "nullable",
    "readOnly",
    "default",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
];

/// Fails if an object of the document has a key that the generator does not know.
pub fn check(document: &Value) -> Result<()> {
    only(document, DOCUMENT)?;
    only(&document["components"], COMPONENTS).context("components")?;
    each(&document["x-ids"], "x-ids", |id| only(id, ID))?;
    each(&document["components"]["schemas"], "schema", schema)?;
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        only(item, PATH).with_context(|| path.clone())?;
        for (method, op) in item.as_object().into_iter().flatten() {
            operation(op).with_context(|| format!("{} {path}", method.to_uppercase()))?;
        }
    }
    Ok(())
}

/// Runs a check for each member of an object and names the member in its error. Ignores values that are not objects: they are
/// reported where they are read.
fn each(object: &Value, what: &str, check: impl Fn(&Value) -> Result<()>) -> Result<()> {
    for (name, member) in object.as_object().into_iter().flatten() {
        check(member).with_context(|| format!("{what} {name}"))?;
    }
    Ok(())
}

fn only(object: &Value, known: &[&str]) -> Result<()> {
    for key in object.as_object().into_iter().flatten().map(|(key, _)| key.as_str()) {
        if !known.contains(&key) {
            bail!("`{key}` is not known; known are {}", known.join(", "));
        }
    }
    Ok(())
}

fn operation(operation: &Value) -> Result<()> {
    only(operation, OPERATION)?;
    only(&operation["x-paginated"], PAGES).context("x-paginated")?;
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let check = || {
            only(parameter, PARAMETER)?;
            schema(&parameter["schema"])
        };
        check().with_context(|| format!("parameter {}", parameter["name"]))?;
    }
    only(&operation["requestBody"], BODY).context("requestBody")?;
    content(&operation["requestBody"]["content"]).context("requestBody")?;
    each(&operation["responses"], "response", |response| {
        only(response, RESPONSE)?;
        content(&response["content"])
    })
}

fn content(content: &Value) -> Result<()> {
    only(content, MEDIA_TYPES)?;
    each(content, "content", |media| {
        only(media, MEDIA)?;
        schema(&media["schema"])
    })
}

fn schema(value: &Value) -> Result<()> {
    if !value.is_object() {
        return Ok(());
    }
    only(value, SCHEMA)?;
    each(&value["properties"], "property", schema)?;
    for inner in [&value["items"], &value["additionalProperties"]] {
        schema(inner)?;
    }
    let parts = ["allOf", "oneOf"].into_iter().filter_map(|key| value[key].as_array()).flatten();
    parts.into_iter().try_for_each(schema)
}
