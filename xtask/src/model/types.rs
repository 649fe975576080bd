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

/// Group of operations, such as `client.products` in every language.
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
    /// Successful responses, sorted by status.
    pub responses: Vec<Response>,
    pub pages: Option<Pages>,
    /// How users find an item of the response's list, if it has names.
    pub find: Option<Find>,
    /// Permission that the caller needs.
    pub right: Right,
}

impl Operation {
    pub fn path_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| p.location == Location::Path)
    }

    pub fn optional_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| p.location != Location::Path)
    }

    /// Returns the name of a list operation with another verb.
    ///
    /// # Errors
    /// If the name does not begin with `list`.
    pub fn renamed(&self, verb: &str) -> Result<Name> {
        let name = self.name.snake();
        let rest = name.strip_prefix("list").with_context(|| format!("{name} does not list"))?;
        Ok(Name::new(&format!("{verb}{rest}")))
    }

    /// Returns the type of the response body, and whether a successful response may have no body.
    pub fn result(&self) -> (Option<&Type>, bool) {
        let with_body = self.responses.iter().find_map(|a| a.ty.as_ref());
        (with_body, self.responses.iter().any(|a| a.ty.is_none()))
    }
}

/// How users find an item of a list by name.
#[derive(Debug, Clone)]
pub struct Find {
    /// Name of the method.
    pub method: Name,
    /// Type of the items.
    pub item: Type,
    /// Fields that are compared with the name, in this order.
    pub fields: Vec<Name>,
    /// Field with the id of an item.
    pub id: Name,
}

impl Find {
    /// Returns the name of the method's argument.
    pub fn argument(&self) -> Name {
        Name::new(&self.joined("_or_"))
    }

    /// Returns what the argument is, for documentation: `key or name`.
    pub fn words(&self) -> String {
        self.joined(" or ").replace('_', " ")
    }

    fn joined(&self, separator: &str) -> String {
        self.fields.iter().map(Name::snake).collect::<Vec<_>>().join(separator)
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
    /// Scope of the value.
    pub scope: Scope,
}

#[derive(Debug, Clone)]
pub struct Body {
    pub ty: Type,
    pub required: bool,
}

#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub ty: Option<Type>,
}

/// How the responses of a paginated operation are read.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Path from the response to the page object; empty if the response is the page object.
    pub envelope: Vec<Name>,
    pub items: Name,
    pub item: Type,
}

/// Type, independent of any language.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Boolean,
    Int32 {
        min: Option<i64>,
        max: Option<i64>,
    },
    Int64,
    Double,
    String {
        min: Option<u64>,
        max: Option<u64>,
    },
    Uuid,
    Timestamp,
    /// Any JSON value.
    Any,
    /// Value of a flag, as a bare JSON value.
    BareValue,
    /// Value of a flag, as an object with exactly one field set. Holds the name of its schema.
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
    /// Scope of the identified entity.
    pub scope: Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    Uuid,
    String,
    Int32,
    Int64,
}

/// A named schema.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Name in every language.
    pub name: String,
    /// Name in the OpenAPI document of the service.
    pub wire: String,
    pub doc: String,
    pub kind: SchemaKind,
    /// For an enum of comparators: the field of a comparison value that each value takes, in their order.
    pub takes: Vec<Name>,
    /// Whether exactly one field of the object is set.
    pub one_of: bool,
    pub direction: Direction,
    /// The resource whose files hold it.
    pub home: String,
}

#[derive(Debug, Clone)]
pub enum SchemaKind {
    Object(Vec<Field>),
    Enum(Vec<Name>),
    /// Value of a flag, bare or as an object.
    Value {
        bare: bool,
        fields: Vec<Field>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Request,
    Response,
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

impl Schema {
    /// Returns the variant of a field, if the object is an enum in languages that have them: the name of the field without the
    /// last word of the schema's name. `userCondition` of a `Condition` is `User`.
    pub fn variant(&self, field: &Field) -> String {
        let (schema, field) = (Name::new(&self.name).snake(), field.name.snake());
        let last = schema.rsplit('_').next().unwrap_or_default();
        Name::new(field.strip_suffix(last).unwrap_or(&field).trim_end_matches('_')).pascal()
    }
}

impl Api {
    /// Returns the schema with this name, and its fields, if exactly one of them is set.
    pub fn one_of(&self, name: &str) -> Option<(&Schema, &[Field])> {
        let schema = self.schema(name).filter(|schema| schema.one_of)?;
        match &schema.kind {
            SchemaKind::Object(fields) => Some((schema, fields)),
            _ => None,
        }
    }

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
