//! Compares single facts and records their differences.

use super::report::{Change, ChangeKind, Report, Subject};
use super::values::summary;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Compares two documents.
pub struct Comparer<'a> {
    pub ours: &'a Value,
    pub theirs: &'a Value,
    pub report: Report,
    /// Pairs of named schemas that were compared. Each pair is compared only once, at the first path that refers to it.
    pub seen: BTreeSet<(String, String)>,
    /// Stack of the named schemas around the value that is being compared, the innermost last.
    pub inside: Vec<String>,
}

/// Type of named member that documents are compared by.
#[derive(Clone, Copy)]
pub struct Named {
    pub subject: Subject,
    /// Term used in messages.
    pub what: &'static str,
}

impl<'a> Comparer<'a> {
    pub fn new(ours: &'a Value, theirs: &'a Value) -> Self {
        Self { ours, theirs, report: Report::default(), seen: BTreeSet::new(), inside: Vec::new() }
    }

    pub fn note(&mut self, kind: ChangeKind, subject: Subject, place: &str, what: String) {
        let schema = self.inside.last().cloned();
        self.report.changes.push(Change { kind, place: place.to_owned(), what, subject, schema });
    }

    pub fn fact(&mut self, place: &str, name: &str, ours: &Value, theirs: &Value) {
        self.report.facts += 1;
        match (ours, theirs) {
            (a, b) if a == b => {}
            (Value::Null, b) => self.note(ChangeKind::Added, Subject::Fact, place, format!("{name} {b}")),
            (a, Value::Null) => self.note(ChangeKind::Removed, Subject::Fact, place, format!("{name} {a}")),
            (a, b) => self.note(ChangeKind::Changed, Subject::Fact, place, format!("{name} {a} is now {b}")),
        }
    }

    /// Records members that only one side has, and passes on members that both have.
    pub fn sides<'v>(
        &mut self,
        place: &str,
        Named { subject, what }: Named,
        ours: &BTreeMap<String, &'v Value>,
        theirs: &BTreeMap<String, &'v Value>,
        mut both: impl FnMut(&mut Self, &str, &'v Value, &'v Value),
    ) {
        for (name, a) in ours {
            self.report.facts += 1;
            match theirs.get(name) {
                Some(b) => both(self, name, a, b),
                None => self.note(ChangeKind::Removed, subject, place, format!("{what} {name}")),
            }
        }
        for (name, added) in theirs.iter().filter(|(name, _)| !ours.contains_key(*name)) {
            let about = match subject {
                Subject::Field => format!(", {}", summary(self.theirs, added)),
                Subject::Parameter => format!(", {}", summary(self.theirs, &added["schema"])),
                _ => String::new(),
            };
            self.note(ChangeKind::Added, subject, place, format!("{what} {name}{about}"));
        }
    }
}
