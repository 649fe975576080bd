//! Secrets that stand in environment variables.

use serde_json::Value;
use std::env;

/// Replaces `${NAME}` by the value of the environment variable in the strings of a map.
pub(crate) fn expanded(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), expanded(value))).collect()
        }
        Value::String(text) => match variable(text).and_then(|name| env::var(name).ok()) {
            Some(secret) => Value::String(secret),
            None => value.clone(),
        },
        other => other.clone(),
    }
}

/// Returns the members that stand for environment variables which are not set.
pub(super) fn missing_variables(value: &Value) -> Vec<(String, String)> {
    let members = value.as_object().into_iter().flatten();
    let missing = members.filter_map(|(member, value)| {
        let name = variable(value.as_str()?)?;
        env::var_os(name).is_none().then(|| (member.clone(), name.to_owned()))
    });
    missing.collect()
}

/// Returns the name of the environment variable that a text stands for.
fn variable(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}')
}
