//! Nested input: the schemas inside request bodies.

use super::common::{body_fields, model_name, object_fields};
use crate::emit::Context;
use crate::emit::edits::edited;
use crate::model::{Direction, Schema, SchemaKind, Type};
use std::collections::BTreeSet;

/// Returns the schemas of nested input, sorted by name: those inside request bodies, and those that an edit changes.
pub fn nested_inputs<'a>(cx: &'a Context<'_>) -> Vec<&'a Schema> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut queue: Vec<String> = Vec::new();
    for (resource, op) in cx.api.operations() {
        let fields = body_fields(cx, op).iter().map(|f| &f.ty);
        let patch = op.body.iter().map(|b| &b.ty).filter(|ty| matches!(ty, Type::Patch));
        queue.extend(fields.chain(patch).filter_map(model_name).map(str::to_owned));
        // The emitter of the resources reports a patch that cannot be edited.
        queue.extend(edited(cx, resource, op).ok().flatten().map(|edit| edit.draft.to_owned()));
    }
    while let Some(name) = queue.pop() {
        if names.insert(name.clone()) {
            queue
                .extend(object_fields(cx, &name).iter().filter_map(|f| model_name(&f.ty)).map(str::to_owned));
        }
    }
    names.iter().filter_map(|name| cx.api.schema(name)).collect()
}

/// Returns the response model that corresponds to an input, because it is accepted in place of the input.
pub fn twin<'a>(cx: &'a Context<'_>, input: &str) -> Option<&'a Schema> {
    let short = input
        .strip_prefix("Update")
        .or_else(|| input.strip_prefix("Create"))
        .or_else(|| input.strip_suffix("Input"))?;
    let schema = cx.api.schema(short)?;
    (schema.direction == Direction::Response && matches!(schema.kind, SchemaKind::Object(_)))
        .then_some(schema)
}
