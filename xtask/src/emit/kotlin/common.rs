//! Code shared by the Kotlin emitters.

use crate::emit::NOTICE;
use crate::model::names::{Language, Name};
use crate::model::{Api, Resource, Type};
use std::collections::BTreeSet;
use std::fmt::Write;

pub const DIR: &str = "bindings/ffi/kotlin/client/src/generated/kotlin/configcat/management";

/// The package of the models.
pub const MODELS: &str = "configcat.management.models";

/// Returns the uniffi configuration of the core's types. Function checksums are omitted: library and bindings are built and
/// packaged by the same command, and checking each function would slow down the start of an application.
pub fn configuration(api: &Api) -> String {
    let mut text = String::new();
    for (crate_name, package) in
        [("configcat_management", MODELS), ("configcat_management_mobile", "configcat.management")]
    {
        let _ = writeln!(
            text,
            "[crates.{crate_name}.bindings.kotlin]\npackage_name = \"{package}\"\ncdylib_name = \"configcat_management\"\ngenerate_immutable_records = true\nkotlin_target_version = \"2.1.0\"\nomit_checksums = true\n"
        );
    }
    text.push_str("[crates.configcat_management.bindings.kotlin.custom_types.Timestamp]\ntype_name = \"java.time.Instant\"\nimports = [\"configcat.management.instantOfTicks\", \"configcat.management.ticks\"]\nlift = \"instantOfTicks({})\"\nlower = \"{}.ticks()\"\n\n");
    for (alias, inner) in crate::emit::rust_models::three_state_types(api) {
        let _ = writeln!(
            text,
            "[crates.configcat_management.bindings.kotlin.custom_types.{alias}]\ntype_name = \"Field<{}>\"\nimports = [\"configcat.management.Field\"]\nlift = \"Field.ofList({{}})\"\nlower = \"{{}}.toList()\"\n",
            ty(&inner)
        );
    }
    text
}

/// Returns the type of a value that is present.
pub fn ty(t: &Type) -> String {
    match t {
        Type::Boolean => "Boolean".into(),
        Type::Int32 { .. } => "Int".into(),
        Type::Int64 => "Long".into(),
        Type::Double => "Double".into(),
        Type::String { .. } | Type::Uuid => "String".into(),
        Type::Timestamp => "Timestamp".into(),
        Type::Any => "Json".into(),
        Type::BareValue | Type::TaggedValue(_) => "SettingValue".into(),
        Type::List(item) => format!("List<{}>", ty(item)),
        Type::Map(item) => format!("Map<String, {}>", ty(item)),
        Type::Patch => "JsonPatch".into(),
        Type::Model(name) | Type::Enum(name) | Type::Id(name) => name.clone(),
    }
}

/// Collects the models that a type names.
pub fn named(t: &Type, used: &mut BTreeSet<String>) {
    match t {
        Type::List(item) | Type::Map(item) => named(item, used),
        Type::Boolean
        | Type::Int32 { .. }
        | Type::Int64
        | Type::Double
        | Type::String { .. }
        | Type::Uuid => {}
        model => {
            used.insert(ty(model));
        }
    }
}

pub fn ident(name: &Name) -> String {
    name.identifier(Language::Kotlin)
}

/// Formats a documentation comment with an indentation.
pub fn doc(text: &str, indent: &str) -> String {
    let mut out = format!("{indent}/**\n");
    for line in text.lines() {
        let _ = writeln!(out, "{indent} *{}{line}", if line.is_empty() { "" } else { " " });
    }
    out.push_str(indent);
    out.push_str(" */\n");
    out
}

pub fn header(package: &str, imports: &BTreeSet<String>) -> String {
    let imports = imports.iter().fold(String::new(), |out, name| format!("{out}import {name}\n"));
    format!("// @generated {NOTICE}\n\npackage {package}\n\n{imports}\n")
}

/// Formats parameters on one line if they fit, otherwise one per line.
pub fn list(declared: &[String]) -> String {
    let line = declared.join(", ");
    if line.len() < 70 { line } else { format!("\n        {},\n    ", declared.join(",\n        ")) }
}

/// Calling convention of a class.
#[derive(Clone, Copy, PartialEq)]
pub enum View {
    /// From a coroutine.
    Suspending,
    /// From Java, with futures.
    Futures,
    /// From a thread that waits.
    Blocking,
}

impl View {
    /// Returns the keywords of a function, its result type, and the function of the connection that it calls.
    pub fn calls(self, output: String) -> (&'static str, String, &'static str) {
        match self {
            Self::Suspending => ("suspend fun", output, "call"),
            Self::Futures => ("fun", format!("CompletableFuture<{output}>"), "future"),
            Self::Blocking => ("fun", output, "wait"),
        }
    }

    pub const fn package(self) -> &'static str {
        match self {
            Self::Suspending => "resources",
            Self::Futures => "futures",
            Self::Blocking => "blocking",
        }
    }

    pub fn class(self, resource: &Resource) -> String {
        let suffix = match self {
            Self::Suspending => "Resource",
            Self::Futures => "Futures",
            Self::Blocking => "Blocking",
        };
        format!("{}{suffix}", resource.name.pascal())
    }
}
