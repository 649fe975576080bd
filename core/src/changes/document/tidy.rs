//! Removes what need not be written: ids, what is the default, and positions that follow from the order.

use super::item::Item;
use crate::changes::plan::is_empty;
use crate::changes::section::{Role, Section};
use serde_json::Value;

impl Item {
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
