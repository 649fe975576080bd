//! Types and schemas, with their limits.

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
    /// Whether it is the value of a flag: an object of which one member, named for its type, is set.
    pub is_flag_value: bool,
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
    /// A field by its name, with or without the underscore that keeps it from being a keyword, or by its wire name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        let plain = name.strip_suffix('_').unwrap_or(name);
        self.fields.iter().find(|f| f.name == name || f.wire == name || f.name == plain)
    }
}
