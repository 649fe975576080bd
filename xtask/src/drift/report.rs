//! The result of a comparison.

use std::fmt;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub kind: ChangeKind,
    /// Path of the difference, such as `GET /v1/products 200 body[].name`.
    pub place: String,
    pub what: String,
    pub subject: Subject,
    /// Name of the schema that differs, as in our document; `None` if the difference is not in a named schema.
    pub schema: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

/// Subject of a difference. It determines which recipe applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Operation,
    Parameter,
    Field,
    EnumValue,
    /// Limit, type, or whether a value is required.
    Fact,
}

impl Subject {
    /// Returns the recipe for a difference of this type.
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
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        write!(f, "{mark} {}: {}", self.place, self.what)?;
        self.schema.as_ref().map_or(Ok(()), |schema| write!(f, " (schema {schema})"))
    }
}

/// Result of a comparison.
#[derive(Debug, Default)]
pub struct Report {
    pub changes: Vec<Change>,
    /// Number of operations in either document.
    pub operations: usize,
    /// Number of operations that a change affects, directly or through a schema.
    pub affected: usize,
    /// Number of single facts that were compared.
    pub facts: usize,
}
