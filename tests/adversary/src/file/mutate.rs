//! Random changes of JSON documents.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Returns a value that no reader expects: of a wrong type, huge, deep, or with unusual characters.
pub fn hostile_value(random: &mut Rng) -> Value {
    match random.u8(..16) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(i64::MIN),
        3 => json!(u64::MAX),
        4 => json!(1e308),
        5 => json!(-0.0),
        6 => json!(2_147_483_648_u32),
        7 => json!(-1),
        8 => json!(""),
        9 => json!("\u{0}\u{1}\u{7f}\u{202e}\u{feff}"),
        10 => json!("x".repeat(random.usize(1..100_000))),
        11 => json!([]),
        12 => json!({}),
        13 => (0..100).fold(json!(1), |inner, _| json!([inner])),
        14 => (0..100).fold(json!(1), |inner, _| json!({ "a": inner })),
        _ => json!("00000000-0000-4000-8000-000000000000"),
    }
}

/// Counts the values of a document, without itself.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(|inner| 1 + count(inner)).sum(),
        Value::Object(map) => map.values().map(|inner| 1 + count(inner)).sum(),
        _ => 0,
    }
}

/// Calls a function with the value at a position, in document order.
fn at(value: &mut Value, position: &mut usize, change: &mut dyn FnMut(&mut Value)) -> bool {
    let inner: Vec<&mut Value> = match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => return false,
    };
    for value in inner {
        if *position == 0 {
            change(value);
            return true;
        }
        *position -= 1;
        if at(value, position, change) {
            return true;
        }
    }
    false
}

/// Returns one of the values of a document.
fn some_value(document: &Value, random: &mut Rng) -> Value {
    let mut found = Value::Null;
    let mut position = random.usize(..count(document).max(1));
    at(&mut document.clone(), &mut position, &mut |value| found = value.clone());
    found
}

/// Changes one value of a document: replaces it by a hostile one or by another value of the document, removes a part
/// of it, or repeats a part of it.
pub fn mutate(document: &mut Value, random: &mut Rng) {
    let other = some_value(document, random);
    let mut position = random.usize(..count(document).max(1));
    at(document, &mut position, &mut |value| match (random.u8(..5), &mut *value) {
        (0, Value::Array(list)) if !list.is_empty() => drop(list.remove(random.usize(..list.len()))),
        (1, Value::Array(list)) if !list.is_empty() => list.push(list[random.usize(..list.len())].clone()),
        (0 | 1, Value::Object(map)) if !map.is_empty() => {
            let position = random.usize(..map.len());
            let mut kept = Map::new();
            kept.extend(map.clone().into_iter().enumerate().filter(|(i, _)| *i != position).map(|(_, e)| e));
            *map = kept;
        }
        (2, Value::Number(number)) => {
            *value = json!(number.as_i64().unwrap_or_default() + random.i64(-2..=2))
        }
        (2 | 3, _) => *value = other.clone(),
        _ => *value = hostile_value(random),
    });
}
