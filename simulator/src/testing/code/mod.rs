//! The last writes of the journal as a program that makes the same changes elsewhere.

mod curl;
mod literal;
mod python;
mod rust;
mod steps;
mod variables;

use super::journal::Journal;
use std::str::FromStr;

/// Language of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    Rust,
    Curl,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "python" => Ok(Self::Python),
            "rust" => Ok(Self::Rust),
            "curl" => Ok(Self::Curl),
            _ => Err(format!("must be python, rust or curl, not {text:?}")),
        }
    }
}

/// Returns the last writes that have succeeded as a program, oldest first. Identifiers that a write creates are read from its
/// response, because they differ elsewhere.
pub(crate) fn last_writes(journal: &Journal, count: usize, language: Language) -> String {
    let steps = steps::steps(journal.last_writes(count));
    match language {
        Language::Python => python::program(&steps),
        Language::Rust => rust::program(&steps),
        Language::Curl => curl::program(&steps),
    }
}
