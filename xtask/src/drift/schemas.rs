//! Compares schemas.

use super::comparer::{Comparer, Named};
use super::report::{ChangeKind, Subject};
use super::values::{members, plain, resolve, truth};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const FIELD: Named = Named { subject: Subject::Field, what: "field" };

/// Keys of a schema whose values are compared directly. Descriptions and examples are not compared.
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

impl Comparer<'_> {
    /// Compares two schemas. A pair of named schemas is compared only the first time.
    pub fn schema(&mut self, place: &str, ours: &Value, theirs: &Value) {
        let name = ours["$ref"].as_str().and_then(|path| path.rsplit('/').next()).map(str::to_owned);
        let depth = self.inside.len();
        self.inside.extend(name);
        self.schema_inside(place, ours, theirs);
        self.inside.truncate(depth);
    }

    fn schema_inside(&mut self, place: &str, ours: &Value, theirs: &Value) {
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
        self.strings(place, Subject::EnumValue, "enum value", &a["enum"], &b["enum"]);
        self.strings(place, Subject::Fact, "required field", &a["required"], &b["required"]);
        let empty = Map::new();
        let (mine, new) =
            (a["properties"].as_object().unwrap_or(&empty), b["properties"].as_object().unwrap_or(&empty));
        self.sides(place, FIELD, &members(mine), &members(new), |this, name, a, b| {
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
            (true, false) => self.note(ChangeKind::Removed, Subject::Fact, place, "schema".into()),
            (false, true) => self.note(ChangeKind::Added, Subject::Fact, place, "schema".into()),
        }
    }

    /// Compares two lists of strings as sets.
    fn strings(&mut self, place: &str, subject: Subject, what: &str, ours: &Value, theirs: &Value) {
        let set =
            |list: &Value| -> BTreeSet<String> { list.as_array().into_iter().flatten().map(plain).collect() };
        let (mine, new) = (set(ours), set(theirs));
        self.report.facts += mine.len();
        for text in mine.difference(&new) {
            self.note(ChangeKind::Removed, subject, place, format!("{what} {text}"));
        }
        for text in new.difference(&mine) {
            self.note(ChangeKind::Added, subject, place, format!("{what} {text}"));
        }
    }
}
