//! Compares two states and makes the patch.

mod align;
mod estimate;
mod place;
mod steps;
mod window;

use super::build::JsonPatch;
use align::align;
use estimate::Budget;
use place::place;
use serde_json::{Map, Value};
use std::collections::HashMap;
use steps::{Step, Steps, escape, token_bytes, value_bytes};
use window::{Origin, Window};

/// Values that are compared at most to find out which items of lists belong together.
const COMPARED: usize = 100_000;
/// Most operations of a patch: servers limit their number.
const OPERATIONS: usize = 1_000;

/// Returns the patch from one state to another.
pub fn patch(before: &Value, after: &Value) -> JsonPatch {
    let comparison = Comparison { budget: Budget::new(COMPARED) };
    let steps = match (before, after) {
        // The whole document is never replaced: that would undo concurrent changes.
        (Value::Object(before), Value::Object(after)) => comparison.root(before, after),
        (Value::Array(before), Value::Array(after)) => comparison.lists(before, after, 0),
        _ => comparison.values(before, after, 0),
    };
    steps.finish().collect()
}

/// One comparison. `path` is the size of the path of what is compared, in bytes.
struct Comparison {
    budget: Budget,
}

impl Comparison {
    fn root<'a>(&self, before: &'a Map<String, Value>, after: &'a Map<String, Value>) -> Steps<'a> {
        let steps = self.objects(before, after, 0);
        if steps.len() <= OPERATIONS {
            return steps;
        }
        self.members(before, after, |_, old, new| replaced(old, new))
    }

    fn values<'a>(&self, before: &'a Value, after: &'a Value, path: usize) -> Steps<'a> {
        let whole = replaced(before, after);
        if whole.len() == 0 {
            return whole;
        }
        let parts = match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.objects(before, after, path),
            (Value::Array(before), Value::Array(after)) => self.lists(before, after, path),
            _ => return whole,
        };
        if parts.bytes_below(path) <= whole.bytes_below(path) { parts } else { whole }
    }

    fn objects<'a>(
        &self,
        before: &'a Map<String, Value>,
        after: &'a Map<String, Value>,
        path: usize,
    ) -> Steps<'a> {
        self.members(before, after, |token, old, new| self.values(old, new, path + token_bytes(token)))
    }

    /// Compares two objects by their members; `change` returns the steps that change the value of one.
    fn members<'a>(
        &self,
        before: &'a Map<String, Value>,
        after: &'a Map<String, Value>,
        change: impl Fn(&str, &'a Value, &'a Value) -> Steps<'a>,
    ) -> Steps<'a> {
        let mut steps = Steps::default();
        for (key, old) in before {
            let token = escape(key);
            match after.get(key) {
                Some(new) => steps.extend_below(&token, change(&token, old, new)),
                None => steps.push(Step::remove(format!("/{token}"))),
            }
        }
        for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            steps.push(Step::add(format!("/{}", escape(key)), new, value_bytes(new)));
        }
        steps
    }

    fn lists<'a>(&self, before: &'a [Value], after: &'a [Value], path: usize) -> Steps<'a> {
        let window = Window::new(before, after, path);
        let mut changes = HashMap::new();
        let kept = align(&window, false, &self.budget);
        let steps = self.aligned(&window, &kept, &mut changes);
        if !window.misses_equal_items(&kept) && !has_unpaired(&window, &kept) {
            return steps;
        }
        let moved = align(&window, true, &self.budget);
        if moved == kept {
            return steps;
        }
        let with_moves = self.aligned(&window, &moved, &mut changes);
        if with_moves.bytes_below(path) < steps.bytes_below(path) { with_moves } else { steps }
    }

    /// Returns the steps for an alignment. `changes` keeps those of pairs of items, which several alignments contain.
    fn aligned<'a>(
        &self,
        window: &Window<'a>,
        origins: &[Origin],
        changes: &mut HashMap<(usize, usize), Steps<'a>>,
    ) -> Steps<'a> {
        let mut steps = place(window, origins);
        for (index, origin) in origins.iter().enumerate() {
            let (Origin::Kept(at) | Origin::Moved(at)) = *origin else { continue };
            let (Some(old), Some(new)) = (window.old.get(at), window.new.get(index)) else { continue };
            if window.are_equal(at, index) {
                continue;
            }
            let change = changes
                .entry((at, index))
                .or_insert_with(|| self.values(old.value, new.value, window.path_of(index)));
            steps.extend_below(&(window.start + index).to_string(), change.clone());
        }
        steps
    }
}

/// Whether items are both removed and added, so that some may have been moved.
fn has_unpaired(window: &Window<'_>, origins: &[Origin]) -> bool {
    let kept = origins.iter().filter(|origin| matches!(origin, Origin::Kept(_))).count();
    kept < window.old.len() && kept < window.new.len()
}

/// Returns the replacement of a value; nothing if it is the same.
fn replaced<'a>(before: &Value, after: &'a Value) -> Steps<'a> {
    let mut steps = Steps::default();
    if before != after {
        steps.push(Step::replace(String::new(), after, value_bytes(after)));
    }
    steps
}
