//! Writes the tables that the simulator checks before it calls a handler: the permission that each operation requires, and the
//! scope of the identifiers in its path.

use super::{File, rust};
use crate::model::access::{Right, Scope};
use crate::model::{Api, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub fn file(api: &Api) -> File {
    let mut text = rust::header();
    text.push_str(
        "//! The permission that each operation requires of its caller, and the scoped identifiers in its path.\n\n",
    );
    text.push_str("use crate::rules::requirement::Requirement;\n\n");
    requirements(&mut text, api);
    path_ids(&mut text, api);
    File { path: "simulator/src/generated/rights.rs".into(), text }
}

/// Writes one match arm for each permission. An operation without an arm is rejected.
fn requirements(text: &mut String, api: &Api) {
    let mut operations: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (resource, operation) in api.operations() {
        let id = format!("\"{}.{}\"", resource.name.snake(), operation.name.snake());
        operations.entry(requirement(&operation.right)).or_default().push(id);
    }
    text.push_str(
        "/// Returns what an operation requires; `None` if the spec has no such operation.\n#[must_use]\n",
    );
    text.push_str("pub fn requirement(operation: &str) -> Option<Requirement> {\nuse Requirement::{Admin, Permission, View, Write};\nSome(match operation {\n");
    for (requirement, ids) in operations {
        let _ = writeln!(text, "{} => {requirement},", ids.join(" | "));
    }
    text.push_str("_ => return None,\n})\n}\n\n");
}

fn requirement(right: &Right) -> String {
    match right {
        Right::View => "View".into(),
        Right::Admin => "Admin".into(),
        Right::Write => "Write".into(),
        Right::Permission(names) => {
            let wire: Vec<&str> = names.iter().map(|name| name.wire()).collect();
            let fields: Vec<String> = names.iter().map(|name| format!("rights.{}", name.snake())).collect();
            format!("Permission(\"{}\", |rights| {})", wire.join(" or "), fields.join(" || "))
        }
    }
}

/// Writes an enum of the identifiers in paths, so that the simulator does not compile until it handles a new identifier.
fn path_ids(text: &mut String, api: &Api) {
    let mut names: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for (_, operation) in api.operations() {
        for parameter in operation.path_params() {
            let id = match &parameter.ty {
                Type::Id(id) if parameter.scope != Scope::Nothing => id.strip_suffix("Id"),
                _ => None,
            };
            names.insert(parameter.name.wire(), id);
        }
    }
    text.push_str(
        "/// Identifier in a path that is scoped to an organization, a product or an environment.\n",
    );
    text.push_str("#[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub enum PathId {\n");
    let variants: BTreeSet<&str> = names.values().flatten().copied().collect();
    for variant in variants {
        let _ = writeln!(text, "{variant},");
    }
    text.push_str("}\n\n/// Returns the identifier that a path parameter carries: `Some(None)` for a parameter without a scope, `None` for a\n/// parameter that the spec does not have.\n#[must_use]\npub fn path_id(parameter: &str) -> Option<Option<PathId>> {\nSome(match parameter {\n");
    for (wire, id) in &names {
        match id {
            Some(id) => {
                let _ = writeln!(text, "\"{wire}\" => Some(PathId::{id}),");
            }
            None => {
                let _ = writeln!(text, "\"{wire}\" => None,");
            }
        }
    }
    text.push_str("_ => return None,\n})\n}\n");
}
