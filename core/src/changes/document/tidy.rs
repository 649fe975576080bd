//! Removes what need not be written: ids, what is the default, and positions that follow from the order. And adds what is not
//! mentioned, where a document has to describe everything.

use super::item::Item;
use crate::changes::plan::is_empty;
use crate::changes::section::{Role, Section};
use crate::spec::Type;
use serde_json::{Value, json};

impl Item {
    /// Returns the entity with an empty value for each field that it does not mention, so that what others have there is removed.
    pub(crate) fn completed(mut self, section: &'static Section) -> Self {
        for member in
            section.fields.iter().filter(|member| !self.fields.contains_key(member.name)).collect::<Vec<_>>()
        {
            let empty = match member.role {
                Role::Names { .. } | Role::Variations => json!([]),
                Role::ByEnvironment { .. } | Role::Secrets => json!({}),
                Role::Preference if member.name == "keyGenerationMode" => json!("camelCase"),
                Role::Preference => json!(false),
                Role::Plain => match section.spec(member.name).map(|field| &field.ty) {
                    Some(Type::Boolean) => json!(false),
                    Some(Type::String { .. }) => Value::Null,
                    _ => continue,
                },
                Role::Fixed | Role::Order => continue,
            };
            self.fields.insert(member.name.to_owned(), empty);
        }
        let children = std::mem::take(&mut self.children);
        for (name, items) in children {
            let Some(child) = section.child(name) else { continue };
            self.children.insert(name, items.into_iter().map(|item| item.completed(child)).collect());
        }
        self
    }

    /// Returns the entity as it is written in a document.
    pub(crate) fn tidied(mut self, section: &'static Section) -> Self {
        self.id = None;
        self.hidden.clear();
        for member in section.fields {
            let is_default = match self.fields.get(member.name) {
                Some(value) if member.name == "keyGenerationMode" => value == "camelCase",
                Some(value) => is_empty(value) && member.role != Role::Fixed,
                None => false,
            };
            if is_default {
                self.fields.remove(member.name);
            }
        }
        let children = std::mem::take(&mut self.children);
        for (name, items) in children.into_iter().filter(|(_, items)| !items.is_empty()) {
            let Some(child) = section.child(name) else { continue };
            let mut next = 0;
            let tidied = items.into_iter().map(|item| {
                let mut item = item.tidied(child);
                let order = item.fields.get("order").and_then(Value::as_i64);
                if order == Some(next) {
                    item.fields.remove("order");
                }
                next = next.max(order.unwrap_or(next).saturating_add(1));
                item
            });
            self.children.insert(name, tidied.collect());
        }
        self
    }
}
