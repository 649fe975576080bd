//! Realistic pairs of states: the sizes of patches, compared with those of another implementation.

use super::diff_json;
use fastrand::Rng;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Pairs of each sort.
const EACH: usize = 25;

type Edit = fn(&mut Rng, &mut Value);

/// Sorts of changes that people make.
const EDITS: [(&str, Edit); 12] = [
    ("toggled rules", toggle),
    ("moved rule", |rng, state| {
        let rules = list(state, "targetingRules");
        let rule = rules.remove(rng.usize(0..rules.len()));
        rules.insert(rng.usize(0..=rules.len()), rule);
    }),
    ("swapped rules", |rng, state| {
        let rules = list(state, "targetingRules");
        let (a, b) = (rng.usize(0..rules.len()), rng.usize(0..rules.len()));
        rules.swap(a, b);
    }),
    ("inserted rules", |rng, state| {
        for _ in 0..rng.usize(1..4) {
            let new = rule(rng);
            let rules = list(state, "targetingRules");
            rules.insert(rng.usize(0..=rules.len()), new);
        }
    }),
    ("removed rules", |rng, state| {
        for _ in 0..rng.usize(1..3) {
            let rules = list(state, "targetingRules");
            rules.remove(rng.usize(0..rules.len()));
        }
    }),
    ("percentages", percentages),
    ("comparison lists", |rng, state| {
        let rules = list(state, "targetingRules");
        let at = rng.usize(0..rules.len());
        let values = &mut rules[at]["conditions"][0]["userCondition"]["comparisonValue"]["listValue"];
        let values = values.as_array_mut().unwrap();
        values.insert(rng.usize(0..=values.len()), json!({ "value": email(rng), "hint": null }));
        values.remove(rng.usize(0..values.len()));
    }),
    ("default value", |_, state| state["defaultValue"] = json!({ "predefinedVariationId": "2f0e6ad5" })),
    ("rule moved and toggled", |rng, state| {
        let rules = list(state, "targetingRules");
        let mut rule = rules.remove(rng.usize(0..rules.len()));
        rule["value"] = json!({ "boolValue": true, "stringValue": null });
        rules.insert(rng.usize(0..=rules.len()), rule);
    }),
    ("tags", |rng, state| {
        let tags = list(state, "tags");
        for _ in 0..rng.usize(1..4) {
            match rng.u32(0..3) {
                0 if !tags.is_empty() => drop(tags.remove(rng.usize(0..tags.len()))),
                1 => rng.shuffle(tags),
                _ => tags.insert(rng.usize(0..=tags.len()), json!(rng.u32(1000..9000))),
            }
        }
    }),
    ("metadata", |_, state| {
        state["name"] = json!("New checkout, second try");
        state["hint"] = json!("Set by the deployment");
    }),
    ("everything", everything),
];

fn everything(rng: &mut Rng, state: &mut Value) {
    for (_, edit) in EDITS.iter().take(11) {
        if rng.u32(0..3) == 0 && list(state, "targetingRules").len() > 2 {
            edit(rng, state);
        }
    }
}

fn toggle(rng: &mut Rng, state: &mut Value) {
    let rules = list(state, "targetingRules");
    let first = rng.usize(0..rules.len());
    for rule in rules.iter_mut().skip(first).take(5).filter(|rule| rule["value"].is_object()) {
        let on = rule["value"]["boolValue"] == true;
        rule["value"]["boolValue"] = json!(!on);
    }
}

fn percentages(rng: &mut Rng, state: &mut Value) {
    for rule in list(state, "targetingRules").iter_mut().filter(|rule| rule["value"].is_null()) {
        let part = rng.u32(1..100);
        rule["percentageOptions"][0]["percentage"] = json!(part);
        rule["percentageOptions"][1]["percentage"] = json!(100 - part);
    }
}

fn list<'a>(state: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    state[name].as_array_mut().unwrap()
}

fn email(rng: &mut Rng) -> String {
    format!("{}{}@example.com", ["ann", "bob", "eve", "joe"][rng.usize(0..4)], rng.u32(0..500))
}

fn rule(rng: &mut Rng) -> Value {
    let condition = |rng: &mut Rng| {
        let values: Vec<Value> =
            (0..rng.usize(1..8)).map(|_| json!({ "value": email(rng), "hint": null })).collect();
        let attribute = ["Email", "Country", "Identifier"][rng.usize(0..3)];
        let comparator = ["isOneOf", "containsAnyOf"][rng.usize(0..2)];
        json!({ "userCondition": {
            "comparisonAttribute": attribute,
            "comparator": comparator,
            "comparisonValue": { "stringValue": null, "doubleValue": null, "listValue": values }
        }, "segmentCondition": null, "prerequisiteFlagCondition": null })
    };
    let conditions: Vec<Value> = (0..rng.usize(1..4)).map(|_| condition(rng)).collect();
    if rng.u32(0..4) == 0 {
        let options = json!([
            { "percentage": 30, "value": { "boolValue": true } },
            { "percentage": 70, "value": { "boolValue": false } },
        ]);
        return json!({ "conditions": conditions, "percentageOptions": options, "value": null });
    }
    json!({ "conditions": conditions, "percentageOptions": [], "value": { "boolValue": rng.bool() } })
}

fn state(rng: &mut Rng, rules: usize) -> Value {
    json!({
        "defaultValue": { "boolValue": false },
        "targetingRules": (0..rules).map(|_| rule(rng)).collect::<Vec<_>>(),
        "percentageEvaluationAttribute": null,
        "tags": (0..rng.u32(0..12)).map(|n| 700 + 13 * n).collect::<Vec<_>>(),
        "name": "New checkout",
        "hint": null,
    })
}

fn size(patch: &impl serde::Serialize) -> usize {
    serde_json::to_string(patch).unwrap().len()
}

#[test]
fn patches_are_smaller_than_those_of_json_patch() {
    let mut rng = Rng::with_seed(97);
    let (mut ours, mut theirs) = (0, 0);
    for (name, edit) in EDITS {
        let (mut our_sum, mut their_sum) = (0, 0);
        for _ in 0..EACH {
            let rules = rng.usize(3..25);
            let before = state(&mut rng, rules);
            let mut after = before.clone();
            edit(&mut rng, &mut after);
            let patch = diff_json(&before, &after);
            let mut reached = before.clone();
            let applied = serde_json::from_value::<json_patch::Patch>(json!(patch)).unwrap();
            json_patch::patch(&mut reached, &applied).unwrap();
            assert_eq!(reached, after, "{name}");
            let (our, their) = (size(&patch), size(&json_patch::diff(&before, &after)));
            assert!(our * 10 <= their * 11, "{name}: {our} bytes instead of {their}: {}", json!(patch));
            (our_sum, their_sum) = (our_sum + our, their_sum + their);
        }
        println!("{name}: {EACH} pairs, {our_sum} bytes, json-patch {their_sum} bytes");
        (ours, theirs) = (ours + our_sum, theirs + their_sum);
    }
    println!("all: {} pairs, {ours} bytes, json-patch {theirs} bytes", EDITS.len() * EACH);
    assert!(ours < theirs, "{ours} bytes instead of {theirs}");
}

/// The limit is that of a debug build on a busy machine; an optimized build takes a small part of it.
#[test]
fn five_hundred_changed_rules_are_compared_in_time() {
    let mut rng = Rng::with_seed(101);
    let before = state(&mut rng, 500);
    let unrelated: Edit = |rng, other| *other = state(rng, 500);
    let extreme: [(&str, Edit); 3] =
        [("all toggled", toggle_all), ("reversed", reverse), ("unrelated", unrelated)];
    for (name, edit) in EDITS.into_iter().chain(extreme) {
        let mut after = before.clone();
        edit(&mut rng, &mut after);
        let rounds = (0..if cfg!(debug_assertions) { 1 } else { 5 }).map(|_| {
            let start = Instant::now();
            let patch = diff_json(&before, &after);
            (start.elapsed(), patch)
        });
        let (took, patch) = rounds.min_by_key(|(took, _)| *took).unwrap();
        println!("{name}: {} operations, {} bytes, {took:?}", patch.len(), size(&patch));
        assert!(took < Duration::from_secs(3), "{name}: {took:?}");
    }
}

fn toggle_all(_: &mut Rng, state: &mut Value) {
    for (index, rule) in list(state, "targetingRules").iter_mut().enumerate() {
        rule["value"] = json!({ "boolValue": index % 2 == 0, "stringValue": null });
    }
}

fn reverse(_: &mut Rng, state: &mut Value) {
    list(state, "targetingRules").reverse();
}
