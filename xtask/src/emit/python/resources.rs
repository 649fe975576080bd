//! The resources: a synchronous and an asynchronous class for each.

use super::methods::{Argument, Method, args, signature};
use super::text::{contains_word, definition, docstring, import_list};
use super::{DIR, Flavor, WIDTH, body_fields, enum_names, header, ident, output_type};
use crate::emit::edits::{Edited, GUARD, edited};
use crate::emit::{Context, File};
use crate::model::{Find, Resource};
use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for flavor in Flavor::BOTH {
        for resource in &cx.api.resources {
            files.push(file(cx, resource, flavor)?);
        }
        let about = match flavor {
            Flavor::Sync => "The resources, one module each.",
            Flavor::Async => "The resources of the client for asyncio, one module each.",
        };
        files.push(File {
            path: format!("{DIR}/{}/__init__.py", flavor.folder()),
            text: format!("{}\"\"\"{about}\"\"\"\n", header()),
        });
    }
    Ok(files)
}

/// Class that is being written. The annotations determine the imports for type checkers, the methods those at run time.
#[derive(Default)]
struct Written {
    annotations: String,
    methods: String,
}

fn file(cx: &Context<'_>, resource: &Resource, flavor: Flavor) -> Result<File> {
    let mut enums = BTreeSet::new();
    let mut out = Written::default();
    for op in &resource.operations {
        let responses = op.result().0.into_iter();
        let fields = body_fields(cx, op).iter().map(|f| &f.ty);
        for ty in responses.chain(op.params.iter().map(|p| &p.ty)).chain(fields) {
            enum_names(ty, &mut enums);
        }
        let method = Method::new(cx, resource, op)?;
        operation(cx, &method, flavor, &mut out);
        if op.pages.is_some() {
            iteration(cx, &method, flavor, &mut out)?;
        }
        if let Some(find) = &op.find {
            search(cx, &method, resource, find, flavor, &mut out);
        }
        if let Some(edited) = edited(cx, resource, op)? {
            edit(&method, &edited, flavor, &mut out);
        }
    }
    let mut text = format!("{}{}", header(), docstring(&resource.doc, 0));
    text.push_str("\nfrom __future__ import annotations\n");
    text.push_str(&imports(&out, flavor, &enums));
    let class = format!("{}{}", flavor.prefix(), resource.name.pascal());
    let base = format!("{}Resource", flavor.prefix());
    let _ = write!(text, "\n\nclass {class}({base}):\n{}", docstring(&resource.doc, 4));
    text.push_str("\n    __slots__ = ()\n");
    text.push_str(&out.methods);
    Ok(File { path: format!("{DIR}/{}/{}.py", flavor.folder(), resource.name.snake()), text })
}

fn imports(out: &Written, flavor: Flavor, enums: &BTreeSet<String>) -> String {
    let annotations = out.annotations.as_str();
    let used = |word: &&str| contains_word(annotations, word);
    let called = |word: &&str| contains_word(&out.methods, word);
    let mut checked = String::new();
    let abc: Vec<&str> =
        ["AsyncIterator", "Iterator", "Mapping", "Sequence"].into_iter().filter(used).collect();
    if !abc.is_empty() {
        let _ = writeln!(checked, "    from collections.abc import {}", abc.join(", "));
    }
    if used(&"datetime") {
        checked.push_str("    from datetime import datetime\n");
    }
    let typing: Vec<&str> = ["Any", "List"].into_iter().filter(used).collect();
    if !typing.is_empty() {
        let _ = writeln!(checked, "    from typing import {}", typing.join(", "));
    }
    let edits: Vec<&str> = ["AsyncEdit", "Edit"].into_iter().filter(used).collect();
    if !edits.is_empty() {
        let _ = writeln!(checked, "    from ..._edit import {}", edits.join(", "));
    }
    if used(&"ModelList") {
        checked.push_str("    from ..._list import ModelList\n");
    }
    let values: Vec<String> =
        ["SettingValue", "UnknownValue"].into_iter().filter(used).map(str::to_owned).collect();
    if !values.is_empty() {
        checked.push_str(&import_list("    from ..._types import", &values));
    }
    // Models are qualified by their module, because a resource may have the name of a model.
    let modules: Vec<&str> = ["inputs", "models", "types"]
        .into_iter()
        .filter(|m| annotations.contains(&format!("{m}.")))
        .collect();
    if !modules.is_empty() {
        let _ = writeln!(checked, "    from .. import {}", modules.join(", "));
    }
    let enums: Vec<String> = enums.iter().filter(|e| used(&e.as_str())).cloned().collect();
    if !enums.is_empty() {
        checked.push_str(&import_list("    from ..enums import", &enums));
    }
    let mut text = String::new();
    for name in ["items", "async_items"] {
        if out.methods.contains(&format!("return {name}(")) {
            let _ = write!(text, "\nfrom ..._pages import {name}");
        }
    }
    let absent = if called(&"ABSENT") { "ABSENT, " } else { "" };
    let deprecated = if out.methods.contains("@deprecated(") { ", deprecated" } else { "" };
    let _ = write!(text, "\nfrom ..._resource import {absent}{}Resource{deprecated}\n", flavor.prefix());
    if !checked.is_empty() {
        // Type checkers recognize the name; importing it from `typing` would take longer than a call.
        let _ = write!(text, "\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n{checked}");
    }
    text
}

fn operation(cx: &Context<'_>, method: &Method<'_>, flavor: Flavor, out: &mut Written) {
    let keyword = if flavor == Flavor::Async { "async def" } else { "def" };
    let def = definition(keyword, &ident(&method.op.name), &method.signature(), &method.result);
    let mark = method.deprecation().map(|text| format!("    @deprecated(\"{text}\")\n")).unwrap_or_default();
    let line = calling(&method.result, flavor, &method.call());
    let doc = docstring(&method.doc(cx), 8);
    let _ = write!(out.methods, "\n{mark}{def}{doc}{line}        return response\n");
    out.annotations.push_str(&def);
}

/// Formats the statement that makes a call.
fn calling(result: &str, flavor: Flavor, call: &[String; 6]) -> String {
    let wait = if flavor == Flavor::Async { "await " } else { "" };
    // Annotated because `_call` returns `Any`. Operations without a value return the result too: in `with_response`, it is the
    // response.
    let start = format!("response: {result} = {wait}self._call");
    let line = format!("        {start}({})\n", call.join(", "));
    if line.len() <= WIDTH && !line.trim_end().contains('\n') { line } else { lines(&start, call) }
}

fn lines(start: &str, arguments: &[String]) -> String {
    arguments.iter().fold(format!("        {start}(\n"), |out, c| format!("{out}            {c},\n"))
        + "        )\n"
}

/// Formats the arguments of a call that passes them on to another method.
fn passed(arguments: &[&Argument], positional: usize) -> String {
    let parts: Vec<String> = arguments
        .iter()
        .enumerate()
        .map(|(i, a)| if i < positional { a.name.clone() } else { format!("{0}={0}", a.name) })
        .collect();
    parts.join(", ")
}

const PAGE: &str = "page_number";

/// Writes the method that iterates over the items of all pages.
fn iteration(cx: &Context<'_>, method: &Method<'_>, flavor: Flavor, out: &mut Written) -> Result<()> {
    let pages = method.op.pages.as_ref().context("not paged")?;
    let name = method.op.renamed("iterate")?.snake();
    let keywords: Vec<Argument> = method.keywords.iter().filter(|a| a.name != PAGE).cloned().collect();
    let item = output_type(cx, &pages.item);
    let iterator = if flavor == Flavor::Async { "AsyncIterator" } else { "Iterator" };
    let def =
        definition("def", &name, &signature(&method.positional, &keywords), &format!("{iterator}[{item}]"));
    let doc = format!(
        "Iterates over the items of all pages of :meth:`{}`. Each page is fetched when it is reached.\n\n``{} {}``\n{}",
        ident(&method.op.name),
        method.op.http_method,
        method.op.path,
        args(method.positional.iter().chain(&keywords))
    );
    let all: Vec<&Argument> = method.positional.iter().chain(&keywords).collect();
    let at = pages.envelope.iter().map(ident).collect::<Vec<_>>().join(".");
    let at = if at.is_empty() { String::new() } else { format!(".{at}") };
    let call = [
        format!(
            "lambda page: self.{}({}, page_number=page)",
            ident(&method.op.name),
            passed(&all, method.positional.len())
        ),
        format!("lambda response: (response{at}.paging, response{at}.{})", ident(&pages.items)),
    ];
    let function = if flavor == Flavor::Async { "return async_items" } else { "return items" };
    let _ = write!(out.methods, "\n{def}{}{}", docstring(&doc, 8), wrap_lambda(function, &call));
    out.annotations.push_str(&def);
    Ok(())
}

/// Formats a call whose arguments are lambdas. The arguments of a long lambda are on separate lines.
fn wrap_lambda(start: &str, arguments: &[String]) -> String {
    let mut text = format!("        {start}(\n");
    for argument in arguments {
        if argument.len() + 13 <= WIDTH {
            let _ = writeln!(text, "            {argument},");
            continue;
        }
        let (head, rest) = argument.split_once('(').unwrap_or((argument, ""));
        let _ = writeln!(text, "            {head}(");
        for part in rest.trim_end_matches(')').split(", ") {
            let _ = writeln!(text, "                {part},");
        }
        text.push_str("            ),\n");
    }
    text + "        )\n"
}

/// Writes the method that finds the only item with a name.
fn search(
    cx: &Context<'_>,
    method: &Method<'_>,
    resource: &Resource,
    find: &Find,
    flavor: Flavor,
    out: &mut Written,
) {
    let name = find.method.snake();
    let (wanted, words) = (find.argument().snake(), find.words());
    let result = output_type(cx, &find.item);
    let mut positional = method.positional.clone();
    positional.push(Argument::new(&wanted, "str", None, &format!("Exact {words} of the item.")));
    let keyword = if flavor == Flavor::Async { "async def" } else { "def" };
    let def = definition(keyword, &name, &signature(&positional, &method.keywords), &result);
    let doc = format!(
        "Finds the only item with this {words} in the result of :meth:`{}`.\n\n``{} {}``\n{}\nRaises:\n    NotFoundError: No item matches; the message names similar ones.\n    AmbiguousNameError: Several items match; the message has their ids.\n    ConfigCatError: The call failed for another reason.\n",
        ident(&method.op.name),
        method.op.http_method,
        method.op.path,
        args(positional.iter().chain(&method.keywords))
    );
    let [_, parameters, _, timeout, attempts, headers] = method.call();
    let call =
        [format!("\"{}.{name}\"", resource.name.snake()), parameters, wanted, timeout, attempts, headers];
    let _ = write!(
        out.methods,
        "\n{def}{}{}        return response\n",
        docstring(&doc, 8),
        calling(&result, flavor, &call)
    );
    out.annotations.push_str(&def);
}

/// Writes the method whose block edits the current state and sends the changes.
fn edit(method: &Method<'_>, edited: &Edited<'_>, flavor: Flavor, out: &mut Written) {
    let class = format!("{}Edit", flavor.prefix());
    let draft = edited.draft;
    let kept = |a: &&Argument| a.name != GUARD;
    let positional: Vec<Argument> = method.positional.iter().filter(|a| a.name != "patch").cloned().collect();
    let mut keywords: Vec<Argument> = method.keywords.iter().filter(kept).cloned().collect();
    let doc = "How often to send the changes for a newer version, if others have changed only other members of the state.";
    if edited.is_guarded {
        keywords.insert(0, Argument::new("rebase", "int", Some("0"), doc));
    }
    let result = format!("{class}[inputs.{draft}]");
    let def = definition("def", "edit", &signature(&positional, &keywords), &result);
    let with = if flavor == Flavor::Async { "async with" } else { "with" };
    let (guard, raised) = if edited.is_guarded {
        (
            "The patch applies only to the version that was read.",
            "    EditConflictError: It was changed concurrently; the error has both states.\n",
        )
    } else {
        ("The service has no versions of it: a change by others during the block may be overwritten.", "")
    };
    let doc = format!(
        "Edits in a ``{with}`` block: reads the current state, and at the end of the block sends the changes as a JSON Patch.\n\n{guard} Nothing is sent if nothing changed or the block raises.\n\n``GET {0}`` and ``PATCH {0}``\n{1}\nRaises:\n{raised}    ConfigCatError: A call failed{2}.\n",
        method.op.path,
        args(positional.iter().chain(&keywords)),
        if edited.is_guarded { " for another reason" } else { "" },
    );
    let places: Vec<&str> = positional.iter().map(|a| a.name.as_str()).collect();
    let places = places.join(", ");
    let separator = if places.is_empty() { "" } else { ", " };
    let call = [
        format!("\"{}.edit\"", edited.resource.name.snake()),
        format!("inputs.{draft}"),
        if edited.is_guarded { "rebase".into() } else { "0".into() },
        format!("lambda: self.{}({places}{separator}{})", ident(&edited.read.name), reading(edited)),
        sending(method, edited, &format!("{places}{separator}patch")),
    ];
    let _ = write!(
        out.methods,
        "\n{def}{}        from ..._edit import {class}\n        from .. import inputs\n\n{}",
        docstring(&doc, 8),
        wrap_lambda(&format!("return {class}"), &call)
    );
    out.annotations.push_str(&def);
}

/// Returns the keyword arguments of the method that reads the state.
fn reading(edited: &Edited<'_>) -> String {
    let limits = ["timeout", "max_attempts", "headers"].map(|name| format!("{name}={name}"));
    let options = edited.read.optional_params().map(|p| format!("{0}={0}", ident(&p.name)));
    options.chain(limits).collect::<Vec<_>>().join(", ")
}

/// Returns the lambda that sends the changes.
fn sending(method: &Method<'_>, edited: &Edited<'_>, positional: &str) -> String {
    let (version, guard) =
        if edited.is_guarded { ("version", format!("{GUARD}=version, ")) } else { ("_", String::new()) };
    let named: Vec<String> =
        method.keywords.iter().filter(|a| a.name != GUARD).map(|a| format!("{0}={0}", a.name)).collect();
    let name = ident(&method.op.name);
    format!("lambda patch, {version}: self.{name}({positional}, {guard}{})", named.join(", "))
}
