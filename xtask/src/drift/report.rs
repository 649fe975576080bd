//! What a comparison found.

use std::fmt;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub kind: Kind,
    /// Where, such as `GET /v1/products 200 body[].name`.
    pub place: String,
    pub what: String,
    pub subject: Subject,
    /// The schema that differs, by its name in our document, if it is one.
    pub schema: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Added,
    Removed,
    Changed,
}

/// What differs, which says what has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Operation,
    Parameter,
    Field,
    EnumValue,
    /// A limit, a type, whether something is required.
    Fact,
}

impl Subject {
    /// The recipe for a difference of this kind.
    pub const fn recipe(self) -> &'static str {
        match self {
            Self::Operation => "operation: CONTRIBUTING.md#add-an-operation",
            Self::Parameter => "parameter: CONTRIBUTING.md#add-an-operation, step 1",
            Self::Field => "field: CONTRIBUTING.md#add-a-field",
            Self::EnumValue => "enum value: CONTRIBUTING.md#add-an-enum-value",
            Self::Fact => {
                "limit or type: change it in api/openapi.yaml, then `cargo xtask codegen` and `cargo xtask test`"
            }
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.kind {
            Kind::Added => '+',
            Kind::Removed => '-',
            Kind::Changed => '~',
        };
        write!(f, "{mark} {}: {}", self.place, self.what)?;
        self.schema.as_ref().map_or(Ok(()), |schema| write!(f, " (schema {schema})"))
    }
}

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Report {
    pub changes: Vec<Change>,
    /// Operations in either document.
    pub operations: usize,
    /// Operations that are affected by a change, directly or through a schema.
    pub affected: usize,
    /// How many single facts were compared.
    pub facts: usize,
}
