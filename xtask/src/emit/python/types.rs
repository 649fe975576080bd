//! Types of nested input for type checkers: dictionaries, and the other values that are accepted in their place.

use super::nested::{nested_inputs, twin};
use super::text::{contains_word, docstring, import_list};
use super::{DIR, WIDTH, about, header, ident, input_type, like};
use crate::emit::{Context, File, rust};
use crate::model::{Schema, SchemaKind, Type};
use std::fmt::Write;

/// Key of a dictionary.
struct Key {
    name: String,
    ty: String,
    doc: String,
    required: bool,
}

pub fn emit(cx: &Context<'_>) -> File {
    let mut classes = String::new();
    let mut aliases = String::new();
    let mut all = Vec::new();
    for schema in nested_inputs(cx) {
        let dict = format!("{}Dict", like(&schema.name).trim_end_matches("Like"));
        typed_dict(schema, &dict, &keys(cx, schema), &mut classes);
        let mut members = match (&schema.kind, twin(cx, &schema.name)) {
            (SchemaKind::Object(_), Some(read)) => {
                format!("inputs.{}, {dict}, models.{}", schema.name, read.name)
            }
            (SchemaKind::Object(_), None) => format!("inputs.{}, {dict}", schema.name),
            _ => format!("SettingValue, models.FlagValue, {dict}"),
        };
        if schema.one_of {
            members.extend(alternatives(cx, schema));
        }
        let name = like(&schema.name);
        let what = match schema.kind {
            SchemaKind::Object(_) => "An object, a dictionary, or, where possible, a model from a response.",
            _ => "A value of the flag's type, a value from a response, or a predefined variation.",
        };
        let _ = write!(aliases, "\n{name}: TypeAlias = Union[{members}]\n\"\"\"{what}\"\"\"\n");
        all.extend([dict, name]);
    }
    let enums = enums(cx, &mut aliases);
    all.extend(enums.iter().map(|name| like(name)));
    all.sort();
    let mut text = header();
    text.push_str("\"\"\"Types of nested input, for type checkers. At run time a plain ``dict`` is enough.\"\"\"\n\nfrom __future__ import annotations\n\n");
    let abc: Vec<&str> = ["Mapping", "Sequence"].into_iter().filter(|w| contains_word(&classes, w)).collect();
    let _ = writeln!(text, "from collections.abc import {}", abc.join(", "));
    if contains_word(&classes, "datetime") {
        text.push_str("from datetime import datetime\n");
    }
    text.push_str(
        "from typing import Any, Literal, TypeAlias, TypedDict, Union\n\nfrom .._types import SettingValue, UnknownValue\n",
    );
    text.push_str(&import_list("from .enums import", &enums));
    text.push_str("\nfrom . import inputs, models\n");
    text.push_str(&all.iter().fold("\n__all__ = [\n".to_owned(), |out, n| format!("{out}    \"{n}\",\n")));
    text.push_str("]\n");
    text.push_str(&classes);
    text.push('\n');
    text.push_str(&aliases);
    File { path: format!("{DIR}/types.py"), text }
}

/// Writes the types of arguments that are values of enums, and returns the enums.
fn enums(cx: &Context<'_>, out: &mut String) -> Vec<String> {
    let mut names = Vec::new();
    for schema in &cx.api.schemas {
        let SchemaKind::Enum(values) = &schema.kind else { continue };
        let values: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.wire())).collect();
        let line = format!("Literal[{}]", values.join(", "));
        let literal = if line.len() + 8 <= WIDTH {
            format!("    {line},\n")
        } else {
            values.iter().fold("    Literal[\n".to_owned(), |text, value| format!("{text}        {value},\n"))
                + "    ],\n"
        };
        let _ = write!(
            out,
            "\n{}: TypeAlias = Union[\n    {},\n{literal}    UnknownValue,\n]\n\"\"\"A member of the enum, its value as a string, or a value that this version does not know.\"\"\"\n",
            like(&schema.name),
            schema.name
        );
        names.push(schema.name.clone());
    }
    names.sort();
    names
}

/// Returns the models that are accepted in the place of an object of which exactly one field is set.
fn alternatives(cx: &Context<'_>, schema: &Schema) -> Vec<String> {
    let SchemaKind::Object(fields) = &schema.kind else { return Vec::new() };
    let models = fields.iter().filter_map(|field| match &field.ty {
        Type::Model(name) => Some(name),
        _ => None,
    });
    let with_twin = |name: &String| {
        let read = twin(cx, name).map_or(String::new(), |read| format!(", models.{}", read.name));
        format!(", inputs.{name}{read}")
    };
    models.map(with_twin).collect()
}

fn keys(cx: &Context<'_>, schema: &Schema) -> Vec<Key> {
    let SchemaKind::Object(fields) = &schema.kind else {
        let key = |name: &str, ty: &str, doc: &str| Key {
            name: name.into(),
            ty: ty.into(),
            doc: doc.into(),
            required: false,
        };
        return vec![
            key("value", "SettingValue", "A value of the flag's type."),
            key("predefined_variation_id", "str", "Id of the predefined variation."),
        ];
    };
    fields
        .iter()
        .map(|f| {
            let null = if f.nullable { " | None" } else { "" };
            Key {
                name: ident(&f.name),
                ty: format!("{}{null}", input_type(cx, &f.ty)).replace("types.", ""),
                doc: about(cx, rust::field_doc(f), &f.ty),
                required: f.required,
            }
        })
        .collect()
}

fn typed_dict(schema: &Schema, name: &str, keys: &[Key], out: &mut String) {
    let doc = keys
        .iter()
        .fold(format!("{}\n\nKeys:\n", schema.doc), |out, k| format!("{out}    {}: {}\n", k.name, k.doc));
    let (required, optional): (Vec<&Key>, Vec<&Key>) = keys.iter().partition(|k| k.required);
    let mut base = "TypedDict".to_owned();
    let mut total = if required.is_empty() { ", total=False" } else { "" };
    if !required.is_empty() && !optional.is_empty() {
        base = format!("_{name}Required");
        total = ", total=False";
        let _ = write!(out, "\n\nclass {base}(TypedDict):\n");
        for k in &required {
            let _ = writeln!(out, "    {}: {}", k.name, k.ty);
        }
    }
    let own = if optional.is_empty() { required } else { optional };
    let _ = write!(out, "\n\nclass {name}({base}{total}):\n{}\n", docstring(&doc, 4));
    for k in own {
        let _ = writeln!(out, "    {}: {}", k.name, k.ty);
    }
}
