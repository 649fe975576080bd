//! The contract vectors as calls: `tests/swift/Generated/`, each as the code that a user would write, with the expected
//! result.

use super::{header, ident};
use crate::emit::contract::{TRICKY, operation, sources};
use crate::emit::literals::{Literals, Spelling};
use crate::emit::{Context, File, mobile};
use crate::model::Api;
use crate::model::names::Name;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::fmt::Write;

const DIR: &str = "tests/swift/Generated";

pub fn files(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for source in sources(cx)? {
        files.push(file(cx.api, &source.name.snake(), &source.name.pascal(), &source.vectors)?);
    }
    files.push(surface(cx.api));
    Ok(files)
}

fn file(api: &Api, source: &str, class: &str, vectors: &[Value]) -> Result<File> {
    let literals = Literals { api, spelling: Swift };
    let mut text = header();
    let _ = writeln!(
        text,
        "import Testing\nimport ConfigCatManagement\n\n/// Calls of the contract vectors in `{source}`.\n@Suite struct {class}ContractTests {{"
    );
    for (i, vector) in vectors.iter().enumerate() {
        let name = vector["name"].as_str().context("a vector has no name")?;
        text.push_str(&test(&literals, source, i, name, vector).with_context(|| name.to_owned())?);
    }
    Ok(File { path: format!("{DIR}/{class}ContractTests.swift"), text: format!("{}\n}}\n", text.trim_end()) })
}

fn test(
    literals: &Literals<'_, Swift>,
    source: &str,
    number: usize,
    name: &str,
    vector: &Value,
) -> Result<String> {
    let (resource, op) = operation(literals.api, vector)?;
    let call = format!(
        "try await client.{}.{}({})",
        ident(&resource.name),
        ident(&op.name),
        literals.arguments(op, vector)?.join(", ")
    );
    let (ty, optional) = op.result();
    let checks = match (ty, &vector["value"]) {
        (None, _) => format!("        {call}\n"),
        (Some(_), Value::Null) => format!("        let it = {call}\n        #expect(it == nil)\n"),
        // Hand-written vectors state only a part of the value.
        (Some(ty), value) if source == TRICKY => {
            let root = if optional { "it!" } else { "it" };
            let parts = literals.parts(ty, value, root)?;
            parts.iter().fold(format!("        let it = {call}\n"), |out, (at, value)| {
                format!("{out}        #expect({at} == {value})\n")
            })
        }
        // A separate literal, because the type checker gives up on long expressions.
        (Some(ty), value) => format!(
            "        let expected: {} = {}\n        let it = {call}\n        #expect(it == expected)\n",
            super::ty(ty),
            literals.value(ty, value)?
        ),
    };
    let deprecated = if op.deprecated { "    @available(*, deprecated)\n" } else { "" };
    let function: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    Ok(format!(
        "    @Test(\"{name}\")\n{deprecated}    func {function}() async throws {{\n        let client = try vector(\"{source}\", {number})\n{checks}    }}\n\n"
    ))
}

/// Writes a reference to every operation with its type, which compiles only if the signature matches the spec.
fn surface(api: &Api) -> File {
    let mut text = header();
    text.push_str("import Testing\nimport ConfigCatManagement\n\n/// References every operation with its type in the spec; does not compile if a signature differs.\n@available(*, deprecated)\nfunc everyOperation(of client: ManagementClient) -> [String] {\n    var all: [String] = []\n    func found<F>(_ name: String, _ function: F) { all.append(name) }\n");
    for (resource, op) in api.operations() {
        let parameters: Vec<String> = mobile::inputs(op)
            .iter()
            .map(|input| format!("{}{}", super::ty(input.ty), if input.optional { "?" } else { "" }))
            .collect();
        let output = match op.result() {
            (None, _) => "Void".to_owned(),
            (Some(ty), false) => super::ty(ty),
            (Some(ty), true) => format!("{}?", super::ty(ty)),
        };
        let (resource, name) = (ident(&resource.name), ident(&op.name));
        let _ = writeln!(
            text,
            "    found(\"{resource}.{name}\", client.{resource}.{name} as ({}) async throws -> {output})",
            parameters.join(", ")
        );
    }
    text.push_str("    return all\n}\n");
    File { path: format!("{DIR}/Surface.swift"), text }
}

struct Swift;

impl Spelling for Swift {
    fn ident(&self, name: &Name) -> String {
        ident(name)
    }

    fn text(&self, text: &str) -> String {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() => {
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        out.push('"');
        out
    }

    fn double(&self, number: f64) -> String {
        format!("{number:?}")
    }

    fn timestamp(&self, text: &str) -> String {
        format!("timestamp({})", self.text(text))
    }

    fn list(&self, items: &[String]) -> String {
        format!("[{}]", items.join(", "))
    }

    fn map(&self, entries: &[(String, String)]) -> String {
        if entries.is_empty() {
            return "[:]".to_owned();
        }
        let entries: Vec<String> = entries.iter().map(|(k, v)| format!("{k}: {v}")).collect();
        format!("[{}]", entries.join(", "))
    }

    fn null(&self) -> &'static str {
        "nil"
    }

    fn named(&self, name: &str, value: &str) -> String {
        // Reserved words need no backticks as argument labels.
        format!("{}: {value}", name.trim_matches('`'))
    }

    fn variant(&self, of: &str, variant: &str) -> String {
        format!("{of}.{}", lower(variant))
    }

    fn variant_of(&self, of: &str, variant: &str, value: &str) -> String {
        format!("{of}.{}({value})", lower(variant))
    }

    fn id(&self, _: &str, value: &str) -> String {
        value.to_owned()
    }

    fn set(&self, value: &str) -> String {
        format!(".value({value})")
    }

    fn set_null(&self) -> &'static str {
        ".null"
    }

    fn insist(&self) -> &'static str {
        "!"
    }

    fn count(&self) -> &'static str {
        "count"
    }
}

/// Returns the name of a variant in Swift.
fn lower(variant: &str) -> String {
    Name::new(variant).camel()
}
