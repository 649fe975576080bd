//! Ids of entities by section and path of names, and back.

use crate::changes::document::Item;
use crate::changes::section::Section;
use std::collections::BTreeMap;

/// Separates the parts of a path.
const SEPARATOR: char = '\u{0}';

/// Ids of entities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry {
    /// Id by section and path.
    ids: BTreeMap<String, String>,
    /// Name by section and id.
    names: BTreeMap<String, String>,
}

impl Registry {
    /// Adds the id of an entity. If several have the same path, the first one keeps it.
    pub(crate) fn add(&mut self, section: &Section, path: &[String], id: &str) {
        let name = path.last().cloned().unwrap_or_default();
        self.names.insert(key(section.name, &[id.to_owned()]), name);
        self.ids.entry(key(section.name, path)).or_insert_with(|| id.to_owned());
    }

    /// Adds the ids of entities of a parent.
    pub(crate) fn add_all(&mut self, section: &Section, parent: &[String], items: &[Item]) {
        for item in items {
            let Some(id) = &item.id else { continue };
            let path = [parent, &[item.key(section).to_owned()]].concat();
            self.add(section, &path, id);
        }
    }

    /// Returns the id of an entity.
    pub(crate) fn id(&self, section: &str, path: &[String]) -> Option<&str> {
        self.ids.get(&key(section, path)).map(String::as_str)
    }

    /// Returns the id of an entity directly below the product, by its name or its id.
    pub(crate) fn find(&self, section: &str, name: &str) -> Option<&str> {
        let path = [name.to_owned()];
        self.id(section, &path).or_else(|| {
            let (id, _) = self.names.get_key_value(&key(section, &path))?;
            id.rsplit(SEPARATOR).next()
        })
    }

    /// Returns the name of an entity.
    pub(crate) fn name(&self, section: &str, id: &str) -> Option<&str> {
        self.names.get(&key(section, &[id.to_owned()])).map(String::as_str)
    }

    /// Forgets an entity, so that another one can have its path.
    pub(crate) fn remove(&mut self, section: &str, path: &[String]) {
        self.ids.remove(&key(section, path));
    }
}

fn key(section: &str, path: &[String]) -> String {
    let mut key = section.to_owned();
    for part in path {
        key.push(SEPARATOR);
        key.push_str(part);
    }
    key
}
