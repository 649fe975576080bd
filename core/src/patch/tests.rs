//! Patches between states. They are applied with an independent implementation, the crate `json_patch`.

use super::*;
use crate::models::PatchOperationType;
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

/// Size of the patch that replaces each changed member of the root; unlimited if the root is not an object.
fn replaced_members(before: &Value, after: &Value) -> usize {
    let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else { return usize::MAX };
    let mut patch = JsonPatch::new();
    let path = |key: &str| format!("/{}", key.replace('~', "~0").replace('/', "~1"));
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        patch = patch.remove(path(key));
    }
    for (key, value) in new.iter().filter(|(key, value)| old.get(*key) != Some(value)) {
        let known = old.contains_key(key);
        patch =
            if known { patch.replace(path(key), value.clone()) } else { patch.add(path(key), value.clone()) };
    }
    json!(patch).to_string().len()
}

/// Asserts that the patch, applied with `json_patch`, turns one state into the other.
fn assert_reached(before: &Value, after: &Value) {
    let json = patch(before, after);
    let mut reached = before.clone();
    json_patch::patch(&mut reached, &serde_json::from_value::<json_patch::Patch>(json.clone()).unwrap())
        .unwrap_or_else(|e| panic!("{e}: {before} -> {after}: {json}"));
    assert_eq!(reached, *after, "{before}: {json}");
    let size = json.to_string().len();
    let limit = replaced_members(before, after);
    assert!(size <= limit, "{size} > {limit}: {before} -> {after}: {json}");
}

#[test]
fn neighbouring_changes_are_made_in_place() {
    let rules = |on: std::ops::Range<usize>| -> Value {
        let rule = |index: usize| {
            let list: Vec<Value> =
                (0..4).map(|n| json!({ "value": format!("user{index}.{n}@example.com") })).collect();
            json!({
                "conditions": [{ "userCondition": {
                    "comparisonAttribute": "Email", "comparator": "isOneOf", "comparisonValue": { "listValue": list }
                } }],
                "value": { "boolValue": on.contains(&index) }
            })
        };
        json!({ "targetingRules": (0..10).map(rule).collect::<Vec<_>>() })
    };
    let found = diff_json(&rules(0..0), &rules(3..8));
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(json!(found).to_string().len() <= 366, "{found:?}");
    assert_reached(&rules(0..0), &rules(3..8));
}

/// An item that is larger than a move.
fn large(name: &str) -> Value {
    json!({ "name": name, "conditions": [format!("a condition of {name}"), "that is longer", "than a pair of paths"] })
}

#[test]
fn item_that_changes_its_place_is_moved() {
    let list = |names: &str| -> Value { names.split(' ').map(large).collect() };
    for (before, after, from, to) in [
        ("a b c d e", "b c d e a", "/0", "/4"),
        ("a b c d e", "e a b c d", "/4", "/0"),
        ("a b c d e", "a d b c e", "/3", "/1"),
    ] {
        let expected = json!([{ "op": "move", "path": to, "from": from }]);
        assert_eq!(patch(&list(before), &list(after)), expected, "{before} -> {after}");
        assert_reached(&list(before), &list(after));
    }
}

#[test]
fn item_that_changes_with_its_place_is_moved_and_changed() {
    let before: Value = ["a", "b", "c", "d"].into_iter().map(large).collect();
    let mut moved = large("a");
    moved["name"] = json!("z");
    let after = json!([large("b"), large("c"), large("d"), moved]);
    assert_eq!(
        patch(&before, &after),
        json!([
            { "op": "move", "from": "/0", "path": "/3" },
            { "op": "replace", "path": "/3/name", "value": "z" },
        ])
    );
}

#[test]
fn shuffled_long_lists_are_reached_by_moves() {
    let mut rng = fastrand::Rng::with_seed(41);
    for length in [5, 60, 150, 400] {
        let before: Vec<Value> = (0..length).map(|n| large(&n.to_string())).collect();
        let mut after = before.clone();
        for _ in 0..5 {
            let item = after.remove(rng.usize(0..after.len()));
            after.insert(rng.usize(0..=after.len()), item);
        }
        assert_reached(&json!(before), &json!(after));
        let found = diff_json(&json!(before), &json!(after));
        assert!(found.len() <= 5, "{found:?}");
        assert!(found.operations().iter().all(|one| one.op == PatchOperationType::Move), "{found:?}");
    }
}

#[test]
fn patches_of_long_lists_apply() {
    let mut rng = fastrand::Rng::with_seed(43);
    for length in [70, 300, 2_000, 9_000] {
        let before: Vec<Value> = (0..length).map(|n| json!(format!("user{n}@example.com"))).collect();
        let mut after = before.clone();
        for _ in 0..length / 10 {
            match rng.u32(0..3) {
                0 => drop(after.remove(rng.usize(0..after.len()))),
                1 => {
                    after.insert(rng.usize(0..=after.len()), json!(format!("new{}@example.com", rng.u32(..))))
                }
                _ => after[rng.usize(0..length / 2)] = json!("changed@example.com"),
            }
        }
        assert_reached(&json!({ "list": before }), &json!({ "list": after }));
    }
}

#[test]
fn patch_has_at_most_a_thousand_operations() {
    let rules = |value: bool| -> Value {
        let rule = |n: usize| json!({ "name": "long".repeat(30), "id": n, "on": value, "off": !value });
        json!({ "rules": (0..600).map(rule).collect::<Vec<_>>() })
    };
    let found = diff_json(&rules(false), &rules(true));
    assert_eq!(found.len(), 1);
    assert_reached(&rules(false), &rules(true));
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
