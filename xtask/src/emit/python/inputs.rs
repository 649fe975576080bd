//! Classes for nested input.

use super::nested::nested_inputs;
use super::text::{contains_word, definition, docstring, import_list};
use super::{DIR, about, enum_names, header, ident, input_type, like};
use crate::emit::{Context, File, rust};
use crate::model::{Field, SchemaKind, Type};
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> File {
    let mut enums = BTreeSet::new();
    let mut classes = String::new();
    let mut aliases = BTreeSet::new();
    let mut names = Vec::new();
    for schema in nested_inputs(cx) {
        let SchemaKind::Object(fields) = &schema.kind else { continue };
        names.push(schema.name.clone());
        for field in fields {
            enum_names(&field.ty, &mut enums);
            aliases.extend(like_of(&field.ty));
        }
        class(cx, &schema.name, &schema.doc, fields, &mut classes);
    }
    let mut text = header();
    text.push_str("\"\"\"Classes for nested input: the objects in request bodies, and the objects that an edit changes.\"\"\"\n\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING, Any\n\nfrom .._input import Input, flag_value\nfrom .._resource import ABSENT\n\nif TYPE_CHECKING:\n");
    let abc: Vec<&str> = ["Mapping", "Sequence"].into_iter().filter(|w| contains_word(&classes, w)).collect();
    let _ = writeln!(text, "    from collections.abc import {}", abc.join(", "));
    if contains_word(&classes, "datetime") {
        text.push_str("    from datetime import datetime\n");
    }
    if contains_word(&classes, "SettingValue") {
        text.push_str("    from .._types import SettingValue\n");
    }
    text.push_str(&import_list("    from .enums import", &enums.into_iter().collect::<Vec<_>>()));
    text.push_str(&import_list("    from .types import", &aliases.into_iter().collect::<Vec<_>>()));
    text.push_str(&names.iter().fold("\n__all__ = [\n".to_owned(), |out, n| format!("{out}    \"{n}\",\n")));
    text.push_str("]\n");
    text.push_str(&classes);
    File { path: format!("{DIR}/inputs.py"), text }
}

/// Returns the class or function that converts the dictionaries in a field to objects.
fn inner(cx: &Context<'_>, ty: &Type) -> Option<String> {
    match ty {
        Type::List(item) => inner(cx, item),
        Type::Model(name) if matches!(cx.api.schema(name)?.kind, SchemaKind::Object(_)) => Some(name.clone()),
        Type::Model(name) if name == "UpdateFlagValue" => Some("flag_value".into()),
        _ => None,
    }
}

fn like_of(ty: &Type) -> Option<String> {
    match ty {
        Type::List(item) | Type::Map(item) => like_of(item),
        Type::Model(name) => Some(like(name)),
        _ => None,
    }
}

/// Returns the type of an attribute. Lists are mutable, and their items are objects.
fn attribute_type(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::List(item) => format!("list[{}]", attribute_type(cx, item)),
        Type::Model(name) => match inner(cx, ty) {
            Some(class) if class == *name => class,
            _ => like(name),
        },
        _ => input_type(cx, ty),
    }
}

fn class(cx: &Context<'_>, name: &str, doc: &str, fields: &[Field], out: &mut String) {
    let mut text = format!("{doc}\n\nAttributes:\n");
    for f in fields {
        let _ = writeln!(text, "    {}: {}", ident(&f.name), about(cx, rust::field_doc(f), &f.ty));
    }
    let _ = write!(out, "\n\nclass {name}(Input):\n{}\n", docstring(&text, 4));
    let slots: Vec<String> = fields.iter().map(|f| format!("\"{}\"", ident(&f.name))).collect();
    let comma = if slots.len() == 1 { "," } else { "" };
    let _ = writeln!(out, "    __slots__ = ({}{comma})", slots.join(", "));
    let renamed: Vec<String> = fields
        .iter()
        .filter(|f| ident(&f.name) != f.name.wire())
        .map(|f| format!("\"{}\": \"{}\"", f.name.wire(), ident(&f.name)))
        .collect();
    let _ = write!(out, "    _schema = \"{name}\"\n    _wire = {}\n\n", super::text::dictionary(&renamed, 4));
    for f in fields {
        let null = if f.nullable { " | None" } else { "" };
        let _ = writeln!(out, "    {}: {}{null}", ident(&f.name), attribute_type(cx, &f.ty));
    }
    let mut signature = vec!["self".to_owned(), "*".to_owned()];
    let (first, rest): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|f| f.required);
    for f in first.into_iter().chain(rest) {
        let null = if f.nullable { " | None" } else { "" };
        let default = if f.required { "" } else { " = ABSENT" };
        let ty = input_type(cx, &f.ty).replace("types.", "");
        signature.push(format!("{}: {ty}{null}{default}", ident(&f.name)));
    }
    let _ = write!(out, "\n{}", definition("def", "__init__", &signature, "None"));
    for f in fields {
        let name = ident(&f.name);
        match inner(cx, &f.ty) {
            Some(class) => {
                let _ = writeln!(out, "        self.{name} = self._made({class}, {name})");
            }
            None if matches!(f.ty, Type::List(_)) => {
                let _ = writeln!(out, "        self.{name} = self._listed({name})");
            }
            None => {
                let _ = writeln!(out, "        self.{name} = {name}");
            }
        }
    }
}
