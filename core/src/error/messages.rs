//! Messages in the bodies of unsuccessful responses.

use super::limits::{MESSAGES_LIMIT, PLAIN_LIMIT};
use serde_json::Value;
use std::collections::BTreeMap;

/// Extracts the messages by field from a bare map, or from the `errors` of ASP.NET problem details.
pub(super) fn field_errors(json: &Value) -> BTreeMap<String, Vec<String>> {
    let map = match json.get("errors") {
        Some(Value::Object(errors)) => Some(errors),
        _ => json.as_object().filter(|map| map.values().all(is_messages)),
    };
    let mut left = MESSAGES_LIMIT;
    map.into_iter()
        .flatten()
        .map_while(|(field, messages)| {
            let messages: Vec<String> = match messages {
                Value::Array(list) => list.iter().take(left).map(plain).collect(),
                other => vec![plain(other)],
            };
            left = left.checked_sub(messages.len().max(1))?;
            Some((field.clone(), messages))
        })
        .collect()
}

fn is_messages(value: &Value) -> bool {
    matches!(value, Value::Array(list) if list.iter().all(Value::is_string))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the messages for a field, which the service leaves empty for the body as a whole.
fn of_field(field: &str, messages: &[String]) -> String {
    let text = messages.join(" ");
    if field.is_empty() { text } else { format!("{field}: {text}") }
}

pub(super) fn describe_response(
    status: u16,
    json: Option<&Value>,
    body: &[u8],
    fields: &BTreeMap<String, Vec<String>>,
) -> String {
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|s| s.canonical_reason())
        .unwrap_or("unknown status");
    let detail = if fields.is_empty() {
        match json {
            Some(Value::String(text)) => text.clone(),
            Some(json) => ["detail", "message", "title"]
                .iter()
                .find_map(|key| json.get(key).and_then(Value::as_str))
                .unwrap_or_default()
                .to_owned(),
            None => String::from_utf8_lossy(body.get(..PLAIN_LIMIT).unwrap_or(body)).trim().to_owned(),
        }
    } else {
        let list: Vec<String> = fields.iter().map(|(field, messages)| of_field(field, messages)).collect();
        list.join("; ")
    };
    let first_line = detail.lines().next().unwrap_or_default();
    if first_line.is_empty() {
        format!("{status} {reason}")
    } else {
        format!("{status} {reason}: {first_line}")
    }
}
