//! Writes the Python side: resources, enums, typed dictionaries for input, and the decoder behind them.

use super::rust;
use super::{Context, File, NOTICE};
use crate::model::names::{Language, Name};
use crate::model::{Direction, Field, Operation, Resource, Schema, SchemaKind, Type};
use anyhow::{Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub const DIR: &str = "bindings/python/python/configcat_management/_generated";
const WIDTH: usize = 110;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for resource in &cx.api.resources {
        files.push(file(cx, resource)?);
    }
    files.push(index(&cx.api.resources));
    files.push(File {
        path: format!("{DIR}/resources/__init__.py"),
        text: format!("{}\"\"\"The resources, one module each.\"\"\"\n", header()),
    });
    files.push(enums(cx));
    files.push(inputs(cx));
    files.push(decoder(cx));
    Ok(files)
}

pub fn header() -> String {
    format!("# @generated {NOTICE}\n")
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::Python)
}

/// The type of something that the caller passes.
pub fn input_type(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Boolean => "bool".into(),
        Type::Int32 { .. } | Type::Int64 => "int".into(),
        Type::Double => "float".into(),
        Type::Text { .. } | Type::Uuid => "str".into(),
        Type::Timestamp => "datetime".into(),
        Type::Any => "Any".into(),
        Type::BareValue | Type::TaggedValue(_) => "SettingValue".into(),
        Type::List(inner) => format!("Sequence[{}]", input_type(cx, inner)),
        Type::Map(inner) => format!("Mapping[str, {}]", input_type(cx, inner)),
        Type::Patch => "Sequence[inputs.PatchOperation]".into(),
        Type::Model(name) if name == "UpdateFlagValue" => "inputs.FlagValueInput".into(),
        Type::Model(name) => format!("inputs.{name}"),
        Type::Enum(name) => format!("{name} | str"),
        Type::Id(name) => id_type(cx, name).into(),
    }
}

/// The type of something that the caller gets.
pub fn output_type(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::List(inner) => format!("List[{}]", output_type(cx, inner)),
        Type::Map(inner) => format!("dict[str, {}]", output_type(cx, inner)),
        Type::Model(name) => format!("models.{name}"),
        _ => input_type(cx, ty),
    }
}

fn id_type(cx: &Context<'_>, name: &str) -> &'static str {
    match cx.api.id(name).map(|i| rust::id_repr(i.kind)) {
        Some("String") | None => "str",
        Some(_) => "int",
    }
}

/// Collects the enums that a type annotation names.
fn enum_names(ty: &Type, enums: &mut BTreeSet<String>) {
    match ty {
        Type::List(inner) | Type::Map(inner) => enum_names(inner, enums),
        Type::Enum(name) => {
            enums.insert(name.clone());
        }
        _ => {}
    }
}

fn index(resources: &[Resource]) -> File {
    let mut text = header();
    text.push_str("\"\"\"Every resource as a property of the client; each is imported when it is first used.\"\"\"\n\nfrom __future__ import annotations\n\nfrom functools import cached_property\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from .._resource import Caller\n");
    for r in resources {
        let _ = writeln!(text, "    from .resources.{} import {}", r.name.snake(), r.name.pascal());
    }
    text.push_str(
        "\n\nclass Resources:\n    \"\"\"Gives a client its resources.\"\"\"\n\n    _caller: Caller\n",
    );
    for r in resources {
        let _ = write!(
            text,
            "\n    @cached_property\n    def {name}(self) -> {class}:\n{}        from .resources.{module} import {class}\n\n        return {class}(self._caller)\n",
            docstring(&r.doc, 8),
            name = ident(&r.name),
            class = r.name.pascal(),
            module = r.name.snake(),
        );
    }
    File { path: format!("{DIR}/__init__.py"), text }
}

/// The fields that a call spreads over keyword arguments.
fn body_fields<'a>(cx: &'a Context<'_>, op: &Operation) -> &'a [Field] {
    match op.body.as_ref().map(|b| &b.ty) {
        Some(Type::Model(name)) => match cx.api.schema(name).map(|s| &s.kind) {
            Some(SchemaKind::Object(fields)) => fields,
            _ => &[],
        },
        _ => &[],
    }
}

fn file(cx: &Context<'_>, resource: &Resource) -> Result<File> {
    let mut enums = BTreeSet::new();
    let mut body = String::new();
    let mut signatures = String::new();
    for op in &resource.operations {
        if let (Some(ty), _) = op.result() {
            enum_names(ty, &mut enums);
        }
        for ty in op.params.iter().map(|p| &p.ty).chain(body_fields(cx, op).iter().map(|f| &f.ty)) {
            enum_names(ty, &mut enums);
        }
        signatures.push_str(&method(cx, resource, op, &mut body)?);
    }
    let annotations = signatures.as_str();
    let mut text = header();
    let _ = write!(text, "{}", docstring(&resource.doc, 0));
    text.push_str("\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING");
    for name in ["Any", "List"].into_iter().filter(|w| contains_word(annotations, w)) {
        let _ = write!(text, ", {name}");
    }
    text.push_str("\n\nfrom ..._resource import ");
    let absent = if body.contains("ABSENT") { "ABSENT, " } else { "" };
    let _ = writeln!(text, "{absent}Resource");
    let mut imports = String::new();
    let abc: Vec<&str> =
        ["Mapping", "Sequence"].into_iter().filter(|w| contains_word(annotations, w)).collect();
    if !abc.is_empty() {
        let _ = writeln!(imports, "    from collections.abc import {}", abc.join(", "));
    }
    if contains_word(annotations, "datetime") {
        imports.push_str("    from datetime import datetime\n");
    }
    if contains_word(annotations, "SettingValue") {
        imports.push_str("    from ..._types import SettingValue\n");
    }
    // The models keep their module: a resource may have the name of a model.
    let modules: Vec<&str> =
        ["inputs", "models"].into_iter().filter(|m| annotations.contains(&format!("{m}."))).collect();
    if !modules.is_empty() {
        let _ = writeln!(imports, "    from .. import {}", modules.join(", "));
    }
    let enums: Vec<_> = enums.into_iter().collect();
    if !enums.is_empty() {
        imports.push_str(&import_list("    from ..enums import", &enums));
    }
    if imports.is_empty() {
        text = text.replace("from typing import TYPE_CHECKING\n\n", "").replace("TYPE_CHECKING, ", "");
    } else {
        let _ = write!(text, "\nif TYPE_CHECKING:\n{imports}");
    }
    let _ = write!(text, "\n\nclass {}(Resource):\n{}", resource.name.pascal(), docstring(&resource.doc, 4));
    text.push_str("\n    __slots__ = ()\n");
    text.push_str(&body);
    Ok(File { path: format!("{DIR}/resources/{}.py", resource.name.snake()), text })
}

fn contains_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|w| w == word)
}

pub fn import_list(start: &str, names: &[String]) -> String {
    let line = format!("{start} {}\n", names.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    let indent = " ".repeat(start.len() - start.trim_start().len());
    names.iter().fold(format!("{start} (\n"), |out, n| format!("{out}{indent}    {n},\n")) + &indent + ")\n"
}

/// Writes one method; gives its signature.
fn method(cx: &Context<'_>, resource: &Resource, op: &Operation, out: &mut String) -> Result<String> {
    let mut signature = vec!["self".to_owned()];
    let mut documented = Vec::new();
    let mut args = Vec::new();
    let mut taken = BTreeSet::from(["timeout".to_owned(), "max_attempts".to_owned()]);
    let mut take = |name: &str| -> Result<()> {
        ensure!(
            taken.insert(name.to_owned()),
            "{}.{}: two arguments are named {name}",
            resource.name.snake(),
            op.name.snake()
        );
        Ok(())
    };
    for p in op.path_params() {
        let name = ident(&p.name);
        take(&name)?;
        signature.push(format!("{name}: {}", input_type(cx, &p.ty)));
        args.push(format!("\"{}\": {name}", p.name.snake()));
        documented.push((name, rust::param_doc(p)));
    }
    let fields = body_fields(cx, op);
    let mut body = "None".to_owned();
    if matches!(op.body.as_ref().map(|b| &b.ty), Some(Type::Patch)) {
        take("patch")?;
        signature.push(format!("patch: {}", input_type(cx, &Type::Patch)));
        documented.push(("patch".into(), "The changes, as JSON Patch operations.".into()));
        body = "patch".into();
    }
    signature.push("*".into());
    let required = op.body.as_ref().is_some_and(|b| b.required);
    let mut entries = Vec::new();
    let (first, rest): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|f| f.required && required);
    for f in first.into_iter().chain(rest) {
        let name = ident(&f.name);
        take(&name)?;
        let null = if f.nullable { " | None" } else { "" };
        let default = if f.required && required { "" } else { " = ABSENT" };
        signature.push(format!("{name}: {}{null}{default}", input_type(cx, &f.ty)));
        entries.push(format!("\"{}\": {name}", f.name.snake()));
        documented.push((name, rust::field_doc(f)));
    }
    if !entries.is_empty() {
        body = dictionary(&entries, 12);
    }
    for p in op.optional_params() {
        let name = ident(&p.name);
        take(&name)?;
        signature.push(format!("{name}: {} = ABSENT", input_type(cx, &p.ty)));
        args.push(format!("\"{}\": {name}", p.name.snake()));
        documented.push((name, rust::param_doc(p)));
    }
    signature.push("timeout: float | None = None".into());
    signature.push("max_attempts: int | None = None".into());
    documented
        .push(("timeout".into(), "Seconds that the whole call may take; the client's when left out.".into()));
    documented.push(("max_attempts".into(), "How often to try at most; the client's when left out.".into()));
    let result = match op.result() {
        (None, _) => "None".to_owned(),
        (Some(ty), false) => output_type(cx, ty),
        (Some(ty), true) => format!("{} | None", output_type(cx, ty)),
    };
    let def = definition(&ident(&op.name), &signature, &result);
    let mut about = format!("{}\n\n``{} {}``\n\nArgs:\n", op.doc, op.http_method, op.path);
    for (name, what) in &documented {
        let _ = writeln!(about, "    {name}: {what}");
    }
    if op.result().1 && op.result().0.is_some() {
        about.push_str("\nReturns:\n    The new state, or ``None`` when nothing changed.\n");
    }
    if op.deprecated {
        about.push_str(
            "\nDeprecated: the service keeps it for old clients; use the method without ``_v1``.\n",
        );
    }
    let id = format!("{}.{}", resource.name.snake(), op.name.snake());
    let call = [format!("\"{id}\""), dictionary(&args, 12), body, "timeout".into(), "max_attempts".into()];
    let start = if result == "None" { "self._call" } else { "return self._call" };
    let line = format!("        {start}({})\n", call.join(", "));
    let line = if line.len() <= WIDTH && !line.trim_end().contains('\n') {
        line
    } else {
        call.iter().fold(format!("        {start}(\n"), |out, c| format!("{out}            {c},\n"))
            + "        )\n"
    };
    let _ = write!(out, "\n{def}{}{line}", docstring(&about, 8));
    Ok(def)
}

fn definition(name: &str, signature: &[String], result: &str) -> String {
    let line = format!("    def {name}({}) -> {result}:\n", signature.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    signature.iter().fold(format!("    def {name}(\n"), |out, p| format!("{out}        {p},\n"))
        + &format!("    ) -> {result}:\n")
}

fn dictionary(entries: &[String], indent: usize) -> String {
    let line = format!("{{{}}}", entries.join(", "));
    if line.len() + indent < WIDTH {
        return line;
    }
    let pad = " ".repeat(indent);
    entries.iter().fold("{\n".to_owned(), |out, e| format!("{out}{pad}    {e},\n")) + &pad + "}"
}

/// A docstring, wrapped.
pub fn docstring(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut lines = Vec::new();
    for line in text.trim_end().lines() {
        lines.extend(wrap(line, WIDTH - indent - 4));
    }
    if let [only] = lines.as_slice() {
        return format!("{pad}\"\"\"{only}\"\"\"\n");
    }
    let mut out = format!("{pad}\"\"\"");
    for (i, line) in lines.iter().enumerate() {
        let pad = if i == 0 || line.is_empty() { "" } else { &pad };
        let _ = writeln!(out, "{pad}{line}");
    }
    let _ = writeln!(out, "{pad}\"\"\"");
    out
}

fn wrap(line: &str, width: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let mut lines = Vec::new();
    let mut current = " ".repeat(indent);
    for word in line.split_whitespace() {
        if current.trim().is_empty() {
            current.push_str(word);
        } else if current.len() + 1 + word.len() > width {
            lines.push(std::mem::replace(&mut current, format!("{}{word}", " ".repeat(indent + 4))));
        } else {
            current.push(' ');
            current.push_str(word);
        }
    }
    lines.push(current.trim_end().to_owned());
    lines
}

fn enums(cx: &Context<'_>) -> File {
    let mut text = header();
    text.push_str("\"\"\"The values that fields can have. A value that is not here yet arrives as a plain ``str``.\"\"\"\n\nfrom enum import Enum\n");
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

/// Typed dictionaries for nested input.
fn inputs(cx: &Context<'_>) -> File {
    let nested: Vec<&Schema> = cx
        .api
        .schemas
        .iter()
        .filter(|s| s.direction == Direction::Request && !matches!(s.kind, SchemaKind::Enum(_)))
        .collect();
    let mut enums = BTreeSet::new();
    let mut classes = String::new();
    for schema in nested {
        let fields: Vec<(String, String, String, bool)> = match &schema.kind {
            SchemaKind::Object(fields) => fields
                .iter()
                .map(|f| {
                    enum_names(&f.ty, &mut enums);
                    let null = if f.nullable { " | None" } else { "" };
                    let ty = format!("{}{null}", input_type(cx, &f.ty)).replace("inputs.", "");
                    (ident(&f.name), ty, rust::field_doc(f), f.required)
                })
                .collect(),
            _ => vec![
                ("value".into(), "SettingValue".into(), "A value of the flag's type.".into(), false),
                (
                    "predefined_variation_id".into(),
                    "str".into(),
                    "Id of the predefined variation.".into(),
                    false,
                ),
            ],
        };
        let about = fields
            .iter()
            .fold(format!("{}\n\nKeys:\n", schema.doc), |out, (n, _, d, _)| format!("{out}    {n}: {d}\n"));
        let (required, optional): (Vec<_>, Vec<_>) = fields.iter().partition(|f| f.3);
        let mut base = "TypedDict".to_owned();
        let mut total = ", total=False";
        if !required.is_empty() && !optional.is_empty() {
            base = format!("_{}Required", schema.name);
            let _ = write!(classes, "\n\nclass {base}(TypedDict):\n");
            for f in &required {
                let _ = writeln!(classes, "    {}: {}", f.0, f.1);
            }
        } else if optional.is_empty() {
            total = "";
        }
        let own = if required.is_empty() || optional.is_empty() { fields.iter().collect() } else { optional };
        let _ = write!(classes, "\n\nclass {}({base}{total}):\n{}\n", schema.name, docstring(&about, 4));
        for f in own {
            let _ = writeln!(classes, "    {}: {}", f.0, f.1);
        }
    }
    let mut text = header();
    text.push_str("\"\"\"The shape of nested input, for type checkers. At run time a plain ``dict`` is enough.\"\"\"\n\nfrom __future__ import annotations\n\nfrom collections.abc import Mapping, Sequence\nfrom datetime import datetime\nfrom typing import Any, TypedDict, Union\n\nfrom .._types import SettingValue\n");
    let enums: Vec<_> = enums.into_iter().collect();
    text.push_str(&import_list("from .enums import", &enums));
    text.push_str("from .models import FlagValue\n");
    text.push_str(&classes);
    text.push_str("\n\nFlagValueInput = Union[SettingValue, FlagValue, UpdateFlagValue]\n\"\"\"A value of the flag's type, a value that was read before, or a predefined variation.\"\"\"\n");
    File { path: format!("{DIR}/inputs.py"), text }
}

/// The Rust function that turns the bytes of an answer into a Python object.
fn decoder(cx: &Context<'_>) -> File {
    let mut by_type: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (resource, op) in cx.api.operations() {
        if let (Some(ty), _) = op.result() {
            let id = format!("\"{}.{}\"", resource.name.snake(), op.name.snake());
            by_type.entry(rust::ty(ty)).or_default().push(id);
        }
    }
    let mut text = rust::header();
    text.push_str("//! Which type each operation answers with.\n\nuse crate::decode::{Decoded, typed};\nuse configcat_management::dynamic::Answer;\nuse configcat_management::models::*;\nuse configcat_management::{Error, describe::Operation};\n\n/// Decodes the body of an answer; needs no interpreter.\npub fn decode(operation: &Operation, answer: &Answer) -> Result<Decoded, Error> {\nif answer.body().is_empty() { return Ok(Decoded::Nothing); }\nmatch operation.id {\n");
    for (ty, ops) in by_type {
        let _ = writeln!(text, "{} => typed::<{ty}>(answer),", ops.join(" | "));
    }
    text.push_str("_ => Ok(Decoded::Nothing),\n}\n}\n");
    File { path: "bindings/python/src/generated/decode.rs".into(), text }
}
