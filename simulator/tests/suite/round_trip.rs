//! Round trip of every field: fails if a handler ignores a field that it receives.

use crate::support::scene::Scene;
use configcat_management::operations;
use configcat_management::spec::{Operation, Schema, Type};
use serde_json::Value;
use std::collections::BTreeSet;

/// Number of variants; enough for every branch of [`bodies::body`](crate::support::bodies::body).
const VARIANTS: usize = 9;

/// Fields that have another name in the response.
const RENAMED: &[(&str, &str)] = &[("updateFormulas", "settingFormulas")];

/// Fields that the response does not return as they were sent, with the reason.
const CHANGED: &[(&str, &str)] = &[
    // The response lists what is still selected.
    ("proxy_profiles.deselect_sdk_keys", ".items"),
];

struct Comparison<'a> {
    operation: &'a Operation,
    /// Paths of the fields that were compared.
    compared: BTreeSet<String>,
    problems: Vec<String>,
}

impl Comparison<'_> {
    /// Compares the fields that both schemas have.
    fn object(&mut self, at: &str, sent: (&Schema, &Value), received: (&Schema, &Value)) {
        for field in sent.0.fields {
            let Some(value) = sent.1.get(field.wire) else { continue };
            let renamed = RENAMED.iter().find(|(from, _)| *from == field.wire).map(|(_, to)| *to);
            let name = renamed.unwrap_or(field.wire);
            let Some(other) = received.0.fields.iter().find(|other| other.wire == name) else { continue };
            let at = format!("{at}.{}", field.wire);
            self.value(&at, (&field.ty, value), (&other.ty, &received.1[name]));
        }
    }

    fn value(&mut self, at: &str, sent: (&Type, &Value), received: (&Type, &Value)) {
        let id = self.operation.id;
        if CHANGED.contains(&(id, at)) {
            return;
        }
        match (sent.0, received.0) {
            (Type::Object(a), Type::Object(b)) if !a.is_flag_value => {
                self.object(at, (a, sent.1), (b, received.1));
            }
            (Type::List(a), Type::List(b)) => self.list(at, (a, sent.1), (b, received.1)),
            // The types differ: for example, the request has a list of ids where the response has objects.
            (Type::Object(a), _) | (_, Type::Object(a)) if !a.is_flag_value => {}
            _ => {
                self.compared.insert(at.to_owned());
                let same = sent.1 == received.1 || flag_value(sent.1) == flag_value(received.1);
                if !same {
                    self.problems.push(format!("{id}: {at}: sent {}, received {}", sent.1, received.1));
                }
            }
        }
    }

    fn list(&mut self, at: &str, sent: (&Type, &Value), received: (&Type, &Value)) {
        let (Some(items), Some(others)) = (sent.1.as_array(), received.1.as_array()) else {
            self.problems.push(format!("{}: {at}: received {}", self.operation.id, received.1));
            return;
        };
        for (index, item) in items.iter().enumerate() {
            // A batch contains only some of a config's flags, so items are matched by id.
            let setting = |value: &Value| match &value["setting"]["settingId"] {
                Value::Null => value["settingId"].clone(),
                id => id.clone(),
            };
            let other = match &item["settingId"] {
                Value::Null => others.get(index),
                id => others.iter().find(|other| setting(other) == *id),
            };
            match other {
                Some(other) => self.value(&format!("{at}[]"), (sent.0, item), (received.0, other)),
                None => self.problems.push(format!("{}: {at}[{index}] is missing", self.operation.id)),
            }
        }
    }
}

/// Returns the value of a flag, without null members.
fn flag_value(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    members
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Returns the schema of a request body; for a patch that of the `replace` operation.
fn request_schema(operation: &Operation) -> Option<&'static Schema> {
    match operation.body? {
        Type::Object(schema) => Some(schema),
        Type::Patch(_) => request_schema(operations::find(&format!("{}.replace", operation.resource))?),
        _ => None,
    }
}

/// Returns the values that a patch sets, by field.
fn patched(body: &Value) -> Value {
    let Some(steps) = body.as_array() else { return body.clone() };
    let set =
        steps.iter().map(|step| (step["path"].as_str().unwrap().trim_start_matches('/'), &step["value"]));
    set.map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// Collects the paths of all fields that both schemas have.
fn common(at: &str, sent: &Schema, received: &Schema, found: &mut Vec<String>) {
    for field in sent.fields {
        let renamed = RENAMED.iter().find(|(from, _)| *from == field.wire).map(|(_, to)| *to);
        let name = renamed.unwrap_or(field.wire);
        if let Some(other) = received.fields.iter().find(|other| other.wire == name) {
            common_type(&format!("{at}.{}", field.wire), &field.ty, &other.ty, found);
        }
    }
}

fn common_type(at: &str, sent: &Type, received: &Type, found: &mut Vec<String>) {
    match (sent, received) {
        (Type::Object(a), Type::Object(b)) if !a.is_flag_value => common(at, a, b, found),
        (Type::List(a), Type::List(b)) => common_type(&format!("{at}[]"), a, b, found),
        (Type::Object(a), _) | (_, Type::Object(a)) if !a.is_flag_value => {}
        _ => found.push(at.to_owned()),
    }
}

#[tokio::test]
async fn every_sent_field_is_returned() {
    let (mut problems, mut fields) = (Vec::new(), 0);
    for operation in operations::ALL {
        let (Some(request), Some(Type::Object(response))) = (request_schema(operation), operation.response)
        else {
            continue;
        };
        let scene = Scene::new().await;
        let mut comparison = Comparison { operation, compared: BTreeSet::new(), problems: Vec::new() };
        for variant in 0..VARIANTS {
            match scene.succeed(operation, variant).await {
                Ok((sent, received)) => {
                    let sent = patched(&sent.unwrap());
                    comparison.object("", (request, &sent), (response, &received));
                }
                Err(problem) => comparison.problems.push(format!("{problem} (variant {variant})")),
            }
        }
        // Every state that requests produce is accepted as a snapshot.
        if let Err(problem) = scene.simulator.restore(scene.simulator.snapshot()).await {
            comparison.problems.push(format!("{}: its own snapshot: {problem}", operation.id));
        }
        let mut expected = Vec::new();
        common("", request, response, &mut expected);
        fields += expected.len();
        let id = operation.id;
        let left_out = expected.iter().filter(|path| {
            let changed = CHANGED.iter().any(|(other, at)| *other == id && path.starts_with(at));
            !changed && !comparison.compared.contains(*path)
        });
        problems.extend(left_out.map(|path| format!("{id}: {path}: no body of the tests has it")));
        problems.extend(comparison.problems);
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert!(fields > 300, "only {fields} fields were compared");
}
