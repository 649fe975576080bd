//! Walks through a value in memory.

use super::rules::Place;
use serde_json::Value;

/// Checks the value at a place.
pub(super) fn walk(place: &Place<'_>, value: &Value) {
    match value {
        Value::Null => place.null(),
        Value::Bool(value) => place.boolean(*value),
        Value::Number(number) => place.number(number.clone()),
        Value::String(text) => place.text(text),
        Value::Array(items) => {
            let mut list = place.list();
            items.iter().for_each(|item| list.item(|place| walk(place, item)));
        }
        Value::Object(members) => {
            let mut object = place.object();
            members.iter().for_each(|(name, value)| object.member(name, |place| walk(place, value)));
            object.end();
        }
    }
}
