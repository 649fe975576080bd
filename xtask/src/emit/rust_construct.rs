//! Writes structs with the fields of the models, for the simulator: `core/src/generated/construct.rs`.
//!
//! The models are `non_exhaustive` for everyone: a feature that took this back would also take it back in the tests of users that
//! have the simulator as a dev-dependency, because cargo unites the features of a package.

use super::rust::{self, ident};
use super::rust_models::field_type;
use super::{Context, File};
use crate::model::{Field, Schema, SchemaKind};
use anyhow::Result;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut text = rust::header();
    text.push_str(
        "//! The fields of the models, in structs that a server can write down.\n\nuse crate::models::*;\nuse crate::models::field::Field;\nuse std::collections::BTreeMap;\n\n",
    );
    for schema in cx.api.schemas.iter().filter(|schema| !schema.one_of) {
        if let SchemaKind::Object(fields) = &schema.kind {
            structure(&mut text, schema, fields);
        }
    }
    Ok(vec![File { path: "core/src/generated/construct.rs".into(), text }])
}

fn structure(text: &mut String, schema: &Schema, fields: &[Field]) {
    let name = &schema.name;
    let _ = writeln!(
        text,
        "/// Fields of [`{name}`].\n#[derive(Debug, Clone, PartialEq)]\npub struct {name}Fields {{"
    );
    let mut moved = String::new();
    for field in fields {
        let (name, ty) = (ident(&field.name), field_type(schema, field));
        let _ = writeln!(text, "{}pub {name}: {ty},", rust::doc(&rust::field_doc(field)));
        let _ = write!(moved, "{name}: fields.{name}, ");
    }
    let _ = writeln!(
        text,
        "}}\n\nimpl From<{name}Fields> for {name} {{\nfn from(fields: {name}Fields) -> Self {{ Self {{ {moved}extra: Extra::new() }} }}\n}}\n"
    );
}
