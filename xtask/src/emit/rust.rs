//! Rust syntax of the model's types; shared by the emitters that write Rust.

use super::NOTICE;
use crate::model::names::Language;
use crate::model::{Field, IdKind, Operation, Param, Type};
use std::collections::BTreeSet;

/// Returns the first lines of a generated Rust file.
pub fn header() -> String {
    format!("// @generated {NOTICE}\n\n")
}

/// Returns the Rust type of a value that is present.
pub fn ty(ty: &Type) -> String {
    match ty {
        Type::Boolean => "bool".into(),
        Type::Int32 { .. } => "i32".into(),
        Type::Int64 => "i64".into(),
        Type::Double => "f64".into(),
        Type::String { .. } | Type::Uuid => "String".into(),
        Type::Timestamp => "Timestamp".into(),
        Type::Any => "serde_json::Value".into(),
        Type::BareValue | Type::TaggedValue(_) => "SettingValue".into(),
        Type::List(inner) => format!("Vec<{}>", self::ty(inner)),
        Type::Map(inner) => format!("BTreeMap<String, {}>", self::ty(inner)),
        Type::Patch => "JsonPatch".into(),
        Type::Model(name) | Type::Enum(name) | Type::Id(name) => name.clone(),
    }
}

/// Like [`ty`], but models are qualified by their module, for code in which their names have another meaning.
pub fn qualified(ty: &Type) -> String {
    match ty {
        Type::List(inner) => format!("Vec<{}>", qualified(inner)),
        Type::Map(inner) => format!("BTreeMap<String, {}>", qualified(inner)),
        Type::Timestamp
        | Type::BareValue
        | Type::TaggedValue(_)
        | Type::Patch
        | Type::Model(_)
        | Type::Enum(_)
        | Type::Id(_) => format!("models::{}", self::ty(ty)),
        _ => self::ty(ty),
    }
}

/// Collects the names that [`ty`] needs to have imported.
pub fn imports(ty: &Type, used: &mut BTreeSet<String>) {
    match ty {
        Type::List(inner) => imports(inner, used),
        Type::Map(inner) => {
            used.insert("BTreeMap".into());
            imports(inner, used);
        }
        Type::Timestamp | Type::BareValue | Type::TaggedValue(_) | Type::Patch => {
            used.insert(self::ty(ty));
        }
        Type::Model(name) | Type::Enum(name) | Type::Id(name) => {
            used.insert(name.clone());
        }
        _ => {}
    }
}

/// Whether a parameter is taken as `impl Into<T>`, for types where the caller often has a similar type.
fn converts(ty: &Type) -> bool {
    !matches!(ty, Type::Boolean | Type::Int32 { .. } | Type::Int64 | Type::Double | Type::Timestamp)
}

/// Returns the type of an argument and the expression that converts it to the value.
pub fn argument(name: &str, ty: &Type) -> (String, String) {
    match ty {
        Type::List(inner) if converts(inner) => (
            format!("impl IntoIterator<Item = impl Into<{}>>", self::ty(inner)),
            format!("{name}.into_iter().map(Into::into).collect::<Vec<{}>>()", self::ty(inner)),
        ),
        _ if converts(ty) => (format!("impl Into<{}>", self::ty(ty)), format!("{name}.into()")),
        _ => (self::ty(ty), name.to_owned()),
    }
}

/// Formats a doc comment.
pub fn doc(text: &str) -> String {
    super::slashes(text, "")
}

/// Indents the arguments of a macro call, which rustfmt does not format.
pub fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |out, line| format!("{out}    {line}\n"))
}

/// Returns the sentence about limits for documentation, with a leading space; empty if there are none.
pub fn limits(ty: &Type) -> String {
    match ty {
        Type::String { min: Some(min), max: Some(max) } if *min > 0 => format!(" {min} to {max} characters."),
        Type::String { max: Some(max), .. } => format!(" At most {max} characters."),
        Type::String { min: Some(1), .. } => " Not empty.".to_owned(),
        Type::String { min: Some(min), .. } if *min > 0 => format!(" At least {min} characters."),
        Type::Int32 { min: Some(min), max: Some(max) } if *max < i64::from(i32::MAX) => {
            format!(" {min} to {max}.")
        }
        Type::Int32 { min: Some(min), .. } => format!(" At least {min}."),
        _ => String::new(),
    }
}

/// Returns the documentation of a parameter, with limits and default.
pub fn param_doc(param: &Param) -> String {
    let default = param.default.as_ref().map(|d| format!(" Default: {d}.")).unwrap_or_default();
    format!("{}{}{default}", param.doc, limits(&param.ty))
}

pub fn field_doc(field: &Field) -> String {
    format!("{}{}", field.doc, limits(&field.ty))
}

/// Formats the route for documentation, such as `PUT /v1/configs/{configId}`.
pub fn route(op: &Operation) -> String {
    format!("`{} {}`", op.http_method, op.path)
}

/// Returns the identifier of a field in Rust.
pub fn ident(name: &crate::model::names::Name) -> String {
    name.identifier(Language::Rust)
}

/// Returns the Rust type of an identifier's value.
pub fn id_repr(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Uuid | IdKind::String => "String",
        IdKind::Int32 => "i32",
        IdKind::Int64 => "i64",
    }
}
