//! Writes the edits of the native interface for Kotlin and Swift: `bindings/ffi/mobile/src/generated/edits.rs`.

use super::edits::{self, Edited};
use super::mobile::Input;
use super::rust::{self, doc, ident};
use super::{Context, File};
use crate::model::names::Name;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Returns the name of the method that sends the changes.
pub fn method(edit: &Edited<'_>) -> Name {
    Name::new(&format!("{}_edit", edit.resource.name.snake()))
}

/// Returns the name of the function that makes the draft of a state.
pub fn draft(state: &str) -> Name {
    Name::new(&format!("{}_draft", Name::new(state).snake()))
}

/// Returns the name of the function that compares two drafts.
pub fn diff(draft: &str) -> Name {
    Name::new(&format!("{}_diff", Name::new(draft).snake()))
}

/// Returns the name of the function that makes the draft in which a flag is turned on or off.
pub fn turned(state: &str) -> Name {
    Name::new(&format!("{}_turned", Name::new(state).snake()))
}

/// Returns the name of the function that makes the draft that serves true to a percentage of the users.
pub fn with_percentage(state: &str) -> Name {
    Name::new(&format!("{}_with_percentage", Name::new(state).snake()))
}

/// Returns an edit of each state of the values of a flag, by the state.
pub fn flags<'a, 'b>(edits: &'b [Edited<'a>]) -> BTreeMap<&'a str, &'b Edited<'a>> {
    edits.iter().rev().filter(|edit| edit.has_setting_type).map(|edit| (edit.state, edit)).collect()
}

/// A change of the values of a flag that needs no function.
#[derive(Clone, Copy)]
pub enum FlagChange {
    TurnOn,
    TurnOff,
    SetPercentage,
}

impl FlagChange {
    pub const ALL: [Self; 3] = [Self::TurnOn, Self::TurnOff, Self::SetPercentage];

    /// Returns the name of the method.
    pub fn name(self) -> Name {
        Name::new(match self {
            Self::TurnOn => "turn_on",
            Self::TurnOff => "turn_off",
            Self::SetPercentage => "set_percentage",
        })
    }

    /// Returns what the method does, for documentation.
    pub const fn about(self) -> &'static str {
        match self {
            Self::TurnOn => {
                "Turns a boolean flag on: every user whom no rule with a condition matches gets true. Rules with conditions stay; percentage options without a condition are removed."
            }
            Self::TurnOff => {
                "Turns a boolean flag off: every user whom no rule with a condition matches gets false. Rules with conditions stay; percentage options without a condition are removed."
            }
            Self::SetPercentage => {
                "Serves true to a percentage of the users whom no rule with a condition matches, and false to the others of them. Rules with conditions and the default value stay."
            }
        }
    }
}

/// Returns the optional arguments of an edit.
pub fn options<'a>(edit: &Edited<'a>) -> impl Iterator<Item = Input<'a>> {
    edit.options().map(|param| Input {
        name: param.name.clone(),
        ty: &param.ty,
        optional: true,
        about: rust::param_doc(param),
    })
}

/// Returns the drafts by the state that they are made of.
pub fn drafts<'a>(edits: &[Edited<'a>]) -> BTreeMap<&'a str, &'a str> {
    edits.iter().map(|edit| (edit.state, edit.draft)).collect()
}

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let edits = edits::all(cx)?;
    let mut text = rust::header();
    text.push_str("//! Edits: drafts of states, and the calls that send their changes.\n\nuse crate::client::{Edited, NativeClient};\nuse crate::error::{ConfigCatError, ErrorDetails};\nuse configcat_management::{edit, models, patch, resources};\n\n");
    for (state, draft) in drafts(&edits) {
        types(&mut text, state);
        functions(&mut text, state, draft);
    }
    for (state, edit) in flags(&edits) {
        flag_functions(&mut text, state, edit);
    }
    text.push_str("#[uniffi::export]\nimpl NativeClient {\n");
    for edit in &edits {
        call(&mut text, edit);
    }
    text.push_str("}\n");
    Ok(vec![File { path: "bindings/ffi/mobile/src/generated/edits.rs".into(), text }])
}

fn types(text: &mut String, state: &str) {
    let _ = writeln!(
        text,
        "/// Result of an edit of a [`models::{state}`].
#[derive(Debug, Clone, uniffi::Record)]
pub struct {state}Edit {{
/// The state after the change; absent if nothing changed.
pub state: Option<models::{state}>,
/// Present if others have changed the state, so that nothing was changed.
pub conflict: Option<{state}Conflict>,
}}

/// A change by others that an edit conflicts with.
#[derive(Debug, Clone, uniffi::Record)]
pub struct {state}Conflict {{
/// The state as others have changed it.
pub theirs: models::{state},
/// The changes that were not made.
pub patch: models::JsonPatch,
/// Details of the error.
pub details: ErrorDetails,
}}

impl From<Edited<models::{state}>> for {state}Edit {{
fn from(edited: Edited<models::{state}>) -> Self {{
match edited {{
Edited::Made(state) => Self {{ state, conflict: None }},
Edited::Conflict {{ theirs, patch, details }} => Self {{ state: None, conflict: Some({state}Conflict {{ theirs, patch, details: *details }}) }},
}}
}}
}}
"
    );
}

fn functions(text: &mut String, state: &str, draft: &str) {
    let _ = writeln!(
        text,
        "/// Returns the draft of a state.
#[uniffi::export]
#[must_use]
pub fn {}(state: models::{state}) -> models::{draft} {{ state.into() }}

/// Returns a small patch from one draft to another.
///
/// # Errors
/// A draft cannot be serialized.
#[uniffi::export]
pub fn {}(before: models::{draft}, after: models::{draft}) -> Result<models::JsonPatch, ConfigCatError> {{ Ok(patch::diff(&before, &after)?) }}
",
        self::draft(state).snake(),
        diff(draft).snake()
    );
}

fn flag_functions(text: &mut String, state: &str, edit: &Edited<'_>) {
    let draft = edit.draft;
    let patch = format!("resources::{}::{}", edit.resource.name.snake(), edit.patch.name.pascal());
    let _ = writeln!(
        text,
        "/// Returns the draft of a state in which the flag is turned on, or off.
///
/// # Errors
/// The flag is not boolean.
#[uniffi::export]
pub fn {}(state: models::{state}, on: bool) -> Result<models::{draft}, ConfigCatError> {{ Ok(edit::turned::<{patch}>(&state, on)?) }}

/// Returns the draft of a state that serves true to a percentage of the users.
///
/// # Errors
/// The percentage is not 0 to 100, or the flag is not boolean.
#[uniffi::export]
pub fn {}(state: models::{state}, percentage: i32) -> Result<models::{draft}, ConfigCatError> {{ Ok(edit::with_percentage::<{patch}>(&state, percentage)?) }}
",
        turned(state).snake(),
        with_percentage(state).snake()
    );
}

fn call(text: &mut String, edit: &Edited<'_>) {
    let mut arguments = vec!["&self".to_owned()];
    let mut given = Vec::new();
    for param in edit.patch.path_params() {
        let name = ident(&param.name);
        arguments.push(format!("{name}: {}", rust::qualified(&param.ty)));
        given.push(name);
    }
    arguments.push(format!("base: models::{}", edit.state));
    arguments.push(format!("draft: models::{}", edit.draft));
    arguments.push("rebase: i32".into());
    let mut set = String::new();
    for option in options(edit) {
        let name = ident(&option.name);
        arguments.push(format!("{name}: Option<{}>", rust::qualified(option.ty)));
        let _ = writeln!(set, "if let Some({name}) = {name} {{ begin = begin.{name}({name}); }}");
    }
    let mutable = if set.is_empty() { "" } else { "mut " };
    let long = if arguments.len() > 7 { "#[allow(clippy::too_many_arguments)]\n" } else { "" };
    let about =
        format!("Sends the changes of a draft.\n\n`PATCH {}`\n\n# Errors\nIf a call fails.", edit.patch.path);
    let _ = writeln!(
        text,
        "{}{long}pub async fn {}({}) -> Result<{}Edit, ConfigCatError> {{
let {mutable}begin = self.client().{}().begin_edit({}).rebase(u32::try_from(rebase).unwrap_or(0));
{set}Ok(self.edit(begin, base, draft).await?.into())
}}
",
        doc(&about),
        method(edit).snake(),
        arguments.join(", "),
        edit.state,
        edit.resource.name.snake(),
        given.join(", ")
    );
}
