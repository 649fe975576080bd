//! The types of the model.

use super::access::{Right, Scope};
use super::names::Name;
use anyhow::{Context as _, Result};
use serde_json::Value;

/// The whole API.
#[derive(Debug, Clone)]
pub struct Api {
    pub resources: Vec<Resource>,
    pub schemas: Vec<Schema>,
    pub ids: Vec<IdType>,
}

/// A group of operations, `client.products` in every language.
#[derive(Debug, Clone)]
pub struct Resource {
    pub name: Name,
    pub doc: String,
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    pub operation_id: String,
    pub name: Name,
    pub http_method: String,
    pub path: String,
    pub doc: String,
    pub deprecated: bool,
    pub idempotent: bool,
    pub params: Vec<Param>,
    pub body: Option<Body>,
    /// Successful answers in the order of their status.
    pub answers: Vec<Answer>,
    pub pages: Option<Pages>,
    /// Fields by which people know an item of the answer's list.
    pub find: Vec<Name>,
    /// What the caller must be allowed to do.
    pub right: Right,
}

impl Operation {
    pub fn path_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| p.location == Location::Path)
    }

    pub fn optional_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| p.location != Location::Path)
    }

    /// The name of an operation that lists, with another verb.
    pub fn renamed(&self, verb: &str) -> Result<Name> {
        let name = self.name.snake();
        let rest = name.strip_prefix("list").with_context(|| format!("{name} does not list"))?;
        Ok(Name::new(&format!("{verb}{rest}")))
    }

    /// The type of the answer's body and whether a success may come without one.
    pub fn result(&self) -> (Option<&Type>, bool) {
        let with_body = self.answers.iter().find_map(|a| a.ty.as_ref());
        (with_body, self.answers.iter().any(|a| a.ty.is_none()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    Path,
    Query,
    Header,
}

#[derive(Debug, Clone)]
pub struct Param {
    pub name: Name,
    pub location: Location,
    pub ty: Type,
    pub doc: String,
    pub default: Option<Value>,
    /// What the value belongs to.
    pub scope: Scope,
}

#[derive(Debug, Clone)]
pub struct Body {
    pub ty: Type,
    pub required: bool,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub ty: Option<Type>,
}

/// How the answers of a paged operation are read.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Fields that lead from the answer to the page object; empty when the answer is the page.
    pub envelope: Vec<Name>,
    pub items: Name,
    pub item: Type,
}

/// A type, free of any language.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Boolean,
    Int32 {
        min: Option<i64>,
        max: Option<i64>,
    },
    Int64,
    Double,
    Text {
        min: Option<u64>,
        max: Option<u64>,
    },
    Uuid,
    Timestamp,
    /// Any JSON value.
    Any,
    /// A value of a flag as a bare JSON value.
    BareValue,
    /// A value of a flag as an object of which one field is set, by the schema of that name.
    TaggedValue(String),
    List(Box<Type>),
    Map(Box<Type>),
    /// A list of JSON Patch operations.
    Patch,
    Model(String),
    Enum(String),
    Id(String),
}

/// A named identifier.
#[derive(Debug, Clone)]
pub struct IdType {
    pub name: String,
    pub doc: String,
    pub kind: IdKind,
    /// What it identifies a part of.
    pub scope: Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    Uuid,
    Text,
    Int32,
    Int64,
}

/// A named schema.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Name in every language.
    pub name: String,
    /// Name in the service's own document.
    pub wire: String,
    pub doc: String,
    pub kind: SchemaKind,
    pub direction: Direction,
    /// The resource whose files hold it.
    pub home: String,
}

#[derive(Debug, Clone)]
pub enum SchemaKind {
    Object(Vec<Field>),
    Enum(Vec<Name>),
    /// The value of a flag, bare or as an object.
    Value {
        bare: bool,
        fields: Vec<Field>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Request,
    Answer,
    Both,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: Name,
    pub doc: String,
    pub ty: Type,
    pub required: bool,
    pub nullable: bool,
}

impl Api {
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.iter().find(|s| s.name == name)
    }

    pub fn id(&self, name: &str) -> Option<&IdType> {
        self.ids.iter().find(|i| i.name == name)
    }

    pub fn operations(&self) -> impl Iterator<Item = (&Resource, &Operation)> {
        self.resources.iter().flat_map(|r| r.operations.iter().map(move |o| (r, o)))
    }
}
