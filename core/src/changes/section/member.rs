//! Fields of the entities of a section.

/// A field of an entity in documents.
#[derive(Debug)]
pub(crate) struct Member {
    /// Name in documents.
    pub(crate) name: &'static str,
    /// How it is read and written.
    pub(crate) role: Role,
}

/// How a field is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It has the same name and form on the wire.
    Plain,
    /// As [`Role::Plain`], and is decided when the entity is created.
    Fixed,
    /// Position among the other entities, which is only written if it is not the one after the previous entity.
    Order,
    /// Names of entities of another section; on the wire, their ids.
    Names {
        /// The other section.
        section: &'static str,
        /// Field of responses: objects with name and id, or ids.
        response: &'static str,
        /// Field of requests: ids.
        request: &'static str,
    },
    /// Access of a permission group by the name of the environment; on the wire, a list with ids.
    ByEnvironment {
        /// Field of requests and responses.
        wire: &'static str,
        /// Member of its items with the value.
        member: &'static str,
        /// Value that an environment has which is not named.
        none: &'static str,
    },
    /// Predefined variations of a flag, which an operation of their own changes.
    Variations,
    /// A preference of the product.
    Preference,
    /// A map with secrets: `${NAME}` stands for an environment variable.
    Secrets,
}

impl Member {
    /// Name of the field of requests.
    pub(crate) const fn wire(&self) -> &'static str {
        match self.role {
            Role::Names { request, .. } => request,
            Role::ByEnvironment { wire, .. } => wire,
            _ => self.name,
        }
    }

    /// A field with the same name and form on the wire.
    pub(crate) const fn plain(name: &'static str) -> Self {
        Self { name, role: Role::Plain }
    }

    /// A field that is decided when the entity is created.
    pub(crate) const fn fixed(name: &'static str) -> Self {
        Self { name, role: Role::Fixed }
    }

    /// A preference of the product.
    pub(crate) const fn preference(name: &'static str) -> Self {
        Self { name, role: Role::Preference }
    }

    /// The position.
    pub(crate) const ORDER: Self = Self { name: "order", role: Role::Order };
}
