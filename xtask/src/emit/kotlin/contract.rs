//! The contract vectors as calls: `tests/kotlin/generated/`, each as the code that a user would write, with the expected
//! result.

use super::{MODELS, header, ident};
use crate::emit::contract::{TRICKY, operation, sources};
use crate::emit::literals::{Literals, Spelling};
use crate::emit::{Context, File, mobile};
use crate::model::names::Name;
use crate::model::{Api, IdKind, SchemaKind};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

const DIR: &str = "tests/kotlin/generated";

pub fn files(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for source in sources(cx)? {
        files.push(file(cx.api, &source.name.snake(), &source.name.pascal(), &source.vectors)?);
    }
    files.push(tables(cx.api));
    Ok(files)
}

/// Writes the expected API surface: operations with the number of their parameters, models with their fields, enums.
fn tables(api: &Api) -> File {
    let mut text = header("configcat.management.tests", &BTreeSet::new());
    let line = |text: &mut String, name: &str, items: Vec<String>| {
        let items: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
        let _ = writeln!(text, "    \"{name}\" to listOf({}),", items.join(", "));
    };
    text.push_str("val OPERATIONS: List<String> = listOf(\n");
    for (resource, op) in api.operations() {
        let count = mobile::inputs(op).len();
        let _ = writeln!(text, "    \"{}.{}/{count}\",", ident(&resource.name), ident(&op.name));
        if let Some(find) = &op.find {
            let count = mobile::find_inputs(op, find).len();
            let _ = writeln!(text, "    \"{}.{}/{count}\",", ident(&resource.name), ident(&find.method));
        }
    }
    text.push_str(")\n\nval MODELS: Map<String, List<String>> = mapOf(\n");
    for schema in &api.schemas {
        if let SchemaKind::Object(fields) = &schema.kind
            && !schema.one_of
        {
            line(
                &mut text,
                &schema.name,
                fields.iter().map(|f| ident(&f.name)).chain(["extra".to_owned()]).collect(),
            );
        }
    }
    text.push_str(")\n\nval ENUMS: Map<String, List<String>> = mapOf(\n");
    for schema in &api.schemas {
        if let SchemaKind::Enum(values) = &schema.kind {
            line(&mut text, &schema.name, values.iter().map(Name::variant).collect());
        }
    }
    text.push_str(")\n");
    File { path: format!("{DIR}/Tables.kt"), text }
}

fn file(api: &Api, source: &str, class: &str, vectors: &[Value]) -> Result<File> {
    let literals = Literals { api, spelling: Kotlin { api } };
    let imports = [
        "configcat.management.Field",
        "org.junit.jupiter.api.Assertions.assertEquals",
        "org.junit.jupiter.api.Assertions.assertNull",
        "org.junit.jupiter.api.Test",
    ];
    let imports = imports.into_iter().map(str::to_owned).chain([format!("{MODELS}.*")]).collect();
    let mut text = header("configcat.management.contract", &imports);
    text = text.replacen(
        "\npackage",
        "\n@file:Suppress(\"DEPRECATION\", \"UNUSED_IMPORT\", \"LargeClass\")\n\npackage",
        1,
    );
    let _ =
        writeln!(text, "/** Calls of the contract vectors in `{source}`. */\nclass {class}ContractTest {{");
    for (i, vector) in vectors.iter().enumerate() {
        let name = vector["name"].as_str().context("a vector has no name")?;
        let call = test(&literals, source, i, name, vector).with_context(|| name.to_owned())?;
        text.push_str(&call);
    }
    let text = format!("{}\n}}\n", text.trim_end());
    Ok(File { path: format!("{DIR}/{class}ContractTest.kt"), text })
}

fn test(
    literals: &Literals<'_, Kotlin<'_>>,
    source: &str,
    number: usize,
    name: &str,
    vector: &Value,
) -> Result<String> {
    let (resource, op) = operation(literals.api, vector)?;
    let call = format!(
        "it.{}.{}({})",
        ident(&resource.name),
        ident(&op.name),
        literals.arguments(op, vector)?.join(", ")
    );
    let (_, optional) = op.result();
    let expected = match (op.result().0, &vector["value"]) {
        (None, _) => "assertEquals(Unit, it)".to_owned(),
        (Some(_), Value::Null) => "assertNull(it)".to_owned(),
        // Hand-written vectors state only a part of the value.
        (Some(ty), value) if source == TRICKY => {
            let root = if optional { "it!!" } else { "it" };
            let parts = literals.parts(ty, value, root)?.into_iter();
            parts
                .map(|(at, value)| format!("assertEquals({value}, {at})"))
                .collect::<Vec<_>>()
                .join("\n        ")
        }
        (Some(ty), value) => format!("assertEquals({}, it)", literals.value(ty, value)?),
    };
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == ' ' { c } else { '_' }).collect();
    Ok(format!(
        "    @Test\n    fun `{name}`() = vector(\"{source}\", {number}, {{ {call} }}) {{\n        {expected}\n    }}\n\n"
    ))
}

struct Kotlin<'a> {
    api: &'a Api,
}

impl Spelling for Kotlin<'_> {
    fn ident(&self, name: &Name) -> String {
        ident(name)
    }

    fn text(&self, text: &str) -> String {
        // JSON escapes are valid in Kotlin. The dollar sign, which begins a template, must be escaped too.
        Value::from(text).to_string().replace('$', "\\$")
    }

    fn double(&self, number: f64) -> String {
        format!("{number:?}")
    }

    fn timestamp(&self, text: &str) -> String {
        let zoned = text.ends_with('Z') || text.get(11..).is_some_and(|time| time.contains(['+', '-']));
        let text = if zoned { text.to_owned() } else { format!("{text}Z") };
        format!("timestamp({})", self.text(&text))
    }

    fn list(&self, items: &[String]) -> String {
        if items.is_empty() {
            return "emptyList<Nothing>()".to_owned();
        }
        format!("listOf({})", items.join(", "))
    }

    fn map(&self, entries: &[(String, String)]) -> String {
        if entries.is_empty() {
            return "emptyMap<String, Nothing>()".to_owned();
        }
        let entries: Vec<String> = entries.iter().map(|(k, v)| format!("{k} to {v}")).collect();
        format!("mapOf({})", entries.join(", "))
    }

    fn null(&self) -> &'static str {
        "null"
    }

    fn named(&self, name: &str, value: &str) -> String {
        format!("{name} = {value}")
    }

    fn variant(&self, of: &str, variant: &str) -> String {
        format!("{of}.{variant}")
    }

    fn variant_of(&self, of: &str, variant: &str, value: &str) -> String {
        format!("{of}.{variant}({value})")
    }

    fn id(&self, name: &str, value: &str) -> String {
        let long = self.api.id(name).is_some_and(|id| id.kind == IdKind::Int64);
        if long { format!("{value}L") } else { value.to_owned() }
    }

    fn set(&self, value: &str) -> String {
        format!("Field.of({value})")
    }

    fn set_null(&self) -> &'static str {
        "Field.Null"
    }

    fn insist(&self) -> &'static str {
        "!!"
    }

    fn count(&self) -> &'static str {
        "size"
    }
}
