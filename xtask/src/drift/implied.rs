//! Facts that our document states in `x-` keys and the other one only implies.

use super::comparer::Comparer;
use super::report::{ChangeKind, Subject};
use super::values::plain;
use serde_json::Value;

/// Returns the values that the `x-` keys of a new operation need.
pub fn facts(ours: &Value, route: &str, op: &Value) -> Vec<String> {
    let mut facts = vec![
        match method(route) {
            "GET" => "x-idempotent: true".to_owned(),
            other => format!("x-idempotent: to be decided ({other})"),
        },
        "x-right: to be decided".to_owned(),
    ];
    if is_paged(op) {
        facts.push("x-paginated: it has a page parameter".to_owned());
    }
    let known: Vec<&str> = identifiers(ours).collect();
    for parameter in parameters(op).filter(|p| p["in"] == "path") {
        let name = plain(&parameter["name"]);
        if !known.contains(&name.as_str()) {
            facts.push(format!("x-ids: no identifier is called {name}"));
        }
    }
    facts
}

/// Compares the `x-` keys of our operation with what the same operation in the other document implies.
pub fn compare(comparer: &mut Comparer<'_>, route: &str, ours: &Value, theirs: &Value) {
    comparer.report.facts += 2;
    if method(route) == "GET" && ours["x-idempotent"] != true {
        let what = "x-idempotent is not true, and a GET is idempotent".to_owned();
        comparer.note(ChangeKind::Changed, Subject::Fact, route, what);
    }
    match (is_paged(theirs), ours["x-paginated"].is_null()) {
        (true, true) => {
            let what = "x-paginated: it has a page parameter".to_owned();
            comparer.note(ChangeKind::Added, Subject::Fact, route, what);
        }
        (false, false) => {
            let what = "x-paginated: it has no page parameter".to_owned();
            comparer.note(ChangeKind::Removed, Subject::Fact, route, what);
        }
        _ => {}
    }
}

fn method(route: &str) -> &str {
    route.split(' ').next().unwrap_or_default()
}

fn parameters(op: &Value) -> impl Iterator<Item = &Value> {
    op["parameters"].as_array().into_iter().flatten()
}

fn is_paged(op: &Value) -> bool {
    parameters(op).any(|parameter| parameter["in"] == "query" && parameter["name"] == "pageNumber")
}

/// The names of fields and parameters that carry an identifier.
fn identifiers(doc: &Value) -> impl Iterator<Item = &str> {
    let ids = doc["x-ids"].as_object().into_iter().flatten();
    ids.filter_map(|(_, id)| id["fields"].as_array()).flatten().filter_map(Value::as_str)
}
