//! Compares two OpenAPI documents by structure: what is at a place counts, not what its schema is called.

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub kind: Kind,
    /// Where, such as `get-products 200 body[].name`.
    pub place: String,
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Added,
    Removed,
    Changed,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.kind {
            Kind::Added => '+',
            Kind::Removed => '-',
            Kind::Changed => '~',
        };
        write!(f, "{mark} {}: {}", self.place, self.what)
    }
}

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Report {
    pub changes: Vec<Change>,
    /// Operations in either document, and how many of them are the same.
    pub operations: usize,
    pub same: usize,
    /// How many single facts were compared.
    pub facts: usize,
}

/// Facts of a schema that are compared as they are; descriptions and examples are no facts.
const FACTS: &[&str] = &[
    "type",
    "format",
    "nullable",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "pattern",
    "default",
    "readOnly",
    "writeOnly",
    "uniqueItems",
];

/// Compares two documents; `theirs` is the newer one.
pub fn compare(ours: &Value, theirs: &Value) -> Result<Report> {
    let mut comparer = Comparer { ours, theirs, report: Report::default(), seen: BTreeSet::new() };
    let (mine, new) = (operations(ours)?, operations(theirs)?);
    let all: BTreeSet<&String> = mine.keys().chain(new.keys()).collect();
    comparer.report.operations = all.len();
    for route in all {
        let before = comparer.report.changes.len();
        comparer.report.facts += 1;
        match (mine.get(route), new.get(route)) {
            (Some(a), Some(b)) => comparer.operation(route, a, b),
            (Some(_), None) => comparer.note(Kind::Removed, route, "operation".into()),
            (None, Some(_)) => comparer.note(Kind::Added, route, "operation".into()),
            (None, None) => {}
        }
        comparer.report.same += usize::from(comparer.report.changes.len() == before);
    }
    comparer.security();
    comparer.report.changes.sort();
    Ok(comparer.report)
}

/// Operations by method and path.
fn operations(doc: &Value) -> Result<BTreeMap<String, &Value>> {
    let mut found = BTreeMap::new();
    for (path, item) in doc["paths"].as_object().context("the document has no paths")? {
        for method in ["get", "put", "post", "delete", "patch", "options", "head"] {
            if let Some(op) = item.get(method) {
                found.insert(format!("{} {path}", method.to_uppercase()), op);
            }
        }
    }
    Ok(found)
}

struct Comparer<'a> {
    ours: &'a Value,
    theirs: &'a Value,
    report: Report,
    /// Pairs of named schemas that were compared: each once, at the first place that leads there.
    seen: BTreeSet<(String, String)>,
}

impl Comparer<'_> {
    fn note(&mut self, kind: Kind, place: &str, what: String) {
        self.report.changes.push(Change { kind, place: place.to_owned(), what });
    }

    fn fact(&mut self, place: &str, name: &str, ours: &Value, theirs: &Value) {
        self.report.facts += 1;
        match (ours, theirs) {
            (a, b) if a == b => {}
            (Value::Null, b) => self.note(Kind::Added, place, format!("{name} {b}")),
            (a, Value::Null) => self.note(Kind::Removed, place, format!("{name} {a}")),
            (a, b) => self.note(Kind::Changed, place, format!("{name} {a} is now {b}")),
        }
    }

    /// Compares what is on one side only, and hands on what is on both.
    fn sides<'v>(
        &mut self,
        place: &str,
        what: &str,
        ours: &BTreeMap<String, &'v Value>,
        theirs: &BTreeMap<String, &'v Value>,
        mut both: impl FnMut(&mut Self, &str, &'v Value, &'v Value),
    ) {
        for (name, a) in ours {
            self.report.facts += 1;
            match theirs.get(name) {
                Some(b) => both(self, name, a, b),
                None => self.note(Kind::Removed, place, format!("{what} {name}")),
            }
        }
        for name in theirs.keys().filter(|name| !ours.contains_key(*name)) {
            self.note(Kind::Added, place, format!("{what} {name}"));
        }
    }

    fn operation(&mut self, route: &str, ours: &Value, theirs: &Value) {
        // An operation that upstream leaves without a name got one of ours.
        if !theirs["operationId"].is_null() {
            self.fact(route, "operationId", &ours["operationId"], &theirs["operationId"]);
        }
        self.fact(route, "deprecated", &truth(&ours["deprecated"]), &truth(&theirs["deprecated"]));
        let parameters = |op: &Value| -> Vec<(String, Value)> {
            let list = op["parameters"].as_array().cloned().unwrap_or_default();
            list.into_iter().map(|p| (format!("{} {}", plain(&p["in"]), plain(&p["name"])), p)).collect()
        };
        let (mine, new) = (parameters(ours), parameters(theirs));
        self.sides(route, "parameter", &by_name(&mine), &by_name(&new), |this, name, a, b| {
            let place = format!("{route} parameter {name}");
            this.fact(&place, "required", &truth(&a["required"]), &truth(&b["required"]));
            if a["schema"]["type"] == "array" {
                // What OpenAPI takes for granted in a query.
                let explode = |p: &Value| p["explode"].as_bool().unwrap_or(true);
                this.fact(&place, "explode", &explode(a).into(), &explode(b).into());
            }
            this.schema(&place, &a["schema"], &b["schema"]);
        });
        self.body(route, &ours["requestBody"], &theirs["requestBody"]);
        let empty = Map::new();
        let (mine, new) = (
            ours["responses"].as_object().unwrap_or(&empty),
            theirs["responses"].as_object().unwrap_or(&empty),
        );
        self.sides(route, "answer", &members(mine), &members(new), |this, status, a, b| {
            this.content(&format!("{route} {status}"), &a["content"], &b["content"]);
        });
    }

    fn body(&mut self, route: &str, ours: &Value, theirs: &Value) {
        match (ours.is_null(), theirs.is_null()) {
            (true, true) => {}
            (false, true) => self.note(Kind::Removed, route, "request body".into()),
            (true, false) => self.note(Kind::Added, route, "request body".into()),
            (false, false) => {
                let place = format!("{route} request");
                self.fact(&place, "required", &truth(&ours["required"]), &truth(&theirs["required"]));
                self.content(&place, &ours["content"], &theirs["content"]);
            }
        }
    }

    fn content(&mut self, place: &str, ours: &Value, theirs: &Value) {
        let empty = Map::new();
        let (mine, new) = (ours.as_object().unwrap_or(&empty), theirs.as_object().unwrap_or(&empty));
        self.sides(place, "media type", &members(mine), &members(new), |this, media, a, b| {
            // The same schema under several media types is told once.
            let place = if media == "application/json" {
                format!("{place} body")
            } else {
                format!("{place} {media}")
            };
            this.schema(&place, &a["schema"], &b["schema"]);
        });
    }

    fn schema(&mut self, place: &str, ours: &Value, theirs: &Value) {
        if let (Some(a), Some(b)) = (ours["$ref"].as_str(), theirs["$ref"].as_str())
            && !self.seen.insert((a.to_owned(), b.to_owned()))
        {
            return;
        }
        let (a, b) = (resolve(self.ours, ours), resolve(self.theirs, theirs));
        for name in FACTS {
            let same = |schema: &Value| match *name {
                "nullable" | "readOnly" | "writeOnly" | "uniqueItems" => truth(&schema[*name]),
                _ => schema[*name].clone(),
            };
            self.fact(place, name, &same(&a), &same(&b));
        }
        self.texts(place, "enum value", &a["enum"], &b["enum"]);
        self.texts(place, "required field", &a["required"], &b["required"]);
        let empty = Map::new();
        let (mine, new) =
            (a["properties"].as_object().unwrap_or(&empty), b["properties"].as_object().unwrap_or(&empty));
        self.sides(place, "field", &members(mine), &members(new), |this, name, a, b| {
            this.schema(&format!("{place}.{name}"), a, b);
        });
        self.nested(&format!("{place}[]"), &a["items"], &b["items"]);
        self.nested(&format!("{place}.*"), &a["additionalProperties"], &b["additionalProperties"]);
        for keyword in ["oneOf", "anyOf"] {
            let list = |schema: &Value| schema[keyword].as_array().cloned().unwrap_or_default();
            let (mine, new) = (list(&a), list(&b));
            self.fact(place, &format!("{keyword} choices"), &mine.len().into(), &new.len().into());
            for (i, (a, b)) in mine.iter().zip(&new).enumerate() {
                self.schema(&format!("{place}|{i}"), a, b);
            }
        }
    }

    fn nested(&mut self, place: &str, ours: &Value, theirs: &Value) {
        match (ours.is_object(), theirs.is_object()) {
            (true, true) => self.schema(place, ours, theirs),
            (false, false) => self.fact(place, "schema", ours, theirs),
            (true, false) => self.note(Kind::Removed, place, "schema".into()),
            (false, true) => self.note(Kind::Added, place, "schema".into()),
        }
    }

    /// Compares two lists of texts as sets.
    fn texts(&mut self, place: &str, what: &str, ours: &Value, theirs: &Value) {
        let set =
            |list: &Value| -> BTreeSet<String> { list.as_array().into_iter().flatten().map(plain).collect() };
        let (mine, new) = (set(ours), set(theirs));
        self.report.facts += mine.len();
        for text in mine.difference(&new) {
            self.note(Kind::Removed, place, format!("{what} {text}"));
        }
        for text in new.difference(&mine) {
            self.note(Kind::Added, place, format!("{what} {text}"));
        }
    }

    fn security(&mut self) {
        let schemes = |doc: &Value| -> Vec<(String, Value)> {
            let map = doc["components"]["securitySchemes"].as_object().cloned().unwrap_or_default();
            map.into_iter().collect()
        };
        let (mine, new) = (schemes(self.ours), schemes(self.theirs));
        self.sides("security", "scheme", &by_name(&mine), &by_name(&new), |this, name, a, b| {
            for fact in ["type", "scheme", "in", "name"] {
                this.fact(&format!("security {name}"), fact, &a[fact], &b[fact]);
            }
        });
    }
}

/// Follows references, and folds an `allOf` with one part into the schema that wraps it.
fn resolve(doc: &Value, schema: &Value) -> Value {
    let mut schema = schema.clone();
    for _ in 0..32 {
        let target = match (schema["$ref"].as_str(), schema["allOf"].as_array().map(Vec::as_slice)) {
            (Some(path), _) => doc.pointer(path.trim_start_matches('#')).cloned().unwrap_or_default(),
            (None, Some([only])) => only.clone(),
            _ => return schema,
        };
        let mut map = target.as_object().cloned().unwrap_or_default();
        for (key, value) in schema.as_object().into_iter().flatten() {
            if key != "$ref" && key != "allOf" {
                map.insert(key.clone(), value.clone());
            }
        }
        schema = Value::Object(map);
    }
    schema
}

fn by_name(list: &[(String, Value)]) -> BTreeMap<String, &Value> {
    list.iter().map(|(name, value)| (name.clone(), value)).collect()
}

fn members(map: &Map<String, Value>) -> BTreeMap<String, &Value> {
    map.iter().map(|(name, value)| (name.clone(), value)).collect()
}

/// False and not there are the same.
fn truth(value: &Value) -> Value {
    Value::Bool(value.as_bool().unwrap_or(false))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build::parse;

    fn description() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/openapi.yaml");
        parse(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// What drift says after a change of the other document.
    fn after(change: impl Fn(&mut Value)) -> Vec<String> {
        let ours = description();
        let mut theirs = ours.clone();
        change(&mut theirs);
        compare(&ours, &theirs).unwrap().changes.iter().map(ToString::to_string).collect()
    }

    fn schema<'a>(doc: &'a mut Value, name: &str) -> &'a mut Value {
        &mut doc["components"]["schemas"][name]
    }

    fn remove(value: &mut Value, key: &str) {
        assert!(value.as_object_mut().unwrap().shift_remove(key).is_some(), "{key}");
    }

    #[test]
    fn a_document_does_not_differ_from_itself() {
        let ours = description();
        let operations = crate::model::build::build(&ours).unwrap().operations().count();
        let report = compare(&ours, &ours).unwrap();
        assert_eq!((report.changes.len(), report.operations, report.same), (0, operations, operations));
        assert!(report.facts > 5_000, "{}", report.facts);
    }

    #[test]
    fn the_name_of_a_schema_is_no_fact() {
        let text = serde_json::to_string(&description()).unwrap();
        let renamed =
            text.replace("schemas/TagModel\"", "schemas/Etikett\"").replace("\"TagModel\":", "\"Etikett\":");
        assert_ne!(text, renamed);
        let theirs: Value = serde_json::from_str(&renamed).unwrap();
        assert_eq!(compare(&description(), &theirs).unwrap().changes, []);
    }

    #[test]
    fn descriptions_and_examples_are_no_facts() {
        let found = after(|doc| {
            schema(doc, "TagModel")["description"] = "other".into();
            schema(doc, "TagModel")["properties"]["name"]["example"] = "other".into();
            doc["paths"]["/v1/me"]["get"]["summary"] = "other".into();
        });
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn operations_come_and_go() {
        assert_eq!(after(|doc| remove(&mut doc["paths"]["/v1/me"], "get")), ["- GET /v1/me: operation"]);
        let found = after(|doc| doc["paths"]["/v3/me"] = doc["paths"]["/v1/me"].clone());
        assert_eq!(found, ["+ GET /v3/me: operation"]);
        let found = after(|doc| doc["paths"]["/v1/me"]["get"]["deprecated"] = true.into());
        assert_eq!(found, ["~ GET /v1/me: deprecated false is now true"]);
        let found = after(|doc| doc["paths"]["/v1/me"]["get"]["operationId"] = "who-am-i".into());
        assert_eq!(found, ["~ GET /v1/me: operationId \"get-me\" is now \"who-am-i\""]);
    }

    #[test]
    fn parameters_come_go_and_change() {
        let route = "GET /v2/products/{productId}/auditlogs";
        let list = |doc: &mut Value| -> Vec<Value> {
            doc["paths"]["/v2/products/{productId}/auditlogs"]["get"]["parameters"]
                .as_array()
                .unwrap()
                .clone()
        };
        let set = |doc: &mut Value, list: Vec<Value>| {
            doc["paths"]["/v2/products/{productId}/auditlogs"]["get"]["parameters"] = list.into();
        };
        let found = after(|doc| {
            let mut new = list(doc);
            new.retain(|p| p["name"] != "pageSize");
            set(doc, new);
        });
        assert_eq!(found, [format!("- {route}: parameter query pageSize")]);
        let found = after(|doc| {
            let mut new = list(doc);
            let mut added = new[1].clone();
            added["name"] = "color".into();
            new.push(added);
            set(doc, new);
        });
        assert_eq!(found, [format!("+ {route}: parameter query color")]);
        let found = after(|doc| {
            let mut new = list(doc);
            let page = new.iter_mut().find(|p| p["name"] == "pageSize").unwrap();
            page["required"] = true.into();
            page["schema"]["maximum"] = 500.into();
            page["schema"]["default"] = 10.into();
            set(doc, new);
        });
        let place = format!("~ {route} parameter query pageSize");
        assert_eq!(
            found,
            [
                format!("{place}: default 100 is now 10"),
                format!("{place}: maximum 100 is now 500"),
                format!("{place}: required false is now true"),
            ]
        );
    }

    #[test]
    fn bodies_and_answers_come_and_go() {
        let found = after(|doc| remove(&mut doc["paths"]["/v1/tags/{tagId}"]["put"], "requestBody"));
        assert_eq!(found[0], "- PUT /v1/tags/{tagId}: request body");
        let found = after(|doc| {
            doc["paths"]["/v1/tags/{tagId}"]["put"]["requestBody"]["required"] = false.into();
        });
        assert_eq!(found, ["~ PUT /v1/tags/{tagId} request: required true is now false"]);
        let found = after(|doc| {
            let body = &mut doc["paths"]["/v1/tags/{tagId}"]["put"]["requestBody"]["content"];
            remove(body, "text/json");
        });
        assert_eq!(found, ["- PUT /v1/tags/{tagId} request: media type text/json"]);
        let found = after(|doc| {
            let answers = &mut doc["paths"]["/v1/tags/{tagId}"]["get"]["responses"];
            remove(answers, "404");
            answers["409"] = serde_json::json!({ "description": "Conflict." });
        });
        assert_eq!(found, ["+ GET /v1/tags/{tagId}: answer 409", "- GET /v1/tags/{tagId}: answer 404"]);
    }

    #[test]
    fn fields_come_go_and_change() {
        let one = |found: Vec<String>, end: &str| {
            assert!(
                found.len() == 1 && found[0].ends_with(end),
                "{found:?} should be one that ends with {end:?}"
            );
        };
        one(after(|doc| remove(&mut schema(doc, "TagModel")["properties"], "color")), ": field color");
        one(
            after(|doc| {
                schema(doc, "TagModel")["properties"]["icon"] = serde_json::json!({ "type": "string" })
            }),
            ": field icon",
        );
        one(
            after(|doc| schema(doc, "TagModel")["properties"]["name"]["nullable"] = true.into()),
            ".name: nullable false is now true",
        );
        one(
            after(|doc| schema(doc, "TagModel")["properties"]["tagId"]["format"] = "int32".into()),
            ".tagId: format \"int64\" is now \"int32\"",
        );
        one(
            after(|doc| schema(doc, "CreateTagModel")["properties"]["name"]["maxLength"] = 100.into()),
            ".name: maxLength 255 is now 100",
        );
        one(
            after(|doc| {
                schema(doc, "CreateTagModel")["required"] = serde_json::json!(["name", "color"]);
            }),
            ": required field color",
        );
    }

    #[test]
    fn enum_values_come_and_go() {
        let found = after(|doc| {
            schema(doc, "SettingType")["enum"] = serde_json::json!(["boolean", "string", "int", "json"]);
        });
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with('+') && found[0].ends_with("enum value json"), "{found:?}");
        assert!(found[1].starts_with('-') && found[1].ends_with("enum value double"), "{found:?}");
    }

    #[test]
    fn a_choice_and_a_security_scheme_are_facts() {
        let found = after(|doc| {
            let choices = schema(doc, "SettingValueType")["oneOf"].as_array_mut().unwrap();
            choices.pop();
        });
        assert!(found.iter().any(|c| c.ends_with("oneOf choices 3 is now 2")), "{found:?}");
        let found = after(|doc| doc["components"]["securitySchemes"]["Basic"]["scheme"] = "bearer".into());
        assert_eq!(found, ["~ security Basic: scheme \"basic\" is now \"bearer\""]);
    }
}
