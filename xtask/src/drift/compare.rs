//! Compares operations.

use super::comparer::{Comparer, Named};
use super::implied;
use super::report::{ChangeKind, Report, Subject};
use super::values::{by_name, members, named_schemas, plain, truth};
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const PARAMETER: Named = Named { subject: Subject::Parameter, what: "parameter" };
const RESPONSE: Named = Named { subject: Subject::Fact, what: "response" };
const MEDIA_TYPE: Named = Named { subject: Subject::Fact, what: "media type" };
const SCHEME: Named = Named { subject: Subject::Fact, what: "scheme" };

/// Compares two documents; `theirs` is the newer one.
pub fn compare(ours: &Value, theirs: &Value) -> Result<Report> {
    let mut comparer = Comparer::new(ours, theirs);
    let (mine, new) = (operations(ours)?, operations(theirs)?);
    let all: BTreeSet<&String> = mine.keys().chain(new.keys()).collect();
    comparer.report.operations = all.len();
    let mut affected = BTreeSet::new();
    for route in all {
        let before = comparer.report.changes.len();
        comparer.report.facts += 1;
        match (mine.get(route), new.get(route)) {
            (Some(a), Some(b)) => comparer.operation(route, a, b),
            (Some(_), None) => {
                comparer.note(ChangeKind::Removed, Subject::Operation, route, "operation".into())
            }
            (None, Some(b)) => {
                let facts = implied::facts(ours, route, b).join(", ");
                comparer.note(ChangeKind::Added, Subject::Operation, route, format!("operation; {facts}"));
            }
            (None, None) => {}
        }
        if comparer.report.changes.len() > before {
            affected.insert(route);
        }
    }
    comparer.security();
    // A schema is compared once, however many operations use it.
    let changed: BTreeSet<&String> =
        comparer.report.changes.iter().filter_map(|change| change.schema.as_ref()).collect();
    affected.extend(
        mine.iter()
            .filter(|(_, op)| named_schemas(ours, op).iter().any(|name| changed.contains(name)))
            .map(|(route, _)| route),
    );
    comparer.report.affected = affected.len();
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

impl Comparer<'_> {
    fn operation(&mut self, route: &str, ours: &Value, theirs: &Value) {
        // If the other document has no operation ID, ours was chosen by us and is not compared.
        if !theirs["operationId"].is_null() {
            self.fact(route, "operationId", &ours["operationId"], &theirs["operationId"]);
        }
        self.fact(route, "deprecated", &truth(&ours["deprecated"]), &truth(&theirs["deprecated"]));
        let parameters = |op: &Value| -> Vec<(String, Value)> {
            let list = op["parameters"].as_array().cloned().unwrap_or_default();
            list.into_iter().map(|p| (format!("{} {}", plain(&p["in"]), plain(&p["name"])), p)).collect()
        };
        let (mine, new) = (parameters(ours), parameters(theirs));
        self.sides(route, PARAMETER, &by_name(&mine), &by_name(&new), |this, name, a, b| {
            let place = format!("{route} parameter {name}");
            this.fact(&place, "required", &truth(&a["required"]), &truth(&b["required"]));
            if a["schema"]["type"] == "array" {
                // OpenAPI's default for query parameters.
                let explode = |p: &Value| p["explode"].as_bool().unwrap_or(true);
                this.fact(&place, "explode", &explode(a).into(), &explode(b).into());
            }
            this.schema(&place, &a["schema"], &b["schema"]);
        });
        implied::compare(self, route, ours, theirs);
        self.body(route, &ours["requestBody"], &theirs["requestBody"]);
        let empty = Map::new();
        let (mine, new) = (
            ours["responses"].as_object().unwrap_or(&empty),
            theirs["responses"].as_object().unwrap_or(&empty),
        );
        self.sides(route, RESPONSE, &members(mine), &members(new), |this, status, a, b| {
            this.content(&format!("{route} {status}"), &a["content"], &b["content"]);
        });
    }

    fn body(&mut self, route: &str, ours: &Value, theirs: &Value) {
        match (ours.is_null(), theirs.is_null()) {
            (true, true) => {}
            (false, true) => self.note(ChangeKind::Removed, Subject::Fact, route, "request body".into()),
            (true, false) => self.note(ChangeKind::Added, Subject::Fact, route, "request body".into()),
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
        self.sides(place, MEDIA_TYPE, &members(mine), &members(new), |this, media, a, b| {
            let json = |content: &Value| content["application/json"]["schema"].clone();
            // The same schema under several media types is reported once.
            let place = if media == "application/json" {
                format!("{place} body")
            } else if (json(ours), json(theirs)) == (a["schema"].clone(), b["schema"].clone()) {
                return;
            } else {
                format!("{place} body as {media:?}")
            };
            this.schema(&place, &a["schema"], &b["schema"]);
        });
    }

    fn security(&mut self) {
        let schemes = |doc: &Value| -> Vec<(String, Value)> {
            let map = doc["components"]["securitySchemes"].as_object().cloned().unwrap_or_default();
            map.into_iter().collect()
        };
        let (mine, new) = (schemes(self.ours), schemes(self.theirs));
        self.sides("security", SCHEME, &by_name(&mine), &by_name(&new), |this, name, a, b| {
            for fact in ["type", "scheme", "in", "name"] {
                this.fact(&format!("security {name}"), fact, &a[fact], &b[fact]);
            }
        });
    }
}
