//! Names by which entities of a document refer to each other.

use crate::call::suggestion;
use crate::changes::document::Item;
use crate::changes::section::{PRODUCT, named};
use crate::changes::snapshot::Snapshot;
use std::collections::BTreeSet;

/// Names of the entities of a document and of a snapshot, by which others refer to them.
pub(crate) struct KnownNames {
    names: Vec<(&'static str, BTreeSet<String>)>,
}

impl KnownNames {
    pub(crate) fn new(root: &Item, snapshot: &Snapshot) -> Self {
        let sections = PRODUCT.children;
        let names = sections.iter().map(|section| {
            let actual = snapshot.product.as_ref().map_or(&[][..], |product| product.below(section.name));
            let desired = root.below(section.name);
            let all = actual.iter().chain(desired.iter().filter(|item| !item.absent));
            (section.name, all.map(|item| item.key(section).to_owned()).collect())
        });
        Self { names: names.collect() }
    }

    /// Whether there is an entity with a name.
    pub(crate) fn has(&self, section: &str, name: &str) -> bool {
        self.of(section).is_some_and(|names| names.contains(name))
    }

    /// Returns the problem that there is no entity with a name.
    pub(crate) fn missing(&self, section: &str, name: &str) -> String {
        let known = self.of(section).into_iter().flatten().map(String::as_str);
        let hint =
            suggestion(name, known).map_or_else(String::new, |near| format!(", did you mean {near:?}?"));
        let singular = named(section).map_or(section, |section| section.singular);
        format!("the product has no {singular} {name:?}{hint}")
    }

    fn of(&self, section: &str) -> Option<&BTreeSet<String>> {
        self.names.iter().find(|(name, _)| *name == section).map(|(_, names)| names)
    }
}
