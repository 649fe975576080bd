//! Accessors for members of the document, with errors that name the member.

use anyhow::{Result, anyhow, ensure};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn object<'a>(value: &'a Value, key: &str) -> Result<&'a serde_json::Map<String, Value>> {
    value.get(key).and_then(Value::as_object).ok_or_else(|| anyhow!("`{key}` is not an object"))
}

pub fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value.get(key).and_then(Value::as_str).ok_or_else(|| anyhow!("`{key}` is not a string"))
}

pub fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

pub fn distinct(names: impl Iterator<Item = String>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for name in names {
        ensure!(seen.insert(name.clone()), "the name {name} is taken");
    }
    Ok(())
}
