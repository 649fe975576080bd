//! The enums.

use super::text::docstring;
use super::{DIR, header};
use crate::emit::{Context, File};
use crate::model::SchemaKind;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> File {
    let mut text = header();
    text.push_str("\"\"\"Enums. A value that this version does not know is decoded as an ``UnknownValue``.\"\"\"\n\nfrom enum import Enum\n\nfrom .._types import UnknownValue\n");
    let names =
        cx.api.schemas.iter().filter(|s| matches!(s.kind, SchemaKind::Enum(_))).map(|s| s.name.as_str());
    let mut names: Vec<&str> = names.chain(["UnknownValue"]).collect();
    names.sort_unstable();
    text.push_str(&names.iter().fold("\n__all__ = [\n".to_owned(), |out, n| format!("{out}    \"{n}\",\n")));
    text.push_str("]\n");
    for schema in &cx.api.schemas {
        let SchemaKind::Enum(values) = &schema.kind else { continue };
        let _ = write!(text, "\n\nclass {}(str, Enum):\n{}\n", schema.name, docstring(&schema.doc, 4));
        for value in values {
            let _ = writeln!(text, "    {} = \"{}\"", value.member(), value.wire());
        }
        text.push_str("\n    def __str__(self) -> str:\n        return self.value\n");
    }
    File { path: format!("{DIR}/enums.py"), text }
}
