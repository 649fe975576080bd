//! Code shared by the C++ emitters.

use crate::emit::NOTICE;
use crate::model::names::{Language, Name};
use crate::model::{Api, IdKind, Type};

pub const DIR: &str = "include/configcat_management/generated";

/// Returns a header with its include guard, in the namespace of the library.
pub fn header(name: &str, about: &str, includes: &[String], body: &str) -> String {
    let guard = format!("CONFIGCAT_MANAGEMENT_{}_HPP", name.replace(['/', '.'], "_").to_uppercase());
    let includes = includes.iter().fold(String::new(), |out, file| format!("{out}#include {file}\n"));
    format!(
        "// @generated {NOTICE}\n\n// {about}\n\n#ifndef {guard}\n#define {guard}\n\n{includes}\nnamespace configcat::management {{\n\n{body}}} // namespace configcat::management\n\n#endif\n"
    )
}

/// Returns the type of a value that is present.
pub fn ty(api: &Api, t: &Type) -> String {
    match t {
        Type::Boolean => "bool".into(),
        Type::Int32 { .. } => "std::int32_t".into(),
        Type::Int64 => "std::int64_t".into(),
        Type::Double => "double".into(),
        Type::String { .. } | Type::Uuid => "std::string".into(),
        Type::Timestamp => "Timestamp".into(),
        Type::Any => "Json".into(),
        Type::BareValue | Type::TaggedValue(_) => "SettingValue".into(),
        Type::List(item) => format!("std::vector<{}>", ty(api, item)),
        Type::Map(item) => format!("std::map<std::string, {}>", ty(api, item)),
        Type::Patch => "JsonPatch".into(),
        Type::Model(name) => name.clone(),
        Type::Enum(name) => format!("Enum<{name}>"),
        Type::Id(id) => match api.id(id).map(|i| i.kind) {
            Some(IdKind::Int32) => "std::int32_t".into(),
            Some(IdKind::Int64) => "std::int64_t".into(),
            _ => "std::string".into(),
        },
    }
}

/// Returns the type of an argument.
pub fn argument(api: &Api, t: &Type) -> String {
    let plain = ty(api, t);
    match plain.as_str() {
        "bool" | "std::int32_t" | "std::int64_t" | "double" | "Timestamp" => plain,
        "std::string" => "std::string_view".into(),
        _ => format!("const {plain} &"),
    }
}

/// Formats a declaration: `int32_t value` or `const X &value`.
pub fn declared(ty: &str, name: &str) -> String {
    if ty.ends_with('&') { format!("{ty}{name}") } else { format!("{ty} {name}") }
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::Cpp)
}
