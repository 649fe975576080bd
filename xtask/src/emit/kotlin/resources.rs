//! The resources: for each, a class with suspending functions, one with functions that return futures, and one with functions
//! that block.

use super::{DIR, MODELS, View, doc, edits, header, ident, list, named, ty};
use crate::emit::edits::Edited;
use crate::emit::mobile::{self, Input};
use crate::emit::{File, rust};
use crate::model::{Api, Find, Operation, Pages, Resource};
use anyhow::Result;
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn files(api: &Api, edits: &[Edited<'_>]) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for view in [View::Suspending, View::Futures, View::Blocking] {
        for resource in &api.resources {
            files.push(file(resource, edits, view)?);
        }
        files.push(index(api, view));
    }
    Ok(files)
}

fn file(resource: &Resource, edits: &[Edited<'_>], view: View) -> Result<File> {
    let class = view.class(resource);
    let mut used = BTreeSet::new();
    let mut body = String::new();
    for op in &resource.operations {
        let types = op.params.iter().map(|p| &p.ty).chain(op.body.as_ref().map(|b| &b.ty));
        types.chain(op.result().0).for_each(|t| named(t, &mut used));
        function(&mut body, resource, op, view);
        if let Some(find) = &op.find {
            named(&find.item, &mut used);
            search(&mut body, resource, op, find, view);
        }
        if let Some(pages) = &op.pages {
            named(&pages.item, &mut used);
            iterate(&mut body, op, pages, view)?;
        }
    }
    let mut imports: BTreeSet<String> = used.iter().map(|name| format!("{MODELS}.{name}")).collect();
    imports.insert("configcat.management.Connection".into());
    for edit in edits.iter().filter(|edit| edit.resource.name.snake() == resource.name.snake()) {
        edits::imports(edit, view, &mut imports);
        edits::function(&mut body, edit, view);
    }
    if view == View::Futures {
        imports.insert("java.util.concurrent.CompletableFuture".into());
    }
    if resource.operations.iter().any(|op| op.pages.is_some()) {
        imports.extend(page_imports(view).iter().map(|name| (*name).to_owned()));
    }
    let package = format!("configcat.management.{}", view.package());
    let text = format!(
        "{}{}public class {class} internal constructor(private val connection: Connection) {{\n{}}}\n",
        header(&package, &imports),
        doc(&resource.doc, ""),
        body.trim_start_matches('\n'),
    );
    Ok(File { path: format!("{DIR}/{}/{class}.kt", view.package()), text })
}

/// Returns what functions import that return the items of all pages.
const fn page_imports(view: View) -> &'static [&'static str] {
    match view {
        View::Suspending => {
            &["configcat.management.Page", "configcat.management.items", "kotlinx.coroutines.flow.Flow"]
        }
        View::Futures => &[
            "configcat.management.Page",
            "configcat.management.PagedItems",
            "configcat.management.pagedItems",
            "kotlinx.coroutines.future.await",
        ],
        View::Blocking => {
            &["configcat.management.Page", "configcat.management.stream", "java.util.stream.Stream"]
        }
    }
}

/// Parameters of a function with their defaults, and the names under which they are passed on.
struct Parameters {
    declared: Vec<String>,
    names: Vec<String>,
    about: String,
    optional: bool,
}

fn parameters(inputs: Vec<Input<'_>>) -> Parameters {
    let mut out = Parameters { declared: vec![], names: vec![], about: String::new(), optional: false };
    for input in inputs {
        let (name, ty) = (ident(&input.name), ty(input.ty));
        let _ = write!(out.about, "\n@param {name} {}", input.about);
        out.declared.push(if input.optional {
            format!("{name}: {ty}? = null")
        } else {
            format!("{name}: {ty}")
        });
        out.names.push(name);
        out.optional |= input.optional;
    }
    out
}

fn output(op: &Operation) -> String {
    match op.result() {
        (None, _) => "Unit".into(),
        (Some(t), false) => ty(t),
        (Some(t), true) => format!("{}?", ty(t)),
    }
}

fn deprecated(op: &Operation) -> &'static str {
    if op.deprecated {
        "    @Deprecated(\"The service keeps it for old clients; use the operation without V1.\")\n"
    } else {
        ""
    }
}

fn function(body: &mut String, resource: &Resource, op: &Operation, view: View) {
    let given = parameters(mobile::inputs(op));
    let mut about = format!("{}\n\n{}\n{}", op.doc, rust::route(op), given.about);
    if op.result().0.is_some() && op.result().1 {
        about.push_str("\n@return `null` when nothing changed.");
    }
    let native = format!("{}({})", mobile::method(resource, op).camel(), given.names.join(", "));
    let overloads = if given.optional && view != View::Suspending { "    @JvmOverloads\n" } else { "" };
    if view != View::Futures {
        about.push_str("\n@throws configcat.management.ConfigCatException if the call fails.");
    }
    let (fun, output, call) = view.calls(output(op));
    let _ = writeln!(
        body,
        "\n{}{}{overloads}    public {fun} {}({}): {output} =\n        connection.{call} {{ {native} }}",
        doc(&about, "    "),
        deprecated(op),
        ident(&op.name),
        list(&given.declared),
    );
}

/// Writes a function that finds an item by name.
fn search(body: &mut String, resource: &Resource, op: &Operation, find: &Find, view: View) {
    let given = parameters(mobile::find_inputs(op, find));
    let mut about = format!(
        "Finds the only item with this {} in the result of [{}].\n\n{}\n{}",
        find.words(),
        ident(&op.name),
        rust::route(op),
        given.about
    );
    if view == View::Futures {
        about.push_str("\n@return a future that fails if not exactly one item matches.");
    } else {
        about.push_str("\n@throws configcat.management.ConfigCatException.NotFound if no item matches; the message has similar names.\n@throws configcat.management.ConfigCatException.Conflict if several match; the message has their ids.");
    }
    let (fun, output, call) = view.calls(ty(&find.item));
    let _ = writeln!(
        body,
        "\n{}    public {fun} {}({}): {output} =\n        connection.{call} {{ {}({}) }}",
        doc(&about, "    "),
        ident(&find.method),
        list(&given.declared),
        mobile::find_method(resource, find).camel(),
        given.names.join(", ")
    );
}

/// Returns the type that has the items of all pages, the function that makes it, what waits for a page, and a sentence about it.
const fn iteration(view: View) -> (&'static str, &'static str, &'static str, &'static str) {
    match view {
        View::Suspending => (
            "Flow",
            "items",
            "",
            "The flow has the items of all pages. Pages are fetched while the flow is collected",
        ),
        View::Futures => (
            "PagedItems",
            "pagedItems",
            ".await()",
            "The result has the items of all pages. Pages are fetched as they are needed",
        ),
        View::Blocking => (
            "Stream",
            "stream",
            "",
            "The stream has the items of all pages. Pages are fetched while the stream is read",
        ),
    }
}

/// Writes a function that returns the items of all pages.
fn iterate(body: &mut String, op: &Operation, pages: &Pages, view: View) -> Result<()> {
    let given = parameters(mobile::inputs(op));
    let name = op.renamed("iterate")?.camel();
    let declared: Vec<String> =
        given.declared.iter().filter(|d| !d.starts_with("pageNumber:")).cloned().collect();
    let passed: Vec<String> =
        given.names.iter().map(|n| if n == "pageNumber" { "page".to_owned() } else { n.clone() }).collect();
    let path: String = pages.envelope.iter().map(|n| format!("{}.", ident(n))).collect();
    let about: String = given
        .about
        .lines()
        .filter(|l| !l.starts_with("@param pageNumber "))
        .fold(String::new(), |o, l| o + l + "\n");
    let overloads = if declared.iter().any(|d| d.ends_with("= null")) { "    @JvmOverloads\n" } else { "" };
    let before = if view == View::Suspending { "" } else { overloads };
    let (kind, make, wait, when) = iteration(view);
    let about = format!("{} {when}.\n\n{}\n{}", op.doc, rust::route(op), about.trim_end());
    let _ = writeln!(
        body,
        "\n{}{before}    public fun {name}({}): {kind}<{}> =\n        {make} {{ page ->\n            val response = {}({}){wait}\n            Page(response.{path}{}.orEmpty(), response.{path}paging?.hasNext == true)\n        }}",
        doc(&about, "    "),
        list(&declared),
        ty(&pages.item),
        ident(&op.name),
        passed.join(", "),
        ident(&pages.items),
    );
    Ok(())
}

/// Writes the class that contains the resources.
fn index(api: &Api, view: View) -> File {
    let (class, about, before) = match view {
        View::Suspending => {
            ("Resources", "The resources of a client, for coroutines.", "public abstract class")
        }
        View::Futures => {
            ("Futures", "The resources of a client, for Java: functions return futures.", "public class")
        }
        View::Blocking => (
            "Blocking",
            "The resources of a client, for threads that may wait: functions block until the response is there.",
            "public class",
        ),
    };
    let base = match view {
        View::Suspending => "",
        View::Futures => " : FutureRequests(connection)",
        View::Blocking => " : BlockingRequests(connection)",
    };
    let imports = api
        .resources
        .iter()
        .map(|resource| format!("configcat.management.{}.{}", view.package(), view.class(resource)))
        .collect();
    let mut text = format!(
        "{}{}{before} {class} internal constructor(connection: Connection){base} {{\n",
        header("configcat.management", &imports),
        doc(about, "")
    );
    for resource in &api.resources {
        let class = view.class(resource);
        let _ = writeln!(
            text,
            "{}    public val {}: {class} = {class}(connection)\n",
            doc(&resource.doc, "    "),
            ident(&resource.name)
        );
    }
    let text = format!("{}\n}}\n", text.trim_end());
    File { path: format!("{DIR}/{class}.kt"), text }
}
