//! Code shared by the C++ emitters.

use crate::emit::{NOTICE, rust, slashes};
use crate::model::names::{Language, Name};
use crate::model::{Api, IdKind, Param, Type};

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
        // Lists of ids have the plain type of the ids, so that lists of strings and numbers can be passed.
        Type::List(item) => match &**item {
            Type::Id(id) => format!("std::vector<{}>", id_repr(api, id)),
            item => format!("std::vector<{}>", ty(api, item)),
        },
        Type::Map(item) => format!("std::map<std::string, {}>", ty(api, item)),
        Type::Patch => "JsonPatch".into(),
        Type::Model(name) => name.clone(),
        Type::Enum(name) => format!("Enum<{name}>"),
        Type::Id(name) => name.clone(),
    }
}

/// Returns the plain type of an id.
pub fn id_repr(api: &Api, id: &str) -> &'static str {
    match api.id(id).map(|id| id.kind) {
        Some(IdKind::Int32) => "std::int32_t",
        Some(IdKind::Int64) => "std::int64_t",
        _ => "std::string",
    }
}

/// Whether a type is passed by value.
pub fn is_small(api: &Api, t: &Type) -> bool {
    match t {
        Type::Boolean | Type::Int32 { .. } | Type::Int64 | Type::Double | Type::Timestamp => true,
        Type::Id(id) => id_repr(api, id) != "std::string",
        _ => false,
    }
}

/// Returns the type of an argument.
pub fn argument(api: &Api, t: &Type) -> String {
    let plain = ty(api, t);
    match plain.as_str() {
        _ if is_small(api, t) => plain,
        "std::string" => "std::string_view".into(),
        _ => format!("const {plain} &"),
    }
}

/// Writes a setter of a request: one for named requests, which returns a reference, and one for temporary requests, which returns the
/// request itself, so that the result may be kept.
pub fn setter(api: &Api, class: &str, param: &Param) -> String {
    let name = ident(&param.name);
    let argument = declared(&argument(api, &param.ty), &name);
    format!(
        "{}    {class} &{name}({argument}) & {{ return this->with(\"{}\", {name}); }}\n    {class} {name}({argument}) && {{ return std::move(this->{name}({name})); }}\n",
        slashes(&rust::param_doc(param), "    "),
        param.name.snake()
    )
}

/// Formats a declaration: `int32_t value` or `const X &value`.
pub fn declared(ty: &str, name: &str) -> String {
    if ty.ends_with('&') { format!("{ty}{name}") } else { format!("{ty} {name}") }
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::Cpp)
}
