//! How the model's types are spelled in Rust; shared by the emitters that write Rust.

use super::NOTICE;
use crate::model::names::Language;
use crate::model::{Field, IdKind, Operation, Param, Type};
use std::collections::BTreeSet;

/// The first line of a generated Rust file.
pub fn header() -> String {
    format!("// @generated {NOTICE}\n\n")
}

/// The Rust type of a value that is there.
pub fn ty(ty: &Type) -> String {
    match ty {
        Type::Boolean => "bool".into(),
        Type::Int32 { .. } => "i32".into(),
        Type::Int64 => "i64".into(),
        Type::Double => "f64".into(),
        Type::Text { .. } | Type::Uuid => "String".into(),
        Type::Timestamp => "Timestamp".into(),
        Type::Any => "serde_json::Value".into(),
        Type::BareValue | Type::TaggedValue(_) => "SettingValue".into(),
        Type::List(inner) => format!("Vec<{}>", self::ty(inner)),
        Type::Map(inner) => format!("BTreeMap<String, {}>", self::ty(inner)),
        Type::Patch => "JsonPatch".into(),
        Type::Model(name) | Type::Enum(name) | Type::Id(name) => name.clone(),
    }
}

/// Like [`ty`], with the models named by their module: for code in which the same name means something else.
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

/// The names that [`ty`] needs imported.
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

/// Whether a parameter is taken as `impl Into<T>`: it is where the caller often holds something close to a `T`.
fn converts(ty: &Type) -> bool {
    !matches!(ty, Type::Boolean | Type::Int32 { .. } | Type::Int64 | Type::Double | Type::Timestamp)
}

/// The type of an argument and the expression that turns it into the value.
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

/// A doc comment.
pub fn doc(text: &str) -> String {
    super::slashes(text, "")
}

/// Indents what rustfmt leaves alone: the inside of a macro call.
pub fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |out, line| format!("{out}    {line}\n"))
}

/// What the documentation adds about limits.
pub fn limits(ty: &Type) -> String {
    match ty {
        Type::Text { min: Some(min), max: Some(max) } if *min > 0 => format!(" {min} to {max} characters."),
        Type::Text { max: Some(max), .. } => format!(" At most {max} characters."),
        Type::Text { min: Some(min), .. } if *min > 0 => format!(" At least {min} characters."),
        Type::Int32 { min: Some(min), max: Some(max) } if *max < i64::from(i32::MAX) => {
            format!(" {min} to {max}.")
        }
        Type::Int32 { min: Some(min), .. } => format!(" At least {min}."),
        _ => String::new(),
    }
}

/// The documentation of a parameter with limits and default.
pub fn param_doc(param: &Param) -> String {
    let default = param.default.as_ref().map(|d| format!(" Default: {d}.")).unwrap_or_default();
    format!("{}{}{default}", param.doc, limits(&param.ty))
}

pub fn field_doc(field: &Field) -> String {
    format!("{}{}", field.doc, limits(&field.ty))
}

/// `PUT /v1/configs/{configId}` as a line of documentation.
pub fn route(op: &Operation) -> String {
    format!("`{} {}`", op.http_method, op.path)
}

/// The identifier of a field in Rust.
pub fn ident(name: &crate::model::names::Name) -> String {
    name.identifier(Language::Rust)
}

/// What serde's `rename_all = "camelCase"` makes of an identifier.
pub fn serde_camel(ident: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for c in ident.trim_start_matches("r#").chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// The Rust primitive behind an id.
pub fn id_repr(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Uuid | IdKind::Text => "String",
        IdKind::Int32 => "i32",
        IdKind::Int64 => "i64",
    }
}
