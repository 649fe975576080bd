//! Types and schemas, with their limits.

/// A type with its limits.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer {
        /// Minimum.
        min: i64,
        /// Maximum.
        max: i64,
    },
    /// A decimal number.
    Number,
    /// A string; lengths are in characters.
    String {
        /// Minimum length.
        min: u64,
        /// Maximum length, if there is a limit.
        max: Option<u64>,
    },
    /// A string in the format of a UUID.
    Uuid,
    /// A timestamp.
    Timestamp,
    /// Any JSON.
    Any,
    /// A value of a flag: boolean, string or number.
    Value,
    /// One of these strings, or another one that a newer service knows.
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
    /// Name in the OpenAPI document.
    pub wire: &'static str,
    /// Whether it is the value of a flag: an object of which one member, named for its type, is set.
    pub is_flag_value: bool,
    /// Whether it is an object of which exactly one member is set.
    pub one_of: bool,
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
    /// Whether it is required.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its type.
    pub ty: Type,
}

impl Type {
    /// Returns the expected value, for messages.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        match self {
            Self::Boolean => "a boolean",
            Self::Integer { .. } => "a whole number",
            Self::Number => "a number",
            Self::String { .. } | Self::Uuid | Self::Enum(_) => "a string",
            Self::Timestamp => "a date and time",
            Self::Any | Self::Value => "a boolean, a string or a number",
            Self::List(_) | Self::Patch(_) => "a list",
            Self::Map(_) | Self::Object(_) => "an object",
        }
    }
}

impl Schema {
    /// Finds the field with a model of this name, or with the input that a model of this name can be sent as.
    #[must_use]
    pub fn member(&self, model: &str) -> Option<&'static Field> {
        let is_named = |name: &str| name == model || name.strip_prefix("Update") == Some(model);
        self.fields.iter().find(|field| matches!(field.ty, Type::Object(schema) if is_named(schema.name)))
    }

    /// Finds a field by its name, with or without the trailing underscore that avoids a keyword, or by its wire name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        let plain = name.strip_suffix('_').unwrap_or(name);
        self.fields.iter().find(|f| f.name == name || f.wire == name || f.name == plain)
    }
}
