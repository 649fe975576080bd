//! Patches between states. They are applied with an independent implementation, the crate `json_patch`.

use super::*;
use serde_json::json;

fn patch(before: &Value, after: &Value) -> Value {
    serde_json::to_value(diff_json(before, after)).unwrap()
}

#[test]
fn builder_keeps_operations_in_order() {
    let patch = JsonPatch::new().test("/a", 1).add("/b", 2).replace("/c", 3);
    let patch = patch.remove("/d").r#move("/e", "/f").copy("/g", "/h");
    let names: Vec<String> = patch.operations().iter().map(|one| json!(one)["op"].to_string()).collect();
    assert_eq!(names, ["\"test\"", "\"add\"", "\"replace\"", "\"remove\"", "\"move\"", "\"copy\""]);
    assert_eq!(json!(patch.operations()[4]), json!({ "op": "move", "from": "/e", "path": "/f" }));
    assert_eq!(json!(patch.operations()[5]), json!({ "op": "copy", "from": "/g", "path": "/h" }));
    assert_eq!((patch.len(), patch.is_empty(), JsonPatch::new().is_empty()), (6, false, true));
    assert_eq!(Vec::from(patch.clone()), patch.operations());
}

#[test]
fn equal_states_need_no_patch() {
    assert_eq!(patch(&json!({ "a": [1, { "b": null }] }), &json!({ "a": [1, { "b": null }] })), json!([]));
}

#[test]
fn members_are_removed_replaced_and_added() {
    assert_eq!(
        patch(&json!({ "a": 1, "b": 2, "x/y~z": 0 }), &json!({ "a": 1, "c": null, "x/y~z": 1 })),
        json!([
            { "op": "remove", "path": "/b" },
            { "op": "replace", "path": "/x~1y~0z", "value": 1 },
            { "op": "add", "path": "/c", "value": null },
        ])
    );
}

#[test]
fn one_new_item_among_many_is_one_operation() {
    let items = |skip: Option<usize>| -> Vec<Value> {
        (0..50).filter(|i| Some(*i) != skip).map(|i| json!({ "rule": i })).collect()
    };
    assert_eq!(
        patch(&json!(items(Some(20))), &json!(items(None))),
        json!([{ "op": "add", "path": "/20", "value": { "rule": 20 } }])
    );
    assert_eq!(
        patch(&json!(items(None)), &json!(items(Some(20)))),
        json!([{ "op": "remove", "path": "/20" }])
    );
}

#[test]
fn scattered_items_are_at_most_one_operation_each() {
    let mut rng = fastrand::Rng::with_seed(11);
    let long = |n: usize| json!(format!("{n:03} {}", "a long condition ".repeat(4)));
    for round in 0..50 {
        let before: Vec<Value> = (0..30).map(long).collect();
        let mut after = before.clone();
        for new in 0..3 {
            after.remove(rng.usize(0..after.len()));
            after.insert(rng.usize(0..=after.len()), long(100 + 10 * round + new));
        }
        let found: JsonPatch =
            diff_json(&json!(before), &json!(after)).operations().iter().cloned().collect();
        assert!((1..=6).contains(&found.len()), "{found:?}");
    }
}

#[test]
fn slightly_changed_item_is_changed_in_place() {
    let rule =
        |name: &str| json!({ "name": name, "conditions": ["a long list", "of conditions", "that stay"] });
    assert_eq!(
        patch(&json!([rule("a"), rule("b")]), &json!([rule("a"), rule("c")])),
        json!([{ "op": "replace", "path": "/1/name", "value": "c" }])
    );
}

#[test]
fn value_is_replaced_as_a_whole_if_that_is_shorter() {
    assert_eq!(
        patch(&json!({ "l": [1, 2, 3, 4] }), &json!({ "l": [] })),
        json!([{ "op": "replace", "path": "/l", "value": [] }])
    );
}

#[test]
fn patches_between_random_states_apply() {
    fn random(rng: &mut fastrand::Rng, depth: u32) -> Value {
        match rng.u32(0..if depth == 0 { 3 } else { 5 }) {
            0 => json!(rng.u32(0..3)),
            1 => json!(["x", "y", "z/~"][rng.usize(0..3)]),
            2 => Value::Null,
            3 => (0..rng.usize(0..6)).map(|_| random(rng, depth - 1)).collect(),
            _ => Value::Object(
                (0..rng.usize(0..4))
                    .map(|_| (format!("k{}/~", rng.u32(0..5)), random(rng, depth - 1)))
                    .collect(),
            ),
        }
    }
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..2000 {
        assert_reached(&random(&mut rng, 3), &random(&mut rng, 3));
    }
}

#[test]
fn patches_between_randomly_edited_lists_apply() {
    let mut rng = fastrand::Rng::with_seed(23);
    // Few variants, so that lists have equal items; large items, so that a change in place is shorter.
    let rule =
        |kind: u32| json!({ "kind": kind, "conditions": ["a long list", "of conditions", "that stay"] });
    for _ in 0..2000 {
        let before: Vec<Value> = (0..rng.usize(0..8)).map(|_| rule(rng.u32(0..3))).collect();
        let mut after = before.clone();
        for _ in 0..rng.u32(0..4) {
            let at = rng.usize(0..=after.len());
            match (rng.u32(0..3), after.get_mut(at)) {
                (0, Some(changed)) => changed["kind"] = json!(rng.u32(0..9)),
                (1, Some(_)) => drop(after.remove(at)),
                _ => after.insert(at, rule(rng.u32(0..3))),
            }
        }
        assert_reached(&json!(before), &json!(after));
    }
}

/// Asserts that the patch, applied with `json_patch`, turns one state into the other.
fn assert_reached(before: &Value, after: &Value) {
    let json = patch(before, after);
    let mut reached = before.clone();
    json_patch::patch(&mut reached, &serde_json::from_value::<json_patch::Patch>(json.clone()).unwrap())
        .unwrap_or_else(|e| panic!("{e}: {before} -> {after}: {json}"));
    assert_eq!(reached, *after, "{before}: {json}");
}

#[test]
fn kept_items_are_the_longest_common_subsequence() {
    fn longest(old: &[Value], new: &[Value]) -> usize {
        match (old, new) {
            ([a, old @ ..], [b, new @ ..]) if a == b => 1 + longest(old, new),
            ([_, less @ ..], [_, fewer @ ..]) => longest(less, new).max(longest(old, fewer)),
            _ => 0,
        }
    }
    let mut rng = fastrand::Rng::with_seed(31);
    for _ in 0..500 {
        let mut list = || -> Vec<Value> { (0..rng.u32(0..9)).map(|_| json!(rng.u32(0..4))).collect() };
        let (old, new) = (list(), list());
        assert_eq!(counts(&common(&old, &new))[0], longest(&old, &new), "{old:?} {new:?}");
    }
}

#[test]
fn lists_beyond_the_limit_are_compared_item_by_item() {
    let list = |items: std::ops::Range<u32>| -> Vec<Value> { items.map(Value::from).collect() };
    // With the extra row and column, 2,000 times 2,000 cells are exactly the maximum size of the table.
    assert_eq!(counts(&common(&list(0..1999), &list(1..2000))), [1998, 1, 1]);
    assert_eq!(counts(&common(&list(0..2000), &list(1..2000))), [0, 2000, 1999]);
    assert_eq!(counts(&common(&list(0..2000), &list(1..2010))), [0, 2000, 2009]);
}

/// Returns how many items are kept, removed and added.
fn counts(steps: &[Step]) -> [usize; 3] {
    let mut counts = [0; 3];
    for step in steps {
        counts[*step as usize] += 1;
    }
    counts
}

#[test]
fn typed_states_are_compared_as_their_json() {
    let state = |enabled: bool| std::collections::BTreeMap::from([("enabled", enabled), ("kept", true)]);
    let found = diff(&state(false), &state(true)).unwrap();
    assert_eq!(found, JsonPatch::new().replace("/enabled", true));
    assert_eq!(JsonPatch::from(found.operations().to_vec()), found);
    let no_json = std::collections::BTreeMap::from([((1, 2), "keys of JSON are text")]);
    assert_eq!(diff(&no_json, &no_json).unwrap_err().kind(), ErrorKind::BadRequest);
}
