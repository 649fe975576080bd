//! Code shared by the Python emitters.

use crate::emit::rust;
use crate::emit::{Context, NOTICE};
use crate::model::names::{Language, Name};
use crate::model::{Field, Operation, SchemaKind, Type};
use std::collections::BTreeSet;

pub const DIR: &str = "bindings/python/python/configcat_management/_generated";

pub const WIDTH: usize = 110;

pub fn header() -> String {
    format!("# @generated {NOTICE}\n")
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::Python)
}

/// Whether calls are synchronous or asynchronous.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    Sync,
    Async,
}

impl Flavor {
    pub const BOTH: [Self; 2] = [Self::Sync, Self::Async];

    /// Prefix of class names.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Sync => "",
            Self::Async => "Async",
        }
    }

    /// Directory of the resources.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Sync => "resources",
            Self::Async => "async_resources",
        }
    }
}

/// Returns the type of a value that the caller passes.
pub fn input_type(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Boolean => "bool".into(),
        Type::Int32 { .. } | Type::Int64 => "int".into(),
        Type::Double => "float".into(),
        Type::String { .. } | Type::Uuid => "str".into(),
        Type::Timestamp => "datetime".into(),
        Type::Any => "Any".into(),
        Type::BareValue | Type::TaggedValue(_) => "SettingValue".into(),
        Type::List(inner) => format!("Sequence[{}]", input_type(cx, inner)),
        Type::Map(inner) => format!("Mapping[str, {}]", input_type(cx, inner)),
        Type::Patch => "Sequence[types.PatchOperationLike]".into(),
        Type::Model(name) => format!("types.{}", like(name)),
        Type::Enum(name) => format!("types.{}", like(name)),
        Type::Id(name) => id_type(cx, name).into(),
    }
}

/// Returns the type of a value that the caller receives.
pub fn output_type(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::List(inner) => format!("List[{}]", output_type(cx, inner)),
        Type::Map(inner) => format!("dict[str, {}]", output_type(cx, inner)),
        Type::Model(name) => format!("models.{name}"),
        Type::Enum(name) => format!("{name} | UnknownValue"),
        _ => input_type(cx, ty),
    }
}

/// Returns the name of the type alias for an input: an object, a dictionary, or a response model; a member of an enum, or its value.
pub fn like(schema: &str) -> String {
    match schema {
        "UpdateFlagValue" => "FlagValueLike".into(),
        name => format!("{name}Like"),
    }
}

/// Returns the return type of an operation.
pub fn result_type(cx: &Context<'_>, op: &Operation) -> String {
    match op.result() {
        (None, _) => "None".to_owned(),
        (Some(Type::List(item)), _) if matches!(**item, Type::Model(_)) => {
            format!("ModelList[{}]", output_type(cx, item))
        }
        (Some(ty), false) => output_type(cx, ty),
        (Some(ty), true) => format!("{} | None", output_type(cx, ty)),
    }
}

pub fn id_type(cx: &Context<'_>, name: &str) -> &'static str {
    match cx.api.id(name).map(|i| rust::id_repr(i.kind)) {
        Some("String") | None => "str",
        Some(_) => "int",
    }
}

/// Collects the enums that a type annotation names.
pub fn enum_names(ty: &Type, enums: &mut BTreeSet<String>) {
    match ty {
        Type::List(inner) | Type::Map(inner) => enum_names(inner, enums),
        Type::Enum(name) => {
            enums.insert(name.clone());
        }
        _ => {}
    }
}

pub fn model_name(ty: &Type) -> Option<&str> {
    match ty {
        Type::List(inner) | Type::Map(inner) => model_name(inner),
        Type::Model(name) => Some(name),
        Type::Patch => Some("PatchOperation"),
        _ => None,
    }
}

pub fn object_fields<'a>(cx: &'a Context<'_>, name: &str) -> &'a [Field] {
    match cx.api.schema(name).map(|s| &s.kind) {
        Some(SchemaKind::Object(fields)) => fields,
        _ => &[],
    }
}

/// Returns the fields of the request body, which a method takes as keyword arguments.
pub fn body_fields<'a>(cx: &'a Context<'_>, op: &Operation) -> &'a [Field] {
    match op.body.as_ref().map(|b| &b.ty) {
        Some(Type::Model(name)) => object_fields(cx, name),
        _ => &[],
    }
}

/// Returns the documentation of a field or parameter. For an enum it lists the values.
pub fn about(cx: &Context<'_>, doc: String, ty: &Type) -> String {
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

pub fn enum_of(ty: &Type) -> Option<&str> {
    match ty {
        Type::List(inner) => enum_of(inner),
        Type::Enum(name) => Some(name),
        _ => None,
    }
}
