//! The rows of the table.

use serde::Deserialize;
use std::collections::BTreeMap;

pub const TABLE: &str = "tests/parity.yaml";

/// A language, with the extension of its test files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Rust,
    Python,
    C,
    Cpp,
    Kotlin,
    Java,
    Swift,
}

impl Language {
    pub const ALL: [(Self, &str, &str); 7] = [
        (Self::Rust, "Rust", "rs"),
        (Self::Python, "Python", "py"),
        (Self::C, "C", "c"),
        (Self::Cpp, "C++", "cpp"),
        (Self::Kotlin, "Kotlin", "kt"),
        (Self::Java, "Java", "java"),
        (Self::Swift, "Swift", "swift"),
    ];
}

/// A capability.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What it is, as the first cell of its row.
    pub capability: String,
    /// The test of each language that has it: `file::name`.
    #[serde(default)]
    pub tests: BTreeMap<Language, String>,
    /// Why a language does not have it.
    #[serde(default)]
    pub missing: BTreeMap<Language, String>,
}
