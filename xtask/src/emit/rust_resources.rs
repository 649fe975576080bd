//! Writes the Rust resources: `core/src/generated/resources/`, one file per resource.

use super::rust::{self, doc, ident};
use super::{Context, File, rust_examples};
use crate::model::{Location, Operation, Resource, Type};
use anyhow::Result;
use std::fmt::Write;

const DIR: &str = "core/src/generated/resources";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    rust_examples::check(cx.api)?;
    let mut files: Vec<File> = cx.api.resources.iter().map(file).collect();
    files.push(index(&cx.api.resources));
    Ok(files)
}

fn index(resources: &[Resource]) -> File {
    let mut text = rust::header();
    text.push_str(
        "//! The resources, one module each. Access them through [`Client`] or [`blocking::Client`].\n\n",
    );
    for resource in resources {
        let _ = writeln!(text, "pub mod {};", resource.name.snake());
    }
    text.push_str("\nuse crate::client::{Client, blocking};\nuse crate::client::request::Blocking;\n\n");
    for (client, mode, handle) in
        [("Client", "", "self"), ("blocking::Client", "<Blocking>", "self.shared()")]
    {
        let _ = writeln!(text, "impl {client} {{");
        for (i, resource) in resources.iter().enumerate() {
            let name = resource.name.snake();
            let ty = format!("{name}::{}", resource.name.pascal());
            let gap = if i == 0 { "" } else { "\n" };
            let _ = writeln!(
                text,
                "{gap}{}#[must_use]\npub fn {name}(&self) -> {ty}{mode} {{ {ty}::new({handle}) }}",
                doc(&resource.doc)
            );
        }
        text.push_str("}\n\n");
    }
    File { path: format!("{DIR}/mod.rs"), text }
}

/// Returns the Rust type of a call's result.
pub fn output(op: &Operation) -> String {
    match op.result() {
        (None, _) => "()".into(),
        (Some(ty), false) => rust::qualified(ty),
        (Some(ty), true) => format!("Option<{}>", rust::qualified(ty)),
    }
}

fn file(resource: &Resource) -> File {
    let module = resource.name.snake();
    let handle = resource.name.pascal();
    let paged = if resource.operations.iter().any(|o| o.pages.is_some()) {
        "use crate::client::page::Paged;\n"
    } else {
        ""
    };
    let mut text = rust::header();
    let _ = writeln!(text, "//! {}\n", resource.doc);
    let searched = if resource.operations.iter().any(|o| o.find.is_some()) {
        "use crate::client::find::{Find, searchable};\n"
    } else {
        ""
    };
    let models = "use crate::models;\n";
    let _ = writeln!(
        text,
        "{models}{paged}{searched}use crate::client::request::{{Async, Mode, Request, operation, resource}};\nuse crate::operations::{module} as operations;\n"
    );
    let _ =
        writeln!(text, "resource! {{\n{}}}\n", rust::indented(&format!("{}{handle}", doc(&resource.doc))));
    let _ = writeln!(text, "impl<M: Mode> {handle}<M> {{");
    for (i, op) in resource.operations.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        method(&mut text, op, &rust_examples::of(&rust_examples::id(resource, op)));
        find(&mut text, op);
    }
    text.push_str("}\n\n");
    for op in &resource.operations {
        let marker = op.name.pascal();
        let _ = writeln!(
            text,
            "operation! {{\n    /// {}\n    {marker} => {}, operations::{}\n}}\n",
            format_args!("Marker type of {}.", rust::route(op)),
            output(op),
            op.name.screaming()
        );
    }
    for op in &resource.operations {
        options(&mut text, op);
        pages(&mut text, op);
        searchable(&mut text, op);
    }
    File { path: format!("{DIR}/{module}.rs"), text }
}

fn method(text: &mut String, op: &Operation, example: &str) {
    let mut about = format!("{}\n\n{}\n", op.doc, rust::route(op));
    let mut arguments = vec!["&self".to_owned()];
    let mut calls = String::new();
    let mut listed = String::new();
    for param in op.path_params() {
        let name = ident(&param.name);
        let ty = rust::qualified(&param.ty);
        arguments.push(format!("{name}: impl Into<{ty}>"));
        let _ = write!(calls, ".path::<{ty}>({name})");
        let _ = writeln!(listed, "* `{name}`: {}", rust::param_doc(param));
    }
    if let Some(body) = &op.body {
        let ty = rust::qualified(&body.ty);
        let (argument, what) = match (&body.ty, body.required) {
            (Type::Patch, _) => ("patch", "The changes, as JSON Patch."),
            (_, true) => ("body", "Request body."),
            (_, false) => ("body", "Request body, or `None`."),
        };
        if body.required {
            arguments.push(format!("{argument}: impl Into<{ty}>"));
            let _ = write!(calls, ".body::<{ty}>({argument})");
        } else {
            arguments.push(format!("{argument}: impl Into<Option<{ty}>>"));
            let _ = write!(calls, ".optional_body::<{ty}>({argument})");
        }
        let _ = writeln!(listed, "* `{argument}`: {what}");
    }
    if !listed.is_empty() {
        let _ = write!(about, "\n# Parameters\n{listed}");
    }
    if op.result().1 && op.result().0.is_some() {
        about.push_str("\nReturns `None` if nothing changed.\n");
    }
    let options: Vec<String> = op.optional_params().map(|p| format!("`.{}()`", ident(&p.name))).collect();
    if !options.is_empty() {
        let _ = write!(about, "\nOptions of the request: {}.\n", options.join(", "));
    }
    about.push_str(example);
    text.push_str(&doc(about.trim_end()));
    if op.deprecated {
        text.push_str("#[deprecated(note = \"the service keeps it for old clients; use the operation without `_v1`\")]\n");
    }
    let name = ident(&op.name);
    let _ = writeln!(
        text,
        "pub fn {name}({}) -> Request<{}, M> {{ Request::new(&self.client){calls} }}",
        arguments.join(", "),
        op.name.pascal()
    );
}

/// Writes the method that finds an item by name.
fn find(text: &mut String, op: &Operation) {
    let Some(find) = &op.find else { return };
    let (list, wanted) = (ident(&op.name), find.argument().snake());
    let mut arguments = vec!["&self".to_owned()];
    let mut listed = String::new();
    let mut passed = Vec::new();
    for param in op.path_params() {
        let name = ident(&param.name);
        arguments.push(format!("{name}: impl Into<{}>", rust::qualified(&param.ty)));
        let _ = writeln!(listed, "* `{name}`: {}", rust::param_doc(param));
        passed.push(name);
    }
    arguments.push(format!("{wanted}: impl Into<String>"));
    let about = format!(
        "Finds the only item with this {words} in the result of [`{list}`](Self::{list}).\n\n{route}\n\n# Parameters\n{listed}* `{wanted}`: Exact {words} of the item.",
        words = find.words(),
        route = rust::route(op)
    );
    let _ = writeln!(
        text,
        "\n{}pub fn {}({}) -> Find<{}, M> {{ self.{list}({}).find({wanted}) }}",
        doc(&about),
        ident(&find.method),
        arguments.join(", "),
        op.name.pascal(),
        passed.join(", ")
    );
}

fn searchable(text: &mut String, op: &Operation) {
    let Some(find) = &op.find else { return };
    let fields: Vec<String> = find.fields.iter().chain([&find.id]).map(ident).collect();
    let _ = writeln!(
        text,
        "searchable! {{\n    {} => {} {{ {} }}\n}}\n",
        op.name.pascal(),
        rust::qualified(&find.item),
        fields.join(", ")
    );
}

fn options(text: &mut String, op: &Operation) {
    if op.optional_params().next().is_none() {
        return;
    }
    let _ = writeln!(text, "impl<M: Mode> Request<{}, M> {{", op.name.pascal());
    for (i, param) in op.optional_params().enumerate() {
        let name = ident(&param.name);
        let item = match &param.ty {
            Type::List(inner) => rust::qualified(inner),
            other => rust::qualified(other),
        };
        let (verb, ty) = match (param.location, &param.ty) {
            (Location::Header, _) => ("parameter", format!("impl Into<{item}>")),
            (_, Type::List(_)) => ("parameters", format!("impl IntoIterator<Item = impl Into<{item}>>")),
            _ => ("parameter", format!("impl Into<{item}>")),
        };
        let gap = if i == 0 { "" } else { "\n" };
        let _ = writeln!(
            text,
            "{gap}{}pub fn {name}(self, {name}: {ty}) -> Self {{ self.{verb}::<{item}>(\"{}\", {name}) }}",
            doc(&rust::param_doc(param)),
            param.name.wire(),
        );
    }
    text.push_str("}\n\n");
}

fn pages(text: &mut String, op: &Operation) {
    let Some(pages) = &op.pages else { return };
    let path: String = pages.envelope.iter().map(|n| format!("{}.", ident(n))).collect();
    let _ = writeln!(
        text,
        "impl Paged for {marker} {{\ntype Item = {item};\n\nfn split(response: Self::Output) -> (Option<models::Paging>, Vec<Self::Item>) {{\n(response.{path}paging, response.{path}{items}.unwrap_or_default())\n}}\n}}\n",
        marker = op.name.pascal(),
        item = rust::qualified(&pages.item),
        items = ident(&pages.items),
    );
}
