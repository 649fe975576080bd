//! Code shared by the C emitters.

use crate::model::names::{Language, Name};
use crate::model::{Api, IdKind, Type};

pub const DIR: &str = "bindings/ffi/src/generated";

/// Type of a parameter in C.
pub enum Shape {
    String,
    Boolean,
    Integer,
    Texts,
    Integers,
}

pub fn shape(api: &Api, ty: &Type) -> Shape {
    let whole = |ty: &Type| match ty {
        Type::Int32 { .. } | Type::Int64 => true,
        Type::Id(id) => matches!(api.id(id).map(|i| i.kind), Some(IdKind::Int32 | IdKind::Int64)),
        _ => false,
    };
    match ty {
        Type::Boolean => Shape::Boolean,
        Type::List(item) if whole(item) => Shape::Integers,
        Type::List(_) => Shape::Texts,
        ty if whole(ty) => Shape::Integer,
        _ => Shape::String,
    }
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::C)
}
