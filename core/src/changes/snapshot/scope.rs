//! What a snapshot has to contain.

use crate::changes::document::Item;
use crate::changes::section::{PREFERENCES, PRODUCT, Role, Section, VALUES, all};
use std::collections::BTreeSet;

/// Part of a product that is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// Sections.
    sections: BTreeSet<&'static str>,
    /// Sections of which all fields are read, and not only those that lists contain.
    details: BTreeSet<&'static str>,
    /// Configs of which the flags are read; `None` means all.
    configs: Option<BTreeSet<String>>,
    /// Whether all preferences of the product are read, and not only those that lists contain.
    pub(crate) preferences: bool,
}

impl Scope {
    /// Everything.
    pub(crate) fn everything() -> Self {
        let sections: BTreeSet<_> = all().into_iter().map(|section| section.name).collect();
        Self { details: sections.clone(), sections, configs: None, preferences: true }
    }

    /// What is needed to compare a product with its desired state.
    pub(crate) fn of(root: &Item, prune: &BTreeSet<String>) -> Self {
        let mut scope = Self { configs: Some(BTreeSet::new()), ..Self::default() };
        // The lists contain the others.
        scope.preferences = PREFERENCES.iter().skip(2).any(|name| root.fields.contains_key(*name));
        for section in PRODUCT.children.iter().copied() {
            let pruned = prune.contains(section.name);
            if root.children.contains_key(section.name) || pruned {
                scope.add(section, root.below(section.name), pruned, prune);
            }
        }
        scope
    }

    /// Whether a section is read.
    pub(crate) fn reads(&self, section: &str) -> bool {
        self.sections.contains(section)
    }

    /// Whether all fields of a section's entities are read.
    pub(crate) fn has_details(&self, section: &Section) -> bool {
        self.details.contains(section.name)
    }

    /// Whether what is below a config is read.
    pub(crate) fn goes_below(&self, key: &str) -> bool {
        self.configs.as_ref().is_none_or(|configs| configs.contains(key))
    }

    fn add(&mut self, section: &'static Section, items: &[Item], pruned: bool, prune: &BTreeSet<String>) {
        self.sections.insert(section.name);
        self.details.insert(section.name);
        for member in section.fields {
            match member.role {
                Role::Names { section, .. } => self.sections.insert(section),
                Role::ByEnvironment { .. } => self.sections.insert("environments"),
                _ => false,
            };
        }
        for child in section.children.iter().copied() {
            // What is deleted, or may be because a field cannot be changed, is read first, so that it can be restored.
            let all = prune.contains(child.name);
            let is_gone =
                |item: &Item| item.absent || fixed(section).any(|name| item.fields.contains_key(name));
            let below =
                items.iter().filter(|item| all || item.children.contains_key(child.name) || is_gone(item));
            let keys: BTreeSet<String> = below.map(|item| item.key(section).to_owned()).collect();
            if keys.is_empty() && !pruned && !prune.contains(child.name) {
                continue;
            }
            match &mut self.configs {
                Some(configs) if !pruned => configs.extend(keys),
                configs => *configs = None,
            }
            let inner = items.iter().flat_map(|item| item.below(child.name)).cloned().collect::<Vec<_>>();
            self.add(child, &inner, prune.contains(child.name), prune);
            if child.name == VALUES.parent {
                // Values are per environment, and their conditions name segments.
                self.sections.extend(["environments", "segments"]);
            }
        }
    }
}

/// Fields that are decided when an entity is created.
fn fixed(section: &'static Section) -> impl Iterator<Item = &'static str> {
    section.fields.iter().filter(|member| member.role == Role::Fixed).map(|member| member.name)
}
