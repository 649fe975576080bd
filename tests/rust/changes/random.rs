//! Properties over random documents.

use super::{empty, received};
use configcat_management::Client;
use configcat_management::changes::{Document, Plan, PlanOptions, Report};
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Number of random documents of each property; `RANDOM_DOCUMENTS` is another number.
fn documents() -> u64 {
    std::env::var("RANDOM_DOCUMENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(25)
}

const ENVIRONMENTS: [&str; 4] = ["Test", "Staging", "Production", "Demo: [1]"];
const TAGS: [&str; 4] = ["checkout", "ops", "größe", "a.b"];
const SEGMENTS: [&str; 3] = ["Beta users", "Big orders", "Staff"];
const SECTIONS: [&str; 6] = ["environments", "permissionGroups", "tags", "segments", "configs", "settings"];

/// Makes random documents.
struct Maker {
    random: Rng,
    environments: Vec<&'static str>,
    segments: Vec<&'static str>,
    tags: Vec<&'static str>,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut some = |all: &[&'static str], least: usize| {
            let mut all = all.to_vec();
            random.shuffle(&mut all);
            all.truncate(random.usize(least..=all.len()));
            all
        };
        let (environments, segments, tags) = (some(&ENVIRONMENTS, 1), some(&SEGMENTS, 0), some(&TAGS, 0));
        Self { random, environments, segments, tags }
    }

    fn document(&mut self) -> Document {
        let environments: Vec<Value> =
            self.environments.clone().iter().map(|name| self.environment(name)).collect();
        let tags: Vec<Value> = self.tags.iter().map(|name| json!({ "name": name })).collect();
        let segments: Vec<Value> = self.segments.iter().map(|name| segment(name)).collect();
        let configs: Vec<Value> = (0..self.random.usize(0..3)).map(|i| self.config(i)).collect();
        let mut document = json!({ "product": "Random", "environments": environments });
        for (name, list) in [("tags", tags), ("segments", segments), ("configs", configs)] {
            if !list.is_empty() {
                document[name] = list.into();
            }
        }
        Document::from_json(&document.to_string()).unwrap_or_else(|error| panic!("{error}\n{document}"))
    }

    fn environment(&mut self, name: &str) -> Value {
        let mut environment = json!({ "name": name });
        if self.random.bool() {
            environment["color"] = json!("red");
        }
        if self.random.u8(..4) == 0 {
            environment["reasonRequired"] = json!(true);
        }
        environment
    }

    fn config(&mut self, number: usize) -> Value {
        let v1 = self.random.bool();
        let types: Vec<&str> = (0..self.random.usize(1..6))
            .map(|_| *self.random.choice(&["boolean", "string", "int", "double"]).unwrap())
            .collect();
        let flags: Vec<Value> = (0..types.len()).map(|i| self.flag(i, &types, v1)).collect();
        json!({
            "name": format!("Config {number}"),
            "evaluationVersion": if v1 { "v1" } else { "v2" },
            "settings": flags,
        })
    }

    fn flag(&mut self, number: usize, types: &[&str], v1: bool) -> Value {
        let ty = types[number];
        let mut flag =
            json!({ "key": format!("flag{number}"), "name": format!("Flag {number}"), "settingType": ty });
        if self.random.bool() {
            flag["hint"] = json!("A hint.");
        }
        let mut tags: Vec<&str> = self.tags.iter().copied().filter(|_| self.random.bool()).collect();
        tags.sort_unstable();
        if !tags.is_empty() {
            flag["tags"] = json!(tags);
        }
        let mut values = Map::new();
        for environment in self.environments.clone() {
            values.insert(environment.to_owned(), self.value(number, types, v1));
        }
        flag["values"] = values.into();
        flag
    }

    fn value(&mut self, number: usize, types: &[&str], v1: bool) -> Value {
        let ty = types[number];
        let default = self.plain(ty);
        let mut rules = Vec::new();
        for _ in 0..self.random.usize(0..4) {
            let conditions = if v1 { 1 } else { self.random.usize(1..3) };
            let conditions: Vec<Value> = (0..conditions).map(|_| self.condition(number, types, v1)).collect();
            let serve = if !v1 && self.random.bool() { self.split(ty) } else { self.plain(ty) };
            rules.push(json!({ "if": conditions, "serve": serve }));
        }
        if self.random.bool() {
            rules.push(json!({ "serve": self.split(ty) }));
        }
        let attribute = !v1 && self.random.u8(..4) == 0;
        if rules.is_empty() && !attribute {
            return default;
        }
        let mut value = json!({ "default": default });
        if !rules.is_empty() {
            value["rules"] = rules.into();
        }
        if attribute {
            value["percentageAttribute"] = json!("Country");
        }
        value
    }

    fn condition(&mut self, number: usize, types: &[&str], v1: bool) -> Value {
        match self.random.u8(..4) {
            0 if !self.segments.is_empty() => {
                let segment = *self.random.choice(&self.segments).unwrap();
                if self.random.bool() {
                    json!({ "segment": segment })
                } else {
                    json!({ "segment": segment, "comparator": "isNotIn" })
                }
            }
            // Flags need only those before them, so that there is no cycle.
            1 if !v1 && number > 0 => {
                let other = self.random.usize(..number);
                let comparator = if self.random.bool() { "equals" } else { "doesNotEqual" };
                json!({ "flag": format!("flag{other}"), comparator: self.plain(types[other]) })
            }
            2 if v1 => json!({ "user": "Email", "contains": "@example.com" }),
            2 => json!({ "user": "Age", "numberGreater": self.random.i32(-5..5) }),
            3 if v1 => json!({ "user": "Version", "semVerLess": "2.0.0" }),
            3 => json!({ "user": "Version", "semVerLess": "2.0.0" }),
            _ if v1 => json!({ "user": "Country", "isOneOf": "DE,AT" }),
            _ => json!({ "user": "Country", "isOneOf": ["DE", { "value": "AT", "hint": "Austria" }] }),
        }
    }

    fn split(&mut self, ty: &str) -> Value {
        let first = self.random.i32(0..=100);
        json!([{ "percentage": first, "value": self.plain(ty) }, { "percentage": 100 - first, "value": self.plain(ty) }])
    }

    fn plain(&mut self, ty: &str) -> Value {
        match ty {
            "boolean" => json!(self.random.bool()),
            "string" => json!(*self.random.choice(&["", "a", "true", "1", "ü: \"x\""]).unwrap()),
            "int" => json!(self.random.i32(-3..3)),
            _ => json!(f64::from(self.random.i32(-6..6)) / 4.0),
        }
    }
}

fn segment(name: &str) -> Value {
    json!({ "name": name, "comparisonAttribute": "Email", "comparator": "contains", "comparisonValue": name })
}

fn options() -> PlanOptions {
    let mut options = PlanOptions::new().reason("Random").allow_replace();
    options
        .prune
        .extend(SECTIONS.iter().filter(|name| **name != "permissionGroups").map(ToString::to_string));
    options
}

/// Applies a document, and checks that the plan's price was the number of requests.
async fn apply(simulator: &configcat_simulator::Simulator, client: &Client, document: &Document) -> Report {
    let plan = client
        .plan(document, &options())
        .await
        .unwrap_or_else(|error| panic!("{error}\n{}", document.to_yaml()));
    let before = received(simulator);
    let report = client.apply_document(document, &options()).await.unwrap();
    assert!(report.is_complete(), "{}\n{}", report.to_text(), plan.to_text(false));
    let sent = u32::try_from(received(simulator) - before).unwrap();
    assert_eq!(sent, plan.price.requests + plan.price.reads, "{}", plan.to_text(false));
    assert_eq!(Plan::from_json(&plan.to_json()).unwrap(), plan);
    report
}

async fn exported(client: &Client) -> Value {
    let mut json: Value = serde_json::from_str(&client.export("Random").await.unwrap().to_json()).unwrap();
    // Every product has a group.
    json.as_object_mut().unwrap().remove("permissionGroups");
    json
}

#[tokio::test]
async fn applied_documents_are_exported_unchanged() {
    for seed in 0..documents() {
        let (simulator, client) = empty().await;
        let document = Maker::new(seed).document();
        apply(&simulator, &client, &document).await;
        let again = client.plan(&document, &options()).await.unwrap();
        assert!(again.is_empty(), "seed {seed}: {}", again.to_text(false));
        let wanted: Value = serde_json::from_str(&document.to_json()).unwrap();
        assert_eq!(exported(&client).await, wanted, "seed {seed}");
        assert_eq!(Document::from_yaml(&document.to_yaml()).unwrap(), document, "seed {seed}");
    }
}

/// Returns the lines around the first difference.
fn difference(after: &Value, before: &Value) -> String {
    let (after, before) = (format!("{after:#}"), format!("{before:#}"));
    let same = after.lines().zip(before.lines()).take_while(|(a, b)| a == b).count();
    let part =
        |text: &str| text.lines().skip(same.saturating_sub(12)).take(20).collect::<Vec<_>>().join("\n");
    format!("is\n{}\nshould be\n{}", part(&after), part(&before))
}

/// Removes positions, which deleted entities do not get back.
fn without_order(mut value: Value) -> Value {
    fn remove(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.remove("order");
                members.values_mut().for_each(remove);
            }
            Value::Array(items) => {
                items.iter_mut().for_each(remove);
                items.sort_by_key(|item| {
                    item.get("key").or_else(|| item.get("name")).map(ToString::to_string)
                });
            }
            _ => {}
        }
    }
    for section in SECTIONS {
        if let Some(list) = value.get_mut(section) {
            remove(list);
        }
    }
    value
}

#[tokio::test]
async fn undo_restores_the_document_before() {
    let mut refused = 0;
    for seed in 0..documents() {
        let (simulator, client) = empty().await;
        // Both have the same environments: values of one that was deleted are lost.
        let mut maker = Maker::new(seed);
        let (first, second) = (maker.document(), maker.document());
        apply(&simulator, &client, &first).await;
        let before = without_order(exported(&client).await);
        let plan = client.plan(&second, &options()).await.unwrap();
        if plan.refused().next().is_some() {
            // A flag would be replaced that others need.
            refused += 1;
            continue;
        }
        let report = apply(&simulator, &client, &second).await;
        assert!(client.plan(&second, &options()).await.unwrap().is_empty(), "seed {seed}");
        let undo = PlanOptions::new().reason("Undo").allow_replace();
        let plan = client.plan(&report.undo(), &undo).await.unwrap();
        if plan.refused().next().is_some() {
            refused += 1;
            continue;
        }
        let undone = client.apply(&plan).await.unwrap();
        assert!(undone.is_complete(), "seed {seed}: {}\n{}", undone.to_text(), plan.to_text(false));
        let after = without_order(exported(&client).await);
        assert!(after == before, "seed {seed}: {}\n{}", difference(&after, &before), plan.to_text(false));
    }
    assert!(refused < documents() / 2, "{refused} of {} plans were refused", documents());
}
