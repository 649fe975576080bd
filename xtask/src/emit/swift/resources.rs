//! The resources: one struct each, with an asynchronous function per operation.

use super::{DIR, edits, header, ident, list, ty};
use crate::emit::edits::Edited;
use crate::emit::mobile::{self, Input};
use crate::emit::slashes as doc;
use crate::emit::{File, rust};
use crate::model::{Api, Find, Operation, Pages, Resource};
use anyhow::Result;
use std::fmt::Write;

pub fn files(api: &Api, edits: &[Edited<'_>]) -> Result<Vec<File>> {
    let files = api.resources.iter().map(|resource| file(resource, edits));
    let mut files: Vec<File> = files.collect::<Result<_>>()?;
    files.push(index(api));
    Ok(files)
}

fn class(resource: &Resource) -> String {
    format!("{}Resource", resource.name.pascal())
}

fn file(resource: &Resource, edits: &[Edited<'_>]) -> Result<File> {
    let class = class(resource);
    let mut text = header();
    let _ = write!(
        text,
        "{}public struct {class}: Sendable {{\n    let connection: Connection\n",
        doc(&resource.doc, "")
    );
    for op in &resource.operations {
        function(&mut text, resource, op);
        if let Some(find) = &op.find {
            search(&mut text, resource, op, find);
        }
        if let Some(pages) = &op.pages {
            iterate(&mut text, op, pages)?;
        }
    }
    for edit in edits.iter().filter(|edit| edit.resource.name.snake() == resource.name.snake()) {
        edits::function(&mut text, edit);
    }
    text.push_str("}\n");
    Ok(File { path: format!("{DIR}/Resources/{class}.swift"), text })
}

/// Parameters of a function, and the arguments that pass them on.
struct Parameters {
    declared: Vec<String>,
    passed: Vec<String>,
    about: Vec<String>,
}

fn parameters(inputs: Vec<Input<'_>>) -> Parameters {
    let mut out = Parameters { declared: vec![], passed: vec![], about: vec![] };
    for input in inputs {
        let (name, ty) = (ident(&input.name), ty(input.ty));
        out.about.push(format!("  - {name}: {}", input.about));
        out.declared.push(if input.optional {
            format!("{name}: {ty}? = nil")
        } else {
            format!("{name}: {ty}")
        });
        out.passed.push(format!("{name}: {name}"));
    }
    out
}

fn output(op: &Operation) -> String {
    match op.result() {
        (None, _) => String::new(),
        (Some(t), false) => format!(" -> {}", ty(t)),
        (Some(t), true) => format!(" -> {}?", ty(t)),
    }
}

fn about(op: &Operation, more: &str, parameters: &[String]) -> String {
    let mut about = format!("{}{more}\n\n{}", op.doc, rust::route(op));
    if !parameters.is_empty() {
        let _ = write!(about, "\n\n- Parameters:\n{}", parameters.join("\n"));
    }
    about
}

fn function(text: &mut String, resource: &Resource, op: &Operation) {
    let given = parameters(mobile::inputs(op));
    let mut about = about(op, "", &given.about);
    if op.result().0.is_some() && op.result().1 {
        about.push_str("\n- Returns: `nil` when nothing changed.");
    }
    about.push_str("\n- Throws: ``ConfigCatError`` if the call fails, or `CancellationError`.");
    let deprecated = if op.deprecated {
        "    @available(*, deprecated, message: \"The service keeps it for old clients; use the operation without V1.\")\n"
    } else {
        ""
    };
    let discardable =
        if op.result().0.is_some() && op.http_method != "GET" { "    @discardableResult\n" } else { "" };
    let _ = writeln!(
        text,
        "\n{}{deprecated}{discardable}    public func {}({}) async throws{} {{\n        try await connection.call {{ try await $0.{}({}) }}\n    }}",
        doc(&about, "    "),
        ident(&op.name),
        list(&given.declared),
        output(op),
        mobile::method(resource, op).camel(),
        given.passed.join(", "),
    );
}

/// Writes a function that finds an item by name.
fn search(text: &mut String, resource: &Resource, op: &Operation, find: &Find) {
    let given = parameters(mobile::find_inputs(op, find));
    let about = format!(
        "Finds the only item with this {} in the result of `{}`.\n\n{}\n\n- Parameters:\n{}\n- Throws: ``ConfigCatError/notFound(_:)`` if no item matches, with similar names in the message;\n  ``ConfigCatError/conflict(_:)`` if several match, with their ids; another ``ConfigCatError`` if the call fails; or\n  `CancellationError`.",
        find.words(),
        ident(&op.name),
        rust::route(op),
        given.about.join("\n")
    );
    let _ = writeln!(
        text,
        "\n{}    public func {}({}) async throws -> {} {{\n        try await connection.call {{ try await $0.{}({}) }}\n    }}",
        doc(&about, "    "),
        ident(&find.method),
        list(&given.declared),
        ty(&find.item),
        mobile::find_method(resource, find).camel(),
        given.passed.join(", "),
    );
}

/// Writes a function that returns the items of all pages.
fn iterate(text: &mut String, op: &Operation, pages: &Pages) -> Result<()> {
    let given = parameters(mobile::inputs(op));
    let name = op.renamed("iterate")?.camel();
    let without = |all: &[String], prefix: &str| -> Vec<String> {
        all.iter().filter(|one| !one.starts_with(prefix)).cloned().collect()
    };
    let passed: Vec<String> = given
        .passed
        .iter()
        .map(|p| if p == "pageNumber: pageNumber" { "pageNumber: page".to_owned() } else { p.clone() })
        .collect();
    let path: String = pages.envelope.iter().map(|n| format!("{}.", ident(n))).collect();
    let _ = writeln!(
        text,
        "\n{}    public func {name}({}) -> Items<{}> {{\n        Items {{ page in\n            let response = try await self.{}({})\n            return (response.{path}{} ?? [], response.{path}paging?.hasNext == true)\n        }}\n    }}",
        doc(
            &about(
                op,
                " The sequence has the items of all pages; each page is fetched on demand.",
                &without(&given.about, "  - pageNumber:")
            ),
            "    "
        ),
        list(&without(&given.declared, "pageNumber:")),
        ty(&pages.item),
        ident(&op.name),
        passed.join(", "),
        ident(&pages.items),
    );
    Ok(())
}

/// Writes the resources of the client.
fn index(api: &Api) -> File {
    let mut text = header();
    text.push_str("extension ManagementClient {\n");
    for resource in &api.resources {
        let _ = writeln!(
            text,
            "{}    public var {}: {class} {{ {class}(connection: connection) }}\n",
            doc(&resource.doc, "    "),
            ident(&resource.name),
            class = class(resource)
        );
    }
    File { path: format!("{DIR}/Resources.swift"), text: format!("{}\n}}\n", text.trim_end()) }
}
