//! The resources: one class each, with a function per operation that creates a request; and the client that contains them.
//!
//! The classes are templates so that the compiler only instantiates the functions that a program uses: compiling a file that
//! includes everything then takes one second instead of seven.

use super::models::{Homes, inner};
use super::{DIR, argument, declared, edit, header, ident, setter, ty};
use crate::emit::edits::Edited;
use crate::emit::slashes as doc;
use crate::emit::{File, NOTICE, rust};
use crate::model::{Api, Operation, Resource, SchemaKind, Type};
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn file(api: &Api, homes: &Homes, resource: &Resource, edits: &[Edited<'_>]) -> File {
    let name = resource.name.snake();
    let edits = || edits.iter().filter(|edit| edit.resource.name.snake() == name);
    let mut used = BTreeSet::new();
    for op in &resource.operations {
        let types =
            op.params.iter().map(|p| &p.ty).chain(op.body.as_ref().map(|b| &b.ty)).chain(op.result().0);
        let types = types.chain(op.pages.as_ref().map(|p| &p.item));
        used.extend(types.filter_map(inner).filter_map(|n| api.schema(n)).filter_map(|schema| {
            let real = !matches!(schema.kind, SchemaKind::Value { .. });
            real.then(|| homes.header(schema).to_owned())
        }));
    }
    let mut includes = vec!["\"../../request.hpp\"".to_owned(), "\"../client.hpp\"".to_owned()];
    if resource.operations.iter().any(|op| op.body.as_ref().is_some_and(|b| b.ty == Type::Patch)) {
        includes.push("\"../../tools.hpp\"".to_owned());
    }
    if edits().next().is_some() {
        includes.push("\"../../edit.hpp\"".to_owned());
    }
    includes.extend(used.iter().map(|home| format!("\"../models/{home}.hpp\"")));
    let mut body = String::new();
    for op in &resource.operations {
        request(&mut body, api, resource, op);
    }
    edits().for_each(|one| edit::request(&mut body, api, one));
    let class = class(resource);
    let _ = writeln!(
        body,
        "{}template <class Core>\nclass {class} {{\n  public:\n    explicit {class}(std::shared_ptr<const Core> core) : core_(std::move(core)) {{}}\n",
        doc(&resource.doc, "")
    );
    for op in &resource.operations {
        function(&mut body, api, resource, op);
        find(&mut body, api, resource, op);
    }
    edits().for_each(|one| edit::function(&mut body, api, one));
    body.push_str("  private:\n    std::shared_ptr<const Core> core_;\n};\n\n");
    let text = header(&format!("resources/{name}"), &format!("Operations of {name}."), &includes, &body);
    File { path: format!("{DIR}/resources/{name}.hpp"), text }
}

/// Returns the class of a resource. It has a suffix because a model may have the plain name.
fn class(resource: &Resource) -> String {
    format!("{}Resource", resource.name.pascal())
}

/// Returns the result type of an operation.
fn output(api: &Api, op: &Operation) -> String {
    match op.result() {
        (None, _) => "Nothing".into(),
        (Some(t), false) => ty(api, t),
        (Some(t), true) => format!("std::optional<{}>", ty(api, t)),
    }
}

/// Whether the request of an operation has its own class.
fn special(op: &Operation) -> bool {
    op.pages.is_some() || op.optional_params().next().is_some()
}

fn request_type(api: &Api, resource: &Resource, op: &Operation) -> String {
    if special(op) {
        format!("requests::{}{}<Core>", resource.name.pascal(), op.name.pascal())
    } else {
        format!("Request<{}>", output(api, op))
    }
}

/// Writes the request class of an operation with optional parameters or pagination.
fn request(body: &mut String, api: &Api, resource: &Resource, op: &Operation) {
    if !special(op) {
        return;
    }
    let name = format!("{}{}", resource.name.pascal(), op.name.pascal());
    let base = match &op.pages {
        Some(pages) => format!("PagedRequest<{}, {}, {name}<Core>>", output(api, op), ty(api, &pages.item)),
        None => format!("Request<{}, {name}<Core>>", output(api, op)),
    };
    let plain = base.split('<').next().unwrap_or_default();
    let _ = writeln!(
        body,
        "namespace requests {{\n\n/// Request of {}.{}.\ntemplate <class Core = detail::Core>\nclass {name} : public {base} {{\n  public:\n    using {base}::{plain};\n",
        resource.name.snake(),
        op.name.snake()
    );
    for param in op.optional_params() {
        body.push_str(&setter(api, &name, param));
    }
    body.push_str("};\n\n} // namespace requests\n\n");
}

fn function(body: &mut String, api: &Api, resource: &Resource, op: &Operation) {
    let mut about = format!("{} {} {}", op.doc, op.http_method, op.path);
    let mut arguments = Vec::new();
    let mut calls = String::new();
    for param in op.path_params() {
        let ident = ident(&param.name);
        let _ = write!(about, "\n@param {ident} {}", rust::param_doc(param));
        arguments.push(declared(&argument(api, &param.ty), &ident));
        let _ = write!(calls, ".with(\"{}\", {ident})", param.name.snake());
    }
    let mut optional_body = false;
    if let Some(sent) = &op.body {
        let plain = ty(api, &sent.ty);
        let (name, what) =
            if sent.ty == Type::Patch { ("patch", "The changes.") } else { ("body", "Request body.") };
        let _ = write!(about, "\n@param {name} {what}");
        if sent.required {
            arguments.push(format!("const {plain} &{name}"));
            let _ = write!(calls, ".with(\"{name}\", {name})");
        } else {
            arguments.push(format!("const std::optional<{plain}> &{name} = std::nullopt"));
            optional_body = true;
        }
    }
    let deprecated = if op.deprecated {
        "    [[deprecated(\"the service keeps it for old clients; use the operation without _v1\")]]\n"
    } else {
        ""
    };
    let request = request_type(api, resource, op);
    let made = format!("{request}(core_, \"{}.{}\"){calls}", resource.name.snake(), op.name.snake());
    let code = if optional_body {
        format!(
            "        auto request = {made};\n        if (body) {{\n            request.with(\"body\", *body);\n        }}\n        return request;\n"
        )
    } else {
        format!("        return {made};\n")
    };
    let _ = writeln!(
        body,
        "{}{deprecated}    {request} {}({}) const {{\n{code}    }}\n",
        doc(&about, "    "),
        ident(&op.name),
        arguments.join(", ")
    );
}

/// Writes the function that finds an item by name.
fn find(body: &mut String, api: &Api, resource: &Resource, op: &Operation) {
    let Some(find) = &op.find else { return };
    let (wanted, words) = (find.argument().snake(), find.words());
    let mut about = format!(
        "Finds the only item with this {words} in the result of {}(). {} {}",
        ident(&op.name),
        op.http_method,
        op.path
    );
    let mut arguments = Vec::new();
    let mut calls = String::new();
    for param in op.path_params() {
        let ident = ident(&param.name);
        let _ = write!(about, "\n@param {ident} {}", rust::param_doc(param));
        arguments.push(declared(&argument(api, &param.ty), &ident));
        let _ = write!(calls, ".with(\"{}\", {ident})", param.name.snake());
    }
    let _ = write!(
        about,
        "\n@param {wanted} Exact {words} of the item.\nFails with NotFoundError if no item matches; the message has similar names. Fails with ConflictError if several match;\nthe message has their ids."
    );
    arguments.push(format!("std::string_view {wanted}"));
    let request = format!("Request<{}>", ty(api, &find.item));
    let _ = writeln!(
        body,
        "{}    {request} {}({}) const {{\n        return {request}(core_, \"{}.{}\"){calls}.with(\"{wanted}\", {wanted});\n    }}\n",
        doc(&about, "    "),
        ident(&find.method),
        arguments.join(", "),
        resource.name.snake(),
        find.method.snake()
    );
}

/// Writes the client, and the header that includes all resources.
pub fn client(api: &Api) -> Vec<File> {
    let mut body = String::new();
    for resource in &api.resources {
        let _ = writeln!(body, "template <class Core>\nclass {};", class(resource));
    }
    body.push_str("\n/// Client of the service. Copies share connections and the rate limiter. May be used by several threads concurrently.\n///\n/// To use a resource, include its header or the header with all resources.\nclass Client : public detail::ClientBase {\n  public:\n    using ClientBase::ClientBase;\n\n    /// Creates a client. Sends no request. Returns errors instead of throwing them.\n    static Result<Client> create(const Options &options = {}) {\n        auto core = connect(options);\n        return core ? Result<Client>(Client(std::move(*core))) : Result<Client>(core.error());\n    }\n\n");
    for resource in &api.resources {
        let class = class(resource);
        let _ = writeln!(
            body,
            "{}    template <class Core = detail::Core>\n    [[nodiscard]] {class}<Core> {}() const {{\n        return {class}<Core>(core());\n    }}",
            doc(&resource.doc, "    "),
            ident(&resource.name)
        );
    }
    body.push_str("\n  private:\n    explicit Client(std::shared_ptr<const detail::Core> core) : ClientBase(std::move(core)) {}\n};\n\n");
    let client = header(
        "generated/client",
        "The client. Its resources have separate headers.",
        &["\"../client.hpp\"".to_owned()],
        &body,
    );
    let mut everything = format!(
        "// @generated {NOTICE}\n\n// The client with every resource.\n\n#ifndef CONFIGCAT_MANAGEMENT_GENERATED_ALL_HPP\n#define CONFIGCAT_MANAGEMENT_GENERATED_ALL_HPP\n\n#include \"client.hpp\"\n"
    );
    for resource in &api.resources {
        let _ = writeln!(everything, "#include \"resources/{}.hpp\"", resource.name.snake());
    }
    everything.push_str("\n#endif\n");
    vec![
        File { path: format!("{DIR}/client.hpp"), text: client },
        File { path: format!("{DIR}/all.hpp"), text: everything },
    ]
}
