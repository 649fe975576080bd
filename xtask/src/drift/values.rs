//! Accessors for parts of a document.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Follows references, and merges an `allOf` with one part into the enclosing schema.
pub fn resolve(doc: &Value, schema: &Value) -> Value {
    let mut schema = schema.clone();
    for _ in 0..32 {
        let target = match (schema["$ref"].as_str(), schema["allOf"].as_array().map(Vec::as_slice)) {
            (Some(path), _) => doc.pointer(path.trim_start_matches('#')).cloned().unwrap_or_default(),
            (None, Some([only])) => only.clone(),
            _ => return schema,
        };
        let mut map = target.as_object().cloned().unwrap_or_default();
        for (key, value) in schema.as_object().into_iter().flatten() {
            if key != "$ref" && key != "allOf" {
                map.insert(key.clone(), value.clone());
            }
        }
        schema = Value::Object(map);
    }
    schema
}

pub fn by_name(list: &[(String, Value)]) -> BTreeMap<String, &Value> {
    list.iter().map(|(name, value)| (name.clone(), value)).collect()
}

pub fn members(map: &Map<String, Value>) -> BTreeMap<String, &Value> {
    map.iter().map(|(name, value)| (name.clone(), value)).collect()
}

/// Returns a flag; an absent flag is false.
pub fn truth(value: &Value) -> Value {
    Value::Bool(value.as_bool().unwrap_or(false))
}

pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the names of all schemas that a value refers to, directly or through other schemas.
pub fn named_schemas(doc: &Value, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        match value {
            Value::Array(items) => queue.extend(items),
            Value::Object(members) => {
                queue.extend(members.values());
                let target = members.get("$ref").and_then(Value::as_str);
                if let Some(target) = target
                    && let Some(name) = target.rsplit('/').next()
                    && found.insert(name.to_owned())
                {
                    queue.extend(doc.pointer(target.trim_start_matches('#')));
                }
            }
            _ => {}
        }
    }
    found
}

/// Summarizes a schema: name, type, nullability and limits.
pub fn summary(doc: &Value, schema: &Value) -> String {
    let name = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next());
    let resolved = resolve(doc, schema);
    let mut words = Vec::new();
    words.extend(name.map(str::to_owned));
    let ty = plain(&resolved["type"]);
    match (ty.as_str(), resolved["format"].as_str()) {
        ("array", _) => words.push(format!("array of ({})", summary(doc, &resolved["items"]))),
        ("null", _) => {}
        (ty, Some(format)) => words.push(format!("{ty} ({format})")),
        (ty, None) => words.push(ty.to_owned()),
    }
    words.push(if truth(&resolved["nullable"]) == true { "nullable" } else { "not nullable" }.to_owned());
    let limits = ["minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern"];
    let limits = limits.into_iter().filter(|limit| !resolved[*limit].is_null());
    words.extend(limits.map(|limit| format!("{limit} {}", resolved[limit])));
    if let Some(values) = resolved["enum"].as_array() {
        words.push(format!("one of {}", values.iter().map(plain).collect::<Vec<_>>().join(" | ")));
    }
    words.join(", ")
}
