//! JSON Patch (RFC 6902) as the service applies it: to the JSON of the equivalent request body, all or nothing.

use crate::problem::Problem;
use configcat_management::models::JsonPatch;
use configcat_management::spec::validate::{self, Enums};
use configcat_management::spec::{Schema, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Applies a patch and deserializes the result as a request body of the given schema. Returns `None` if the patch
/// changes nothing.
pub fn apply<T: Serialize + DeserializeOwned>(
    current: &T,
    patch: &JsonPatch,
    schema: &'static Schema,
) -> Result<Option<T>, Problem> {
    let refused = |at: &str, message: String| Problem::field(at, message);
    let mut document = serde_json::to_value(current).map_err(|e| refused("", e.to_string()))?;
    fill(&mut document, schema);
    let before = document.clone();
    let operations = serde_json::to_value(patch).map_err(|e| refused("", e.to_string()))?;
    let operations: json_patch::Patch =
        serde_json::from_value(operations).map_err(|e| refused("", format!("Not a JSON Patch: {e}.")))?;
    json_patch::patch(&mut document, &operations)
        .map_err(|e| refused(&format!("[{}]", e.operation), format!("{}: {}.", e.path, e.kind)))?;
    if document == before {
        return Ok(None);
    }
    let violations = validate::check(&document, &Type::Object(schema), Enums::Closed);
    if let Some(problem) = Problem::violations(violations) {
        return Err(problem);
    }
    serde_json::from_value(document).map(Some).map_err(|e| refused("", e.to_string()))
}

/// Sets absent fields to null, so that a patch may replace them.
fn fill(document: &mut Value, schema: &Schema) {
    let Some(map) = document.as_object_mut() else { return };
    for field in schema.fields {
        let value = map.entry(field.wire).or_insert(Value::Null);
        let nested = match &field.ty {
            Type::Object(schema) => Some((std::slice::from_mut(value), *schema)),
            Type::List(Type::Object(schema)) => {
                value.as_array_mut().map(|items| (items.as_mut_slice(), *schema))
            }
            _ => None,
        };
        if let Some((values, schema)) = nested {
            values.iter_mut().for_each(|value| fill(value, schema));
        }
    }
}
