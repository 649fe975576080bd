//! Finds a value by its path, such as `settings[3].key`.

use super::{NodeKind, Value};

/// Finds a value by its path from another value: names joined by dots, item indexes in brackets. The empty path is the
/// value itself.
pub fn at<'a>(value: Value<'a>, path: &str) -> Option<Value<'a>> {
    let mut value = value;
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (number, after) = after.split_once(']')?;
            if value.kind() != NodeKind::List || number.starts_with('+') {
                return None;
            }
            value = value.children().get(number.parse::<usize>().ok()?)?;
            rest = after;
            // A dot may follow an item, and must be followed by a name.
            if let Some(name) = rest.strip_prefix('.') {
                if name.is_empty() || name.starts_with(['[', '.']) {
                    return None;
                }
                rest = name;
            } else if !rest.is_empty() && !rest.starts_with('[') {
                return None;
            }
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at_checked(end)?;
            value = value.member(name.as_bytes())?;
            rest = after;
            if let Some(next) = rest.strip_prefix('.') {
                if next.is_empty() || next.starts_with(['[', '.']) {
                    return None;
                }
                rest = next;
            }
        }
    }
    Some(value)
}
