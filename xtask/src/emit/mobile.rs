//! Writes the native interface for Kotlin and Swift: `bindings/ffi/mobile/src/generated/`, an object with one method per
//! operation.

use super::rust::{self, doc, ident};
use super::rust_resources::output;
use super::{Context, File, NOTICE};
use crate::model::names::Name;
use crate::model::{Find, Operation, Param, Resource, Type};
use anyhow::Result;
use std::fmt::Write;

const DIR: &str = "bindings/ffi/mobile/src/generated";

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut files: Vec<File> = cx.api.resources.iter().map(file).collect();
    let mut text = rust::header();
    text.push_str("//! The operations, one file per resource.\n\nmod edits;\n");
    for resource in &cx.api.resources {
        let _ = writeln!(text, "mod {};", resource.name.snake());
    }
    files.push(File { path: format!("{DIR}/mod.rs"), text });
    files.push(configuration(cx));
    Ok(files)
}

/// Writes the uniffi configuration of the types, for each language.
fn configuration(cx: &Context<'_>) -> File {
    let text = format!(
        "# @generated {NOTICE}\n\n{}{}",
        super::kotlin::configuration(cx.api),
        super::swift::configuration(cx.api)
    );
    File { path: "bindings/ffi/bindgen/generated/uniffi.toml".into(), text }
}

/// Argument of an operation's method.
pub struct Input<'a> {
    pub name: Name,
    pub ty: &'a Type,
    pub optional: bool,
    pub about: String,
}

/// Returns the arguments of an operation in order: path parameters, request body, optional parameters.
pub fn inputs(op: &Operation) -> Vec<Input<'_>> {
    fn of(param: &Param, optional: bool) -> Input<'_> {
        Input { name: param.name.clone(), ty: &param.ty, optional, about: rust::param_doc(param) }
    }
    let mut inputs: Vec<Input<'_>> = op.path_params().map(|param| of(param, false)).collect();
    inputs.extend(op.body.as_ref().map(|body| {
        let (name, about) =
            if body.ty == Type::Patch { ("patch", "The changes.") } else { ("body", "Request body.") };
        Input { name: Name::new(name), ty: &body.ty, optional: !body.required, about: about.into() }
    }));
    inputs.extend(op.optional_params().map(|param| of(param, true)));
    inputs
}

/// Returns the name of an operation's method in the object that has all operations.
pub fn method(resource: &Resource, op: &Operation) -> Name {
    Name::new(&format!("{}_{}", resource.name.snake(), op.name.snake()))
}

/// Returns the name of the method that finds an item by name, in the object that has all operations.
pub fn find_method(resource: &Resource, find: &Find) -> Name {
    Name::new(&format!("{}_{}", resource.name.snake(), find.method.snake()))
}

/// Returns the arguments of the method that finds an item by name: path parameters, and the name.
pub fn find_inputs<'a>(op: &'a Operation, find: &Find) -> Vec<Input<'a>> {
    const NAME: Type = Type::String { min: None, max: None };
    let mut inputs: Vec<Input<'_>> = inputs(op).into_iter().filter(|input| !input.optional).collect();
    let about = format!("Exact {} of the item.", find.words());
    inputs.push(Input { name: find.argument(), ty: &NAME, optional: false, about });
    inputs
}

fn find(text: &mut String, resource: &Resource, op: &Operation) {
    let Some(find) = &op.find else { return };
    let inputs = find_inputs(op, find);
    let names: Vec<String> = inputs.iter().map(|input| ident(&input.name)).collect();
    let declared =
        inputs.iter().map(|input| format!("{}: {}", ident(&input.name), rust::qualified(input.ty)));
    let Some((name, places)) = names.split_last() else { return };
    let _ = writeln!(
        text,
        "\n{}pub async fn {}(&self, {}) -> Result<{}, ConfigCatError> {{ self.find(self.client().{}().{}({}), {name}).await }}",
        doc(&format!(
            "Finds the only item of a list with this {}.\n\n{}\n\n# Errors\nIf the call fails, or if not exactly one item has it.",
            find.words(),
            rust::route(op)
        )),
        find_method(resource, find).snake(),
        declared.collect::<Vec<_>>().join(", "),
        rust::qualified(&find.item),
        ident(&resource.name),
        ident(&op.name),
        places.join(", ")
    );
}

fn file(resource: &Resource) -> File {
    let models =
        if resource.operations.iter().any(uses_models) { "use configcat_management::models;\n" } else { "" };
    let mut text = rust::header();
    let _ = writeln!(
        text,
        "//! {}\n\nuse crate::client::NativeClient;\nuse crate::error::ConfigCatError;\n{models}\n#[uniffi::export]\nimpl NativeClient {{",
        resource.doc
    );
    for (i, op) in resource.operations.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        operation(&mut text, resource, op);
        find(&mut text, resource, op);
    }
    text.push_str("}\n");
    File { path: format!("{DIR}/{}.rs", resource.name.snake()), text }
}

fn uses_models(op: &Operation) -> bool {
    let types = op.params.iter().map(|p| &p.ty).chain(op.body.as_ref().map(|b| &b.ty)).chain(op.result().0);
    types.into_iter().any(|ty| rust::qualified(ty).contains("models::"))
}

fn operation(text: &mut String, resource: &Resource, op: &Operation) {
    let mut arguments = vec!["&self".to_owned()];
    let mut given = Vec::new();
    let mut set = String::new();
    let options = op.optional_params().count();
    let inputs = inputs(op);
    for (i, input) in inputs.iter().enumerate() {
        let (name, ty) = (ident(&input.name), rust::qualified(input.ty));
        arguments.push(if input.optional {
            format!("{name}: Option<{ty}>")
        } else {
            format!("{name}: {ty}")
        });
        if i + options < inputs.len() {
            given.push(name);
        } else {
            let _ = writeln!(set, "if let Some({name}) = {name} {{ request = request.{name}({name}); }}");
        }
    }
    let call = format!("self.client().{}().{}({})", ident(&resource.name), ident(&op.name), given.join(", "));
    let body = if set.is_empty() {
        format!("self.send({call}).await")
    } else {
        format!("let mut request = {call};\n{set}self.send(request).await")
    };
    let deprecated = if op.deprecated { "#[allow(deprecated)]\n" } else { "" };
    let long = if arguments.len() > 7 { "#[allow(clippy::too_many_arguments)]\n" } else { "" };
    let _ = writeln!(
        text,
        "{}{deprecated}{long}pub async fn {}({}) -> Result<{}, ConfigCatError> {{ {body} }}",
        doc(&format!("{}\n\n{}\n\n# Errors\nIf the call fails.", op.doc, rust::route(op))),
        method(resource, op).snake(),
        arguments.join(", "),
        output(op),
    );
}
