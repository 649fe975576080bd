//! Writes the simulator's typed routes: a trait per resource, so that a missing operation is a compile error, and the
//! dispatcher that parses arguments and calls the handler.

use super::rust::{self, doc, ident};
use super::rust_resources::output;
use super::{Context, File};
use crate::model::names::Name;
use crate::model::{Operation, Param, Resource, Type};
use anyhow::Result;
use std::fmt::Write;

const DIR: &str = "simulator/src/generated";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files: Vec<File> = cx.api.resources.iter().map(file).collect();
    files.push(index(&cx.api.resources));
    files.push(spec(cx.document)?);
    files.push(super::simulator_rights::file(cx.api));
    Ok(files)
}

/// Writes the spec as served by the simulator, without the `x-` keys that only this generator reads.
fn spec(document: &serde_json::Value) -> Result<File> {
    let mut document = document.clone();
    strip_extensions(&mut document);
    // JSON has no comments; the `info` of an OpenAPI document may carry extensions.
    document["info"]["x-generated"] = super::NOTICE.into();
    let text = format!("{}\n", serde_json::to_string_pretty(&document)?);
    Ok(File { path: format!("{DIR}/openapi.json"), text })
}

fn strip_extensions(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            map.retain(|key, _| !key.starts_with("x-"));
            map.values_mut().for_each(strip_extensions);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(strip_extensions),
        _ => {}
    }
}

fn index(resources: &[Resource]) -> File {
    let mut text = rust::header();
    text.push_str("//! Typed routes: a trait per resource, and the dispatch of requests to handlers.\n\n");
    for r in resources {
        let _ = writeln!(text, "pub mod {};", r.name.snake());
    }
    text.push_str("pub mod rights;\n");
    text.push_str("\nuse crate::call::{HandlerResponse, Call};\nuse crate::problem::Problem;\n\n");
    let bounds: Vec<String> =
        resources.iter().map(|r| format!("{}::{}", r.name.snake(), r.name.pascal())).collect();
    let _ = writeln!(text, "/// Handles every operation.\npub trait Handler: {} {{}}\n", bounds.join(" + "));
    let _ = writeln!(text, "impl<H: {}> Handler for H {{}}\n", bounds.join(" + "));
    text.push_str("/// Calls the handler of an operation.\n///\n/// # Errors\n/// If an argument cannot be parsed, or the handler rejects the request.\npub fn dispatch<H: Handler>(handler: &mut H, call: &Call<'_>) -> Result<HandlerResponse, Problem> {\nmatch call.operation.resource {\n");
    for r in resources {
        let _ = writeln!(text, "\"{0}\" => {0}::dispatch(handler, call),", r.name.snake());
    }
    text.push_str("_ => Err(Problem::not_found()),\n}\n}\n");
    File { path: format!("{DIR}/mod.rs"), text }
}

fn file(resource: &Resource) -> File {
    let module = resource.name.snake();
    let mut text = rust::header();
    let _ = writeln!(text, "//! {}\n", resource.doc);
    text.push_str("use configcat_management::models;\n");
    text.push_str("use crate::call::{HandlerResponse, Call};\nuse crate::problem::Problem;\n\n");
    for op in &resource.operations {
        query(&mut text, op);
    }
    let _ = writeln!(text, "{}pub trait {} {{", doc(&resource.doc), resource.name.pascal());
    for (i, op) in resource.operations.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        signature(&mut text, op);
    }
    text.push_str("}\n\n");
    dispatch(&mut text, resource);
    File { path: format!("{DIR}/{module}.rs"), text }
}

fn query_name(op: &Operation) -> String {
    format!("{}Query", op.name.pascal())
}

fn query(text: &mut String, op: &Operation) {
    let params: Vec<&Param> = op.optional_params().collect();
    if params.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "/// Options of {}.\n#[derive(Debug, Clone, Default)]\npub struct {} {{",
        rust::route(op),
        query_name(op)
    );
    for p in params {
        let ty = rust::qualified(&p.ty);
        let ty = if matches!(p.ty, Type::List(_)) { ty } else { format!("Option<{ty}>") };
        let _ = writeln!(text, "{}pub {}: {ty},", doc(&p.doc), ident(&p.name));
    }
    text.push_str("}\n\n");
}

fn signature(text: &mut String, op: &Operation) {
    let mut arguments = vec!["&mut self".to_owned(), "call: &Call<'_>".to_owned()];
    for p in op.path_params() {
        arguments.push(format!("{}: {}", ident(&p.name), rust::qualified(&p.ty)));
    }
    if op.optional_params().next().is_some() {
        arguments.push(format!("query: {}", query_name(op)));
    }
    if let Some(body) = &op.body {
        let ty = rust::qualified(&body.ty);
        arguments.push(format!("body: {}", if body.required { ty } else { format!("Option<{ty}>") }));
    }
    let _ = writeln!(
        text,
        "/// {}: {}\n///\n/// # Errors\n/// If the service would reject the request.\nfn {}({}) -> Result<{}, Problem>;",
        rust::route(op),
        op.doc,
        method(&op.name),
        arguments.join(", "),
        output(op)
    );
}

fn method(name: &Name) -> String {
    ident(name)
}

fn dispatch(text: &mut String, resource: &Resource) {
    let _ = writeln!(
        text,
        "pub(super) fn dispatch<H: {}>(handler: &mut H, call: &Call<'_>) -> Result<HandlerResponse, Problem> {{\nmatch call.operation.method {{",
        resource.name.pascal()
    );
    for op in &resource.operations {
        let mut arguments = vec!["call".to_owned()];
        let mut reads = String::new();
        for p in op.path_params() {
            let name = ident(&p.name);
            let _ = writeln!(reads, "let {name} = call.path(\"{}\")?;", p.name.wire());
            arguments.push(name);
        }
        if op.optional_params().next().is_some() {
            let _ = writeln!(reads, "let query = {} {{", query_name(op));
            for p in op.optional_params() {
                let verb = if matches!(p.ty, Type::List(_)) { "query_list" } else { "query" };
                let _ = writeln!(reads, "{}: call.{verb}(\"{}\")?,", ident(&p.name), p.name.wire());
            }
            reads.push_str("};\n");
            arguments.push("query".into());
        }
        if let Some(body) = &op.body {
            let verb = if body.required { "body" } else { "optional_body" };
            let _ = writeln!(reads, "let body = call.{verb}()?;");
            arguments.push("body".into());
        }
        let status = op.responses.first().map_or(200, |a| a.status);
        let answered = match op.result() {
            (None, _) => format!("HandlerResponse::empty({status})"),
            (Some(_), false) => format!("HandlerResponse::json({status}, &value)"),
            (Some(_), true) => format!("HandlerResponse::json_or_empty({status}, value.as_ref())"),
        };
        let method = method(&op.name);
        let bind = if op.result().0.is_some() { "let value = " } else { "" };
        let _ = writeln!(
            text,
            "\"{}\" => {{\n{reads}{bind}handler.{method}({})?;\n{answered}\n}}",
            op.name.snake(),
            arguments.join(", ")
        );
    }
    text.push_str("_ => Err(Problem::not_found()),\n}\n}\n");
}
