//! The shape of the description at run time: operations, parameters, schemas.
//!
//! [`crate::operations`] and [`crate::schema`] hold the instances. Typed callers never meet them; dynamic callers, other languages and the
//! simulator work by name.

/// One operation of the API.
#[derive(Debug)]
pub struct Operation {
    /// `resource.method`, the same in every language.
    pub id: &'static str,
    /// Name in the service's own document.
    pub operation_id: &'static str,
    /// Resource that the operation belongs to.
    pub resource: &'static str,
    /// Method of the resource.
    pub method: &'static str,
    /// HTTP method.
    pub http: Http,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Whether the service keeps it for old clients only.
    pub deprecated: bool,
    /// Parameters in path, query and headers, in the order of the description.
    pub parameters: &'static [Parameter],
    /// Type of the body.
    pub body: Option<Type>,
    /// Whether a body has to be sent.
    pub body_required: bool,
    /// Statuses of success.
    pub statuses: &'static [u16],
    /// Type of the answer's body.
    pub answer: Option<Type>,
    /// How its answers are read page by page, if they are.
    pub pages: Option<Pages>,
}

/// Where a paged answer has its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// Fields that lead from the answer to the page; none when the answer is the page.
    pub envelope: &'static [&'static str],
    /// Field of the page with the items; beside it is `paging`.
    pub items: &'static str,
}

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Http {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Http {
    /// The method as it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A parameter of an operation. Those in the path are required, the others are not.
#[derive(Debug)]
pub struct Parameter {
    /// Name in Rust, Python and C.
    pub name: &'static str,
    /// Name on the wire.
    pub wire: &'static str,
    /// Where it goes.
    pub location: Location,
    /// Its type.
    pub ty: Type,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
}

/// A type with its limits.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
    },
    /// A decimal number.
    Number,
    /// A text; lengths are in characters.
    Text {
        /// Shortest allowed.
        min: u64,
        /// Longest allowed, if there is a limit.
        max: Option<u64>,
    },
    /// A text in the form of a UUID.
    Uuid,
    /// A moment in time.
    Timestamp,
    /// Any JSON.
    Any,
    /// A value of a flag: boolean, text or number.
    Value,
    /// One of these texts, or one that a newer service knows.
    Enum(&'static [&'static str]),
    /// A list.
    List(&'static Type),
    /// An object with any keys.
    Map(&'static Type),
    /// A list of JSON Patch operations.
    Patch(&'static Type),
    /// An object.
    Object(&'static Schema),
}

/// A schema: an object with named fields.
#[derive(Debug)]
pub struct Schema {
    /// Name in every language.
    pub name: &'static str,
    /// Name in the service's own document.
    pub wire: &'static str,
    /// The fields.
    pub fields: &'static [Field],
}

/// A field of a schema.
#[derive(Debug)]
pub struct Field {
    /// Name in Rust, Python and C.
    pub name: &'static str,
    /// Name on the wire.
    pub wire: &'static str,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its type.
    pub ty: Type,
}

impl Type {
    /// What has to stand where this type does, for messages.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        match self {
            Self::Boolean => "a boolean",
            Self::Integer { .. } => "a whole number",
            Self::Number => "a number",
            Self::Text { .. } | Self::Uuid | Self::Enum(_) => "a text",
            Self::Timestamp => "a date and time",
            Self::Any | Self::Value => "a boolean, a text or a number",
            Self::List(_) | Self::Patch(_) => "a list",
            Self::Map(_) | Self::Object(_) => "an object",
        }
    }
}

impl Schema {
    /// Whether it is the value of a flag: an object of which one member, named for its type, is set.
    #[must_use]
    pub fn is_flag_value(&self) -> bool {
        self.fields.first().is_some_and(|field| field.wire == "boolValue")
    }

    /// A field by its name, with or without the underscore that keeps it from being a keyword, or by its wire name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        let plain = name.strip_suffix('_').unwrap_or(name);
        self.fields.iter().find(|f| f.name == name || f.wire == name || f.name == plain)
    }
}

impl Operation {
    /// The parameters in the path, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(|p| p.location == Location::Path)
    }

    /// Finds an operation by its `resource.method` id or the service's own operation id.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        crate::operations::ALL.iter().copied().find(|o| o.id == name || o.operation_id == name)
    }
}
