//! Writes the response decoder of the native extension.

use crate::emit::{Context, File, rust};
use crate::model::Type;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Writes the Rust function that decodes the body of a response to the type of its operation.
pub fn emit(cx: &Context<'_>) -> File {
    let mut by_type: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut may_be_empty = Vec::new();
    for (resource, op) in cx.api.operations() {
        if let (Some(ty), optional) = op.result() {
            let id = format!("\"{}.{}\"", resource.name.snake(), op.name.snake());
            if optional {
                may_be_empty.push(id.clone());
            }
            let decode = match ty {
                Type::List(item) if matches!(**item, Type::Model(_)) => {
                    format!("models::<{}>", rust::ty(item))
                }
                ty => format!("typed::<{}>", rust::ty(ty)),
            };
            by_type.entry(decode).or_default().push(id);
        }
    }
    let mut text = rust::header();
    text.push_str("//! The type that the response of each operation is decoded to.\n\nuse crate::decode::{Decoded, models, typed};\nuse configcat_management::CallResponse;\nuse configcat_management::models::*;\nuse configcat_management::{Error, spec::Operation};\n\n/// Decodes the body of a response; needs no interpreter.\npub fn decode(operation: &Operation, response: &CallResponse) -> Result<Decoded, Error> {\nmatch operation.id {\n");
    if !may_be_empty.is_empty() {
        let _ = writeln!(
            text,
            "{} if response.body().is_empty() => Ok(Decoded::Nothing),",
            may_be_empty.join(" | ")
        );
    }
    for (decode, ops) in by_type {
        let _ = writeln!(text, "{} => {decode}(response),", ops.join(" | "));
    }
    text.push_str("_ => Ok(Decoded::Nothing),\n}\n}\n");
    File { path: "bindings/python/src/generated/decode.rs".into(), text }
}
