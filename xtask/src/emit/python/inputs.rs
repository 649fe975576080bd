//! Classes for nested input.

use super::nested::{nested_inputs, twin};
use super::text::{contains_word, definition, docstring, import_list};
use super::{DIR, about, header, ident, input_type, like};
use crate::emit::{Context, File, edits, rust};
use crate::model::{Field, Schema, SchemaKind, Type};
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> File {
    let mut classes = String::new();
    let mut aliases = BTreeSet::new();
    let mut names = Vec::new();
    let drafts = drafts(cx);
    for schema in nested_inputs(cx) {
        let SchemaKind::Object(fields) = &schema.kind else { continue };
        names.push(schema.name.clone());
        for field in fields {
            aliases.extend(like_of(&field.ty));
        }
        class(cx, schema, fields, &drafts, &mut classes);
    }
    let mut text = header();
    text.push_str("\"\"\"Classes for nested input: the objects in request bodies, and the objects that an edit changes.\"\"\"\n\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING, Any\n\nfrom .._flag_draft import FlagDraft\nfrom .._input import Input, flag_value\nfrom .._resource import ABSENT\n\nif TYPE_CHECKING:\n");
    let abc: Vec<&str> = ["Mapping", "Sequence"].into_iter().filter(|w| contains_word(&classes, w)).collect();
    let _ = writeln!(text, "    from collections.abc import {}", abc.join(", "));
    if contains_word(&classes, "datetime") {
        text.push_str("    from datetime import datetime\n");
    }
    if contains_word(&classes, "SettingValue") {
        text.push_str("    from .._types import SettingValue\n");
    }
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
        Type::Model(name) | Type::Enum(name) => Some(like(name)),
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
        _ => input_type(cx, ty).replace("types.", ""),
    }
}

/// Returns the schemas of drafts of the values of a flag.
fn drafts(cx: &Context<'_>) -> BTreeSet<String> {
    // The emitter of the resources reports a patch that cannot be edited.
    let edits = edits::all(cx).unwrap_or_default().into_iter();
    edits.filter(|edit| edit.has_setting_type).map(|edit| edit.draft.to_owned()).collect()
}

/// Returns the attributes of an object of which exactly one is set, by the classes of their values.
fn members(cx: &Context<'_>, fields: &[Field]) -> Vec<String> {
    let classes = fields.iter().filter_map(|field| match &field.ty {
        Type::Model(name) => Some((name.clone(), twin(cx, name), ident(&field.name))),
        _ => None,
    });
    classes
        .flat_map(|(class, read, field)| {
            let read = read.map(|read| read.name.clone());
            [Some(class), read].into_iter().flatten().map(move |class| format!("\"{class}\": \"{field}\""))
        })
        .collect()
}

fn class(cx: &Context<'_>, schema: &Schema, fields: &[Field], drafts: &BTreeSet<String>, out: &mut String) {
    let Schema { name, doc, .. } = schema;
    let base = if drafts.contains(name) { "FlagDraft" } else { "Input" };
    let mut text = format!("{doc}\n\nAttributes:\n");
    for f in fields {
        let _ = writeln!(text, "    {}: {}", ident(&f.name), about(cx, rust::field_doc(f), &f.ty));
    }
    let _ = write!(out, "\n\nclass {name}({base}):\n{}\n", docstring(&text, 4));
    let slots: Vec<String> = fields.iter().map(|f| format!("\"{}\"", ident(&f.name))).collect();
    let comma = if slots.len() == 1 { "," } else { "" };
    let _ = writeln!(out, "    __slots__ = ({}{comma})", slots.join(", "));
    let renamed: Vec<String> = fields
        .iter()
        .filter(|f| ident(&f.name) != f.name.wire())
        .map(|f| format!("\"{}\": \"{}\"", f.name.wire(), ident(&f.name)))
        .collect();
    let _ = writeln!(out, "    _schema = \"{name}\"\n    _wire = {}", super::text::dictionary(&renamed, 4));
    let members = if schema.one_of { members(cx, fields) } else { Vec::new() };
    if !members.is_empty() {
        let _ = writeln!(out, "    _members = {}", super::text::dictionary(&members, 4));
    }
    out.push('\n');
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
