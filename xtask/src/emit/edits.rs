//! PATCH operations whose target can be edited: read, changed, and written back. Shared by the emitters of all languages.

use super::Context;
use crate::model::{Operation, Param, Resource, SchemaKind, Type};
use anyhow::{Context as _, Result, bail};

/// The parameter that guards a change by the version it is based on.
pub const GUARD: &str = "latest_version_id";
/// The field with the version of a state.
const VERSION: &str = "last_version_id";

/// A PATCH operation, and what an edit needs in addition.
#[derive(Clone, Copy)]
pub struct Edited<'a> {
    pub resource: &'a Resource,
    pub patch: &'a Operation,
    /// The operation that reads the state.
    pub read: &'a Operation,
    /// Schema of the state.
    pub state: &'a str,
    /// Schema of the draft: the body of the operation that replaces the state.
    pub draft: &'a str,
    /// Whether the state has a version that changes are guarded by.
    pub is_guarded: bool,
    /// Whether the values of the state have the type of a flag.
    pub has_setting_type: bool,
    /// Whether the flag may have predefined variations.
    pub has_variations: bool,
}

impl<'a> Edited<'a> {
    /// The options of an edit: the parameters of the patch without the version.
    pub fn options(&self) -> impl Iterator<Item = &'a Param> {
        self.patch.optional_params().filter(|param| param.name.snake() != GUARD)
    }

    /// Whether the operation that reads the state has a parameter, too.
    pub fn reads_with(&self, param: &Param) -> bool {
        self.read.params.iter().any(|other| other.name.snake() == param.name.snake())
    }
}

/// Returns how the target of an operation is edited; `None` if it is not a JSON Patch.
///
/// # Errors
/// If a patch has no operations beside it that read and replace its target.
pub fn edited<'a>(
    cx: &Context<'a>,
    resource: &'a Resource,
    patch: &'a Operation,
) -> Result<Option<Edited<'a>>> {
    if !matches!(patch.body.as_ref().map(|body| &body.ty), Some(Type::Patch)) {
        return Ok(None);
    }
    let beside = |method: &str| {
        let found = resource.operations.iter().find(|op| op.path == patch.path && op.http_method == method);
        found.with_context(|| format!("{} has a PATCH, but no {method}", patch.path))
    };
    let (read, replace) = (beside("GET")?, beside("PUT")?);
    let (Some(Type::Model(state)), false) = read.result() else {
        bail!("{} returns no object", super::rust::route(read));
    };
    let Some(Type::Model(draft)) = replace.body.as_ref().map(|body| &body.ty) else {
        bail!("{} takes no object", super::rust::route(replace));
    };
    let is_guarded = patch.optional_params().any(|param| param.name.snake() == GUARD);
    let fields = fields(cx, state)?;
    let has = |name: &str| fields.iter().any(|field| field.name.snake() == name);
    if is_guarded && !has(VERSION) {
        bail!("{state} has no {VERSION} for the patch of {}", patch.path);
    }
    let has_setting_type = has("setting");
    let flag = fields.iter().find(|field| field.name.snake() == "setting").map(|field| &field.ty);
    let has_variations = match flag {
        Some(Type::Model(flag)) => {
            self::fields(cx, flag)?.iter().any(|field| field.name.snake() == "predefined_variations")
        }
        _ => false,
    };
    Ok(Some(Edited { resource, patch, read, state, draft, is_guarded, has_setting_type, has_variations }))
}

/// Returns every edit of the API.
///
/// # Errors
/// If a patch cannot be edited.
pub fn all<'a>(cx: &Context<'a>) -> Result<Vec<Edited<'a>>> {
    let edits = cx.api.operations().map(|(resource, op)| edited(cx, resource, op));
    Ok(edits.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Returns the fields of an object.
///
/// # Errors
/// If the schema is not an object.
pub fn fields<'a>(cx: &Context<'a>, schema: &str) -> Result<&'a [crate::model::Field]> {
    let schema = cx.api.schema(schema).with_context(|| format!("no schema {schema}"))?;
    let SchemaKind::Object(fields) = &schema.kind else { bail!("{} is not an object", schema.name) };
    Ok(fields)
}
