//! Writes what type checkers and readers see of the models: `models.pyi`, and `models.py` that gives them their place.

use super::python::{DIR, docstring, header, import_list, output_type};
use super::rust;
use super::{Context, File};
use crate::model::{Direction, Schema, SchemaKind, Type};
use anyhow::Result;
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut models: Vec<&Schema> = cx
        .api
        .schemas
        .iter()
        .filter(|s| s.direction == Direction::Answer && matches!(s.kind, SchemaKind::Object(_)))
        .collect();
    models.extend(cx.api.schema("FlagValue"));
    models.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(vec![runtime(&models), stub(cx, &models)])
}

fn runtime(models: &[&Schema]) -> File {
    let names: Vec<String> = models.iter().map(|s| s.name.clone()).collect();
    let all =
        names.iter().fold("\n__all__ = [\n".to_owned(), |out, n| format!("{out}    \"{n}\",\n")) + "]\n";
    let text = format!(
        "{}\"\"\"The models that answers are made of.\"\"\"\n\n{}{all}",
        header(),
        import_list("from .._native import", &names)
    );
    File { path: format!("{DIR}/models.py"), text }
}

fn stub(cx: &Context<'_>, models: &[&Schema]) -> File {
    let mut enums = BTreeSet::new();
    let mut classes = String::new();
    for schema in models {
        let _ = write!(classes, "\n@final\nclass {}:\n{}\n", schema.name, docstring(&schema.doc, 4));
        let fields = match &schema.kind {
            SchemaKind::Object(fields) => fields.as_slice(),
            _ => &[],
        };
        if fields.is_empty() {
            classes.push_str("    @property\n    def value(self) -> SettingValue | None:\n        \"\"\"A value of the flag's type.\"\"\"\n\n    @property\n    def predefined_variation_id(self) -> str | None:\n        \"\"\"Id of the predefined variation.\"\"\"\n\n");
        }
        for f in fields {
            let null = if f.nullable || !f.required { " | None" } else { "" };
            if let Type::Enum(name) = &f.ty {
                enums.insert(name.clone());
            }
            let _ = write!(
                classes,
                "    @property\n    def {}(self) -> {}{null}:\n{}\n",
                super::python::ident(&f.name),
                output_type(cx, &f.ty).replace("models.", ""),
                docstring(&rust::field_doc(f), 8)
            );
        }
        classes.push_str("    def to_dict(self) -> dict[str, Any]:\n        \"\"\"The object as the service wrote it: JSON names, lists and dictionaries.\"\"\"\n\n    def __eq__(self, other: object) -> bool: ...\n");
    }
    let enums: Vec<_> = enums.into_iter().collect();
    let mut text = header();
    text.push_str("from datetime import datetime\nfrom typing import Any, List, final\n\nfrom .._types import SettingValue\n");
    text.push_str(&import_list("from .enums import", &enums));
    text.push_str(&classes);
    File { path: format!("{DIR}/models.pyi"), text }
}
