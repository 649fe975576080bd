//! Checks of a document against the snapshot: names that nothing has, and what a new entity needs.

use super::compare::Planner;
use crate::call::suggestion;
use crate::changes::document::Item;
use crate::changes::section::{Role, Section};
use crate::changes::snapshot::Snapshot;
use crate::spec::validate::Violation;
use serde_json::Value;
use std::collections::BTreeSet;
use std::env;

/// Names of the entities of a document and of a snapshot, by which others refer to them.
pub(crate) struct KnownNames {
    names: Vec<(&'static str, BTreeSet<String>)>,
}

impl KnownNames {
    pub(crate) fn new(root: &Item, snapshot: &Snapshot) -> Self {
        let sections = crate::changes::section::PRODUCT.children;
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
        let singular = crate::changes::section::named(section).map_or(section, |section| section.singular);
        format!("the product has no {singular} {name:?}{hint}")
    }

    fn of(&self, section: &str) -> Option<&BTreeSet<String>> {
        self.names.iter().find(|(name, _)| *name == section).map(|(_, names)| names)
    }
}

impl Planner<'_> {
    /// Checks an entity that is created or changed.
    pub(super) fn check(&mut self, section: &Section, path: &[String], item: &Item) {
        let at = place(section, path);
        for member in section.fields {
            let Some(value) = item.fields.get(member.name) else { continue };
            let at = format!("{at}.{}", member.name);
            match member.role {
                Role::Names { section, .. } => {
                    for (i, name) in value.as_array().into_iter().flatten().enumerate() {
                        self.check_name(&format!("{at}[{i}]"), section, name);
                    }
                }
                Role::ByEnvironment { .. } => {
                    for name in value.as_object().into_iter().flat_map(|members| members.keys()) {
                        self.check_name(&format!("{at}.{name}"), "environments", &Value::from(name.as_str()));
                    }
                }
                Role::Secrets => {
                    for (name, missing) in missing_variables(value) {
                        let message = format!("the environment variable {missing} is not set");
                        self.problems.push(Violation { path: format!("{at}.{name}"), message });
                    }
                }
                _ => {}
            }
        }
    }

    /// Checks that an entity which is created has the fields that the service requires.
    pub(super) fn check_new(&mut self, section: &Section, path: &[String], item: &Item) {
        let at = place(section, path);
        for member in section.fields {
            let required = section.spec(member.name).is_some_and(|field| field.required);
            // The name of a flag is its key, unless the document has one; lists and maps may be empty.
            let has_default =
                matches!(member.role, Role::Names { .. } | Role::Secrets) || member.name == "name";
            if required && !has_default && !item.fields.contains_key(member.name) {
                let message = format!("is missing, and the {} does not exist", section.singular);
                self.problems.push(Violation { path: format!("{at}.{}", member.name), message });
            }
        }
    }

    fn check_name(&mut self, at: &str, section: &str, name: &Value) {
        let text = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
        if !self.names.has(section, &text) {
            self.problems
                .push(Violation { path: at.to_owned(), message: self.names.missing(section, &text) });
        }
    }
}

/// Returns the place of an entity in a document: `configs[Storefront].settings[newCheckout]`.
pub(crate) fn place(section: &Section, path: &[String]) -> String {
    match path {
        [] => "product".to_owned(),
        [name] => format!("{}[{name}]", section.name),
        [parent, name] => format!("configs[{parent}].{}[{name}]", section.name),
        [config, flag, environment, ..] => format!("configs[{config}].settings[{flag}].values.{environment}"),
    }
}

/// Replaces `${NAME}` by the value of the environment variable in the strings of a map.
pub(crate) fn expanded(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), expanded(value))).collect()
        }
        Value::String(text) => match variable(text).and_then(|name| env::var(name).ok()) {
            Some(secret) => Value::String(secret),
            None => value.clone(),
        },
        other => other.clone(),
    }
}

/// Returns the members that stand for environment variables which are not set.
fn missing_variables(value: &Value) -> Vec<(String, String)> {
    let members = value.as_object().into_iter().flatten();
    let missing = members.filter_map(|(member, value)| {
        let name = variable(value.as_str()?)?;
        env::var_os(name).is_none().then(|| (member.clone(), name.to_owned()))
    });
    missing.collect()
}

/// Returns the name of the environment variable that a text stands for.
fn variable(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}')
}
