//! The functions of a resource: a blocking and an asynchronous one for each operation.

use super::{DIR, Shape, describe, ident, shape};
use crate::emit::{File, rust};
use crate::model::{Api, Operation, Resource, Type};
use std::fmt::Write;

pub fn file(api: &Api, resource: &Resource) -> File {
    let name = resource.name.snake();
    let mut text = rust::header();
    let _ = writeln!(
        text,
        "//! Operations: {name}. {}\n\nuse crate::c::call::{{PathArgument, blocking, start}};\nuse crate::c::client::ccm_client;\nuse crate::c::completion::ccm_callback;\nuse crate::c::error::ccm_error;\nuse crate::c::params::ccm_params;\nuse crate::c::pending::ccm_pending;\nuse crate::c::response::ccm_response;\nuse crate::c::status::ccm_status;\nuse configcat_management::operations::{name} as operations;\nuse std::ffi::{{c_char, c_void}};\n",
        resource.doc
    );
    if !text_is_used(api, resource) {
        text = text.replace("use std::ffi::{c_char, c_void};", "use std::ffi::c_void;");
    }
    if resource.operations.iter().any(|op| op.find.is_some()) {
        text = text.replace(
            "use crate::c::error::ccm_error;\n",
            "use crate::c::error::ccm_error;\nuse crate::c::find::{find, start_find};\n",
        );
    }
    if resource.operations.iter().all(|op| op.path_params().next().is_none()) {
        text = text.replace("{PathArgument, blocking", "{blocking");
    }
    for op in &resource.operations {
        functions(&mut text, api, resource, op);
        find(&mut text, api, resource, op);
    }
    File { path: format!("{DIR}/{name}.rs"), text }
}

fn text_is_used(api: &Api, resource: &Resource) -> bool {
    resource.operations.iter().any(|op| {
        op.body.is_some()
            || op.find.is_some()
            || op.path_params().any(|p| matches!(shape(api, &p.ty), Shape::String))
    })
}

/// Returns the parameters for the client and the path, and the arguments that pass the latter on.
fn places(api: &Api, op: &Operation) -> (Vec<String>, Vec<String>) {
    let mut arguments = vec!["client: *const ccm_client".to_owned()];
    let mut given = Vec::new();
    for param in op.path_params() {
        let ident = ident(&param.name);
        let (ty, kind) = match shape(api, &param.ty) {
            Shape::Integer => ("i64", "Integer"),
            _ => ("*const c_char", "String"),
        };
        arguments.push(format!("{ident}: {ty}"));
        given.push(format!("PathArgument::{kind}({ident})"));
    }
    (arguments, given)
}

/// Writes the functions that find an item by name.
fn find(text: &mut String, api: &Api, resource: &Resource, op: &Operation) {
    let Some(find) = &op.find else { return };
    let name = format!("ccm_{}_{}", resource.name.snake(), find.method.snake());
    let list = format!("ccm_{}_{}", resource.name.snake(), op.name.snake());
    let (wanted, words) = (find.argument().snake(), find.words());
    let (mut arguments, given) = places(api, op);
    arguments.push(format!("{wanted}: *const c_char"));
    arguments.push("params: *const ccm_params".to_owned());
    let (arguments, given) = (arguments.join(", "), given.join(", "));
    let constant = op.name.screaming();
    let listed = op.path_params().fold(String::new(), |out, param| {
        format!("{out}@param {} {}\n", ident(&param.name), rust::param_doc(param))
    });
    let about = format!(
        "Finds the only item with this {words} in the result of {list}().\n\n{} {}\n\n{listed}@param {wanted} Exact {words} of the item.\n@param params Limits of the call; may be NULL.\n@param response Receives the response, whose value is the item; free it with ccm_response_free(). May be NULL.\n@param error Receives the error if the call fails; may be NULL.\n@return CCM_OK; CCM_NOT_FOUND if no item matches, with similar names in the message; CCM_CONFLICT if several match, with their\n        ids; or the cause of another failure.",
        op.http_method, op.path
    );
    let _ = writeln!(
        text,
        "{}#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn {name}({arguments}, response: *mut *mut ccm_response, error: *mut *mut ccm_error) -> ccm_status {{\nunsafe {{ find(&operations::{constant}, client, &[{given}], {wanted}, params, response, error) }}\n}}\n",
        rust::doc(&about)
    );
    let _ = writeln!(
        text,
        "/// Starts {name}() asynchronously; see {name}() and ccm_call_start().\n#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn {name}_start({arguments}, callback: ccm_callback, user_data: *mut c_void, pending: *mut *mut ccm_pending, error: *mut *mut ccm_error) -> ccm_status {{\nunsafe {{ start_find(&operations::{constant}, client, &[{given}], {wanted}, params, callback, user_data, pending, error) }}\n}}\n"
    );
}

fn functions(text: &mut String, api: &Api, resource: &Resource, op: &Operation) {
    let name = format!("ccm_{}_{}", resource.name.snake(), op.name.snake());
    let (mut arguments, given) = places(api, op);
    let mut body = "None".to_owned();
    if let Some(sent) = &op.body {
        let what = if sent.ty == Type::Patch { "patch" } else { "body" };
        arguments.push(format!("{what}: *const c_char"));
        arguments.push(format!("{what}_length: usize"));
        body = format!("Some(({what}, {what}_length))");
    }
    arguments.push("params: *const ccm_params".to_owned());
    let (arguments, given) = (arguments.join(", "), given.join(", "));
    let constant = op.name.screaming();
    let _ = writeln!(
        text,
        "{}#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn {name}({arguments}, response: *mut *mut ccm_response, error: *mut *mut ccm_error) -> ccm_status {{\nunsafe {{ blocking(&operations::{constant}, client, &[{given}], {body}, params, response, error) }}\n}}\n",
        rust::doc(&about(api, op))
    );
    let _ = writeln!(
        text,
        "/// Starts {name}() asynchronously; see {name}() and ccm_call_start().\n#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn {name}_start({arguments}, callback: ccm_callback, user_data: *mut c_void, pending: *mut *mut ccm_pending, error: *mut *mut ccm_error) -> ccm_status {{\nunsafe {{ start(&operations::{constant}, client, &[{given}], {body}, params, callback, user_data, pending, error) }}\n}}\n"
    );
}

fn about(api: &Api, op: &Operation) -> String {
    let mut out = format!("{}\n\n{} {}\n", op.doc, op.http_method, op.path);
    if op.deprecated {
        out.push_str("\nThe service keeps it for old clients; use the operation without _v1.\n");
    }
    out.push('\n');
    for param in op.path_params() {
        let _ = writeln!(out, "@param {} {}", ident(&param.name), rust::param_doc(param));
    }
    match op.body.as_ref().map(|b| (&b.ty, b.required)) {
        Some((Type::Patch, _)) => {
            out.push_str("@param patch The changes: a JSON array of JSON Patch operations.\n@param patch_length Length in bytes, or CCM_NUL.\n");
        }
        Some((ty, required)) => {
            let optional = if required { "" } else { "; may be NULL" };
            let schema = match ty {
                Type::Model(name) => api.schema(name),
                _ => None,
            };
            let members = schema.map(|schema| describe::members(api, schema, "  ")).unwrap_or_default();
            let _ = writeln!(
                out,
                "@param body Request body: a JSON object{optional}.\n{members}@param body_length Length in bytes, or CCM_NUL.",
            );
        }
        None => {}
    }
    let options: Vec<String> = op.optional_params().map(|p| ident(&p.name)).collect();
    let options = if options.is_empty() { String::new() } else { format!(", and {}", options.join(", ")) };
    let _ = writeln!(out, "@param params Limits of the call{options}; may be NULL.");
    let value = match op.result() {
        (None, _) => "which has no value".to_owned(),
        (Some(ty), true) => {
            format!("whose value is {}, or null if nothing changed", one(&describe::words(api, ty)))
        }
        (Some(ty), false) => format!("whose value is {}", one(&describe::words(api, ty))),
    };
    let _ = write!(
        out,
        "@param response Receives the response, {value}; free it with ccm_response_free(). May be NULL.\n@param error Receives the error if the call fails; may be NULL."
    );
    out
}

/// Returns a noun with its indefinite article.
fn one(noun: &str) -> String {
    let article = if noun.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}
