//! What the emitters of C share.

use crate::model::names::{Language, Name};
use crate::model::{Api, IdKind, Type};

pub const DIR: &str = "bindings/ffi/src/generated";

/// What a parameter is in C.
pub enum Shape {
    Text,
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
        _ => Shape::Text,
    }
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::C)
}
