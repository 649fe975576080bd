//! Writes the Python side: resources, models and enums, what type checkers see of them, and the decoder behind them.

mod clients;
mod decoder;
mod enums;
mod every_method;
mod inputs;
mod methods;
mod models;
mod resources;
mod text;
mod types;

use super::rust;
use super::{Context, File, NOTICE};
use crate::model::names::{Language, Name};
use crate::model::{Direction, Field, Operation, Schema, SchemaKind, Type};
use anyhow::Result;
use std::collections::BTreeSet;

const DIR: &str = "bindings/python/python/configcat_management/_generated";
const WIDTH: usize = 110;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = resources::emit(cx)?;
    files.extend(clients::emit(cx));
    files.push(enums::emit(cx));
    files.push(inputs::emit(cx));
    files.push(types::emit(cx));
    files.extend(models::emit(cx));
    files.push(decoder::emit(cx));
    files.push(every_method::emit(cx)?);
    Ok(files)
}

fn header() -> String {
    format!("# @generated {NOTICE}\n")
}

fn ident(name: &Name) -> String {
    name.identifier(Language::Python)
}

/// Whether calls wait or are awaited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavor {
    Sync,
    Async,
}

impl Flavor {
    const BOTH: [Self; 2] = [Self::Sync, Self::Async];

    /// What the names of classes begin with.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Sync => "",
            Self::Async => "Async",
        }
    }

    /// The folder of the resources.
    const fn folder(self) -> &'static str {
        match self {
            Self::Sync => "resources",
            Self::Async => "async_resources",
        }
    }
}

/// The type of something that the caller passes.
fn input_type(cx: &Context<'_>, ty: &Type) -> String {
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
        Type::Patch => "Sequence[types.PatchOperationLike]".into(),
        Type::Model(name) => format!("types.{}", like(name)),
        Type::Enum(name) => format!("{name} | str"),
        Type::Id(name) => id_type(cx, name).into(),
    }
}

/// The type of something that the caller gets.
fn output_type(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::List(inner) => format!("List[{}]", output_type(cx, inner)),
        Type::Map(inner) => format!("dict[str, {}]", output_type(cx, inner)),
        Type::Model(name) => format!("models.{name}"),
        _ => input_type(cx, ty),
    }
}

/// The alias for whatever can stand for an input: an object, a dictionary, what was read.
fn like(schema: &str) -> String {
    match schema {
        "UpdateFlagValue" => "FlagValueLike".into(),
        name => format!("{name}Like"),
    }
}

/// What an operation answers with.
fn result_type(cx: &Context<'_>, op: &Operation) -> String {
    match op.result() {
        (None, _) => "None".to_owned(),
        (Some(Type::List(item)), _) if matches!(**item, Type::Model(_)) => {
            format!("ModelList[{}]", output_type(cx, item))
        }
        (Some(ty), false) => output_type(cx, ty),
        (Some(ty), true) => format!("{} | None", output_type(cx, ty)),
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

fn model_name(ty: &Type) -> Option<&str> {
    match ty {
        Type::List(inner) | Type::Map(inner) => model_name(inner),
        Type::Model(name) => Some(name),
        Type::Patch => Some("PatchOperation"),
        _ => None,
    }
}

fn object_fields<'a>(cx: &'a Context<'_>, name: &str) -> &'a [Field] {
    match cx.api.schema(name).map(|s| &s.kind) {
        Some(SchemaKind::Object(fields)) => fields,
        _ => &[],
    }
}

/// The fields that a call spreads over keyword arguments.
fn body_fields<'a>(cx: &'a Context<'_>, op: &Operation) -> &'a [Field] {
    match op.body.as_ref().map(|b| &b.ty) {
        Some(Type::Model(name)) => object_fields(cx, name),
        _ => &[],
    }
}

/// The schemas of nested input, by name: what is inside of bodies, and what an edit works on.
fn nested_inputs<'a>(cx: &'a Context<'_>) -> Vec<&'a Schema> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut queue: Vec<String> = Vec::new();
    for (resource, op) in cx.api.operations() {
        let fields = body_fields(cx, op).iter().map(|f| &f.ty);
        let patch = op.body.iter().map(|b| &b.ty).filter(|ty| matches!(ty, Type::Patch));
        queue.extend(fields.chain(patch).filter_map(model_name).map(str::to_owned));
        queue.extend(methods::edited(cx, resource, op).map(|(_, draft)| draft.to_owned()));
    }
    while let Some(name) = queue.pop() {
        if names.insert(name.clone()) {
            queue
                .extend(object_fields(cx, &name).iter().filter_map(|f| model_name(&f.ty)).map(str::to_owned));
        }
    }
    names.iter().filter_map(|name| cx.api.schema(name)).collect()
}

/// The model that is read where this one is written, for it can be sent back.
fn twin<'a>(cx: &'a Context<'_>, input: &str) -> Option<&'a Schema> {
    let short = input
        .strip_prefix("Update")
        .or_else(|| input.strip_prefix("Create"))
        .or_else(|| input.strip_suffix("Input"))?;
    let schema = cx.api.schema(short)?;
    (schema.direction == Direction::Answer && matches!(schema.kind, SchemaKind::Object(_))).then_some(schema)
}

/// What a field or parameter is about, with its limits and, for an enum, its values.
fn about(cx: &Context<'_>, doc: String, ty: &Type) -> String {
    let Some(SchemaKind::Enum(values)) = enum_of(ty).and_then(|n| cx.api.schema(n)).map(|s| &s.kind) else {
        return doc;
    };
    let mut listed: Vec<String> = values.iter().map(|v| format!("``{}``", v.wire())).collect();
    if listed.len() > 12 {
        let more = listed.len() - 8;
        listed.truncate(8);
        listed.push(format!("or one of {more} more"));
    }
    format!("{doc} One of {}.", listed.join(", "))
}

fn enum_of(ty: &Type) -> Option<&str> {
    match ty {
        Type::List(inner) => enum_of(inner),
        Type::Enum(name) => Some(name),
        _ => None,
    }
}
