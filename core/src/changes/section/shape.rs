//! What a section consists of.

use super::member::Member;
use crate::spec::{Field, Operation, Schema, Type};

/// Values of flags, which are no entities: they exist wherever a flag and an environment do.
pub(crate) struct ValuesSection {
    /// Member of the flag in documents.
    pub(crate) name: &'static str,
    /// Section of the flag.
    pub(crate) parent: &'static str,
}

/// Values of flags.
pub(crate) const VALUES: ValuesSection = ValuesSection { name: "values", parent: "settings" };

/// One kind of entity that documents contain.
#[derive(Debug)]
pub(crate) struct Section {
    /// Member of the parent in documents: `tags`.
    pub(crate) name: &'static str,
    /// One entity, in messages: `tag`.
    pub(crate) singular: &'static str,
    /// Field that identifies an entity in its parent.
    pub(crate) key: &'static str,
    /// Field of responses with the id, which is also the parameter of operations on one entity.
    pub(crate) id: &'static str,
    /// Lists the entities of a parent.
    pub(crate) list: &'static Operation,
    /// Member of the response with the entities, if it is not the list itself.
    pub(crate) items: Option<&'static str>,
    /// Returns one entity with all fields, if the list does not contain them.
    pub(crate) get: Option<&'static Operation>,
    /// Creates an entity.
    pub(crate) create: &'static Operation,
    /// Changes an entity.
    pub(crate) update: &'static Operation,
    /// Deletes an entity.
    pub(crate) delete: &'static Operation,
    /// Fields in documents, without the key.
    pub(crate) fields: &'static [Member],
    /// Sections below it.
    pub(crate) children: &'static [&'static Section],
}

impl Section {
    /// Finds a field of documents.
    pub(crate) fn member(&self, name: &str) -> Option<&'static Member> {
        self.fields.iter().find(|member| member.name == name)
    }

    /// Finds a section below this one.
    pub(crate) fn child(&self, name: &str) -> Option<&'static Section> {
        self.children.iter().copied().find(|child| child.name == name)
    }

    /// Whether its entities have values per environment.
    pub(crate) fn has_values(&self) -> bool {
        self.name == VALUES.parent
    }

    /// Returns the field of the create request with this name.
    pub(crate) fn spec(&self, name: &str) -> Option<&'static Field> {
        let schema = |operation: &'static Operation| -> Option<&'static Schema> {
            match operation.body {
                Some(Type::Object(schema)) => Some(schema),
                _ => None,
            }
        };
        schema(self.create)?.fields.iter().find(|field| field.wire == name)
    }

    /// Names of everything that an entity may have in a document.
    pub(crate) fn known(&self) -> impl Iterator<Item = &'static str> {
        let values = self.has_values().then_some(VALUES.name);
        let fields = self.fields.iter().map(|member| member.name);
        let children = self.children.iter().map(|child| child.name);
        [self.key, "state"].into_iter().chain(fields).chain(children).chain(values)
    }
}
