//! Checks that fields are only appended to a schema. Positional arguments (`__match_args__` in Python, data classes in
//! Kotlin, constructors in Rust) follow the order of the fields and would silently change their meaning.

use anyhow::{Result, bail};
use serde_json::Value;

/// Fails if a schema of the old document has lost a field or has its fields in another order.
pub fn check(old: &Value, new: &Value) -> Result<()> {
    let schemas =
        |document: &Value| document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let new = schemas(new);
    let mut moved = Vec::new();
    for (name, schema) in schemas(old) {
        // A removed schema is a compile error for its users, not a silent change of meaning.
        let Some(now) = new.get(&name) else { continue };
        let (before, after) = (fields(&schema), fields(now));
        if !after.starts_with(&before) {
            moved.push(format!("{name}: {} became {}", before.join(", "), after.join(", ")));
        }
    }
    if moved.is_empty() {
        return Ok(());
    }
    bail!(
        "fields may only be appended, because positional arguments follow their order; \
         `cargo xtask codegen --move-fields` accepts it and breaks their users:\n{}",
        moved.join("\n")
    )
}

fn fields(schema: &Value) -> Vec<&str> {
    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::{Value, json};

    fn document(fields: Value) -> Value {
        json!({ "components": { "schemas": { "Tag": { "properties": fields } } } })
    }

    #[test]
    fn fields_may_be_appended_but_not_moved_or_removed() {
        let old = document(json!({ "b": {}, "a": {} }));
        assert!(check(&old, &old).is_ok());
        assert!(check(&old, &document(json!({ "b": {}, "a": {}, "0": {} }))).is_ok());
        for wrong in [json!({ "a": {}, "b": {} }), json!({ "b": {} }), json!({ "b": {}, "0": {}, "a": {} })] {
            let error = check(&old, &document(wrong)).map_err(|error| error.to_string());
            assert!(error.is_err_and(|error| error.contains("Tag: b, a became")));
        }
        assert!(check(&old, &json!({})).is_ok(), "a removed schema is accepted: its users no longer compile");
    }
}
