//! Code shared by the Swift emitters.

use crate::emit::rust::id_repr;
use crate::emit::{File, NOTICE, slashes as doc};
use crate::model::names::{Language, Name};
use crate::model::{Api, Type};
use std::fmt::Write;

pub const DIR: &str = "bindings/ffi/swift/Sources/ConfigCatManagement/Generated";

/// Returns the uniffi configuration of the core's types.
pub fn configuration(api: &Api) -> String {
    let mut text = String::new();
    for (crate_name, module) in
        [("configcat_management", "ConfigCatModels"), ("configcat_management_mobile", "ConfigCatBridge")]
    {
        let _ = writeln!(
            text,
            "[crates.{crate_name}.bindings.swift]\nmodule_name = \"{module}\"\nffi_module_name = \"ConfigCatManagementFFI\"\nffi_module_filename = \"{module}FFI\"\nomit_localized_error_conformance = true\n"
        );
    }
    let mut custom = |name: &str, ty: &str, lift: &str, lower: &str| {
        let _ = writeln!(
            text,
            "[crates.configcat_management.bindings.swift.custom_types.{name}]\ntype_name = \"{ty}\"\nlift = \"{lift}\"\nlower = \"{lower}\"\n"
        );
    };
    custom("Timestamp", "Date", "Date(ticks: {})", "{}.ticks");
    for id in &api.ids {
        let raw = raw(id_repr(id.kind));
        custom(&id.name, &format!("Identifier<{}Kind, {raw}>", id.name), "Identifier({})", "{}.rawValue");
    }
    for (alias, inner) in crate::emit::rust_models::three_state_types(api) {
        custom(&alias, &format!("Field<{}>", ty(&inner)), "Field(list: {})", "{}.list");
    }
    text
}

pub fn raw(repr: &str) -> &'static str {
    match repr {
        "i32" => "Int32",
        "i64" => "Int64",
        _ => "String",
    }
}

/// Writes the marker types that distinguish identifiers.
pub fn identifiers(api: &Api) -> File {
    let mut text = header();
    for id in &api.ids {
        let _ = writeln!(text, "{}public enum {}Kind: Sendable {{}}\n", doc(&id.doc, ""), id.name);
    }
    File { path: format!("{DIR}/Identifiers.swift"), text: format!("{}\n", text.trim_end()) }
}

/// Returns the type of a value that is present.
pub fn ty(t: &Type) -> String {
    match t {
        Type::Boolean => "Bool".into(),
        Type::Int32 { .. } => "Int32".into(),
        Type::Int64 => "Int64".into(),
        Type::Double => "Double".into(),
        Type::String { .. } | Type::Uuid => "String".into(),
        Type::Timestamp => "Date".into(),
        Type::Any => "Json".into(),
        Type::BareValue | Type::TaggedValue(_) => "SettingValue".into(),
        Type::List(item) => format!("[{}]", ty(item)),
        Type::Map(item) => format!("[String: {}]", ty(item)),
        Type::Patch => "JsonPatch".into(),
        Type::Model(name) | Type::Enum(name) | Type::Id(name) => name.clone(),
    }
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::Swift)
}

pub fn header() -> String {
    format!("// @generated {NOTICE}\n\nimport Foundation\n\n")
}

/// Formats parameters on one line if they fit, otherwise one per line.
pub fn list(declared: &[String]) -> String {
    let line = declared.join(", ");
    if line.len() < 70 { line } else { format!("\n        {}\n    ", declared.join(",\n        ")) }
}
