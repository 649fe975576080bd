//! Checks of a document against the snapshot: names that nothing has, and what a new entity needs.

use super::compare::Planner;
use super::place::place;
use super::secrets::missing_variables;
use crate::changes::document::Item;
use crate::changes::section::{Role, Section};
use crate::spec::validate::Violation;
use serde_json::Value;

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
