//! Compares trees with the values of serde_json, which is written independently. For tests and for the fuzz target `trees`.

use super::{NodeKind, Tree, Value};
use bytes::Bytes;
use configcat_management::spec::Type;
use serde_json::Value as Json;

/// Checks that a document is read as serde_json reads it, or rejected as well. Returns whether it is JSON.
///
/// # Errors
/// What differs.
pub fn check(document: &[u8]) -> Result<bool, String> {
    let tree = Tree::read(Bytes::copy_from_slice(document), &Type::Any);
    let expected = serde_json::from_slice::<Json>(document);
    match (tree, expected) {
        (Ok(tree), Ok(expected)) => {
            let root = tree.root().ok_or("there is no root")?;
            compare(root, &expected)?;
            Ok(true)
        }
        (Err(_), Err(_)) => Ok(false),
        // Their limits differ by one level, and by the precision of the largest number.
        (Ok(_), Err(error)) if is_limit(&error.to_string()) => Ok(true),
        (Err(problem), Ok(_)) if is_limit(&problem.message) => Ok(false),
        (Ok(_), Err(error)) => Err(format!("only serde_json rejects it: {error}")),
        (Err(problem), Ok(_)) => Err(format!("only serde_json accepts it: {}", problem.message)),
    }
}

fn is_limit(message: &str) -> bool {
    ["recursion limit", "out of range", "too large", "deep"].iter().any(|limit| message.contains(limit))
}

fn compare(value: Value<'_>, expected: &Json) -> Result<(), String> {
    let same = match (value.kind(), expected) {
        (NodeKind::Null, Json::Null) => true,
        (NodeKind::Boolean, Json::Bool(expected)) => value.boolean() == Some(*expected),
        // serde_json reads -0 as a decimal number.
        (NodeKind::Integer, Json::Number(n)) if n.is_f64() => {
            value.integer() == Some(0) && n.as_f64() == Some(0.0)
        }
        (NodeKind::Integer, Json::Number(n)) => value.integer() == n.as_i64(),
        (NodeKind::Number, Json::Number(n)) => {
            let (a, b) = (value.number().unwrap_or(f64::NAN), n.as_f64().unwrap_or(f64::NAN));
            // serde_json rounds some numbers to a neighbour.
            (a - b).abs() <= a.abs() * 1e-14
        }
        (NodeKind::String, Json::String(expected)) => value.str() == Some(expected),
        (NodeKind::List, Json::Array(expected)) => return items(value, expected),
        (NodeKind::Object, Json::Object(expected)) => return members(value, expected),
        _ => false,
    };
    if !same || serde_json::from_str::<Json>(value.json()).ok().as_ref() != Some(expected) {
        return Err(format!("{:?} {} is not {expected}", value.kind(), value.json()));
    }
    Ok(())
}

fn items(list: Value<'_>, expected: &[Json]) -> Result<(), String> {
    if list.children().len() != expected.len() || list.children().count() != expected.len() {
        return Err(format!("{} does not have {} items", list.json(), expected.len()));
    }
    list.children().zip(expected).try_for_each(|(item, expected)| compare(item, expected))
}

fn members(object: Value<'_>, expected: &serde_json::Map<String, Json>) -> Result<(), String> {
    // The names of trees end at the first NUL.
    if expected.keys().any(|name| name.contains('\0')) {
        return Ok(());
    }
    let named = |name: &str| {
        // serde_json keeps the last of several members with the same name.
        let matches = |child: &Value<'_>| child.key().is_some_and(|key| key.to_bytes() == name.as_bytes());
        object.children().filter(matches).last()
    };
    let known = |child: Value<'_>| {
        child.key().and_then(|key| key.to_str().ok()).is_some_and(|key| expected.contains_key(key))
    };
    if !object.children().all(known) {
        return Err(format!("{} has other members than {expected:?}", object.json()));
    }
    for (name, expected) in expected {
        let member = named(name).ok_or_else(|| format!("{} has no {name:?}", object.json()))?;
        compare(member, expected)?;
    }
    Ok(())
}
