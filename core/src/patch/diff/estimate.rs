//! Estimates the size of a patch between two values, without making it.

use super::steps::{envelope, index_bytes, key_bytes, value_bytes};
use crate::models::PatchOperationType as Op;
use serde_json::{Map, Value};
use std::cell::Cell;

/// Limits the work of all estimates of one patch.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Budget {
    /// `values` is the number of values that may be compared.
    pub const fn new(values: usize) -> Self {
        Self(Cell::new(values))
    }

    /// Returns whether another value may be compared.
    fn spend(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Estimates the size of the patch from one value to another at a path of the given size, in bytes; 0 if they are equal.
    /// `whole` is the size of the new value as JSON. Without a budget, the estimate is that of a replacement.
    ///
    /// Items of lists are compared by position.
    pub fn estimate(&self, before: &Value, after: &Value, path: usize, whole: usize) -> usize {
        let replacement = envelope(&Op::Replace) + path + whole;
        self.parts(before, after, path, replacement).map_or(replacement, |parts| parts.min(replacement))
    }

    /// Estimates the size of the changes of parts; `None` if it is above the limit, or if the values have no parts.
    fn parts(&self, before: &Value, after: &Value, path: usize, limit: usize) -> Option<usize> {
        if !self.spend() {
            return None;
        }
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.objects(before, after, path, limit),
            (Value::Array(before), Value::Array(after)) => self.lists(before, after, path, limit),
            (before, after) => (before == after).then_some(0),
        }
    }

    /// Estimates the size of the change of a part; `None` if it is above the limit.
    fn part(&self, before: &Value, after: &Value, path: usize, limit: usize) -> Option<usize> {
        let parts = self.parts(before, after, path, limit);
        let replaced = envelope(&Op::Replace) + path;
        match parts {
            Some(parts) if parts <= replaced => Some(parts),
            parts => {
                let replaced = replaced + value_bytes(after);
                let bytes = parts.map_or(replaced, |parts| parts.min(replaced));
                (bytes <= limit).then_some(bytes)
            }
        }
    }

    fn objects(
        &self,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
        path: usize,
        limit: usize,
    ) -> Option<usize> {
        let at = |key: &str| path + key_bytes(key);
        let mut bytes = 0;
        let mut shared = 0;
        for (key, old) in before {
            bytes += match after.get(key) {
                Some(new) => {
                    shared += 1;
                    self.part(old, new, at(key), limit.checked_sub(bytes)?)?
                }
                None => envelope(&Op::Remove) + at(key),
            };
        }
        if shared < after.len() {
            for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
                bytes += envelope(&Op::Add) + at(key) + value_bytes(new);
            }
        }
        (bytes <= limit).then_some(bytes)
    }

    fn lists(&self, before: &[Value], after: &[Value], path: usize, limit: usize) -> Option<usize> {
        let mut bytes = 0;
        for (index, (old, new)) in before.iter().zip(after).enumerate() {
            bytes += self.part(old, new, path + index_bytes(index), limit.checked_sub(bytes)?)?;
        }
        let at = path + index_bytes(before.len().max(after.len()));
        bytes += before.len().saturating_sub(after.len()) * (envelope(&Op::Remove) + at);
        for new in after.iter().skip(before.len()) {
            bytes += envelope(&Op::Add) + at + value_bytes(new);
        }
        (bytes <= limit).then_some(bytes)
    }
}
