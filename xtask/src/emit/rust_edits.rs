//! Writes the edits of Rust: `core/src/generated/edits.rs`.

use super::edits::{self, Edited};
use super::rust::{self, doc, ident};
use super::{Context, File};
use crate::model::names::Name;
use anyhow::{Context as _, Result};
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let edits = edits::all(cx)?;
    let mut text = rust::header();
    text.push_str("//! Edits: read a state, change a draft of it, and send the changes.\n\n");
    text.push_str("use crate::client::edit::{BeginEdit, EditOperation, EditRequest, Editable, EditableFlag, EditedFlag, State};\nuse crate::client::request::{Mode, Request};\nuse crate::models;\nuse crate::resources;\nuse crate::schema;\n\n");
    text.push_str("/// All edits.\npub static ALL: &[EditOperation] = &[\n");
    for edit in &edits {
        let name = edit.resource.name.snake();
        let draft = cx.api.schema(edit.draft).with_context(|| format!("no schema {}", edit.draft))?;
        let _ = writeln!(
            text,
            "EditOperation::new::<{}>(\"{name}.edit\", &schema::{}::{}),",
            patch_marker(edit),
            draft.home,
            Name::new(&draft.name).screaming()
        );
    }
    text.push_str("];\n\n/// Returns the operation of an edit, such as `flag_values.edit`.\n#[must_use]\npub fn find(id: &str) -> Option<&'static EditOperation> { ALL.iter().find(|edit| edit.id == id) }\n\n");
    for edit in &edits {
        editable(&mut text, edit);
        methods(&mut text, edit);
        options(&mut text, edit);
    }
    Ok(vec![File { path: "core/src/generated/edits.rs".into(), text }])
}

fn module(edit: &Edited<'_>) -> String {
    format!("resources::{}", edit.resource.name.snake())
}

fn patch_marker(edit: &Edited<'_>) -> String {
    format!("{}::{}", module(edit), edit.patch.name.pascal())
}

fn editable(text: &mut String, edit: &Edited<'_>) {
    let (module, patch) = (module(edit), patch_marker(edit));
    let state = if edit.patch.result().1 { "output" } else { "Some(output)" };
    let _ = writeln!(
        text,
        "impl Editable for {patch} {{\ntype Read = {module}::{};\ntype Draft = models::{};\n\nfn state(output: Self::Output) -> Option<State<Self>> {{ {state} }}",
        edit.read.name.pascal(),
        edit.draft
    );
    if edit.is_guarded {
        text.push_str("\nfn version(state: &State<Self>) -> Option<&models::VersionId> { Some(&state.last_version_id) }\n");
    }
    if edit.has_setting_type {
        let variations =
            if edit.has_variations { "state.setting.predefined_variations.clone()" } else { "Vec::new()" };
        let _ = writeln!(
            text,
            "\nfn flag(state: &State<Self>) -> Option<EditedFlag> {{ Some(EditedFlag {{ key: state.setting.key.clone(), setting_type: state.setting.setting_type.clone(), variations: {variations} }}) }}"
        );
    }
    text.push_str("}\n\n");
    if edit.has_setting_type {
        let _ = writeln!(text, "impl EditableFlag for {patch} {{}}\n");
    }
}

fn methods(text: &mut String, edit: &Edited<'_>) {
    let (module, patch) = (module(edit), patch_marker(edit));
    let mut arguments = String::new();
    let mut bound = String::new();
    let mut calls = String::new();
    let mut listed = String::new();
    let mut names = Vec::new();
    for param in edit.patch.path_params() {
        let (name, ty) = (ident(&param.name), rust::qualified(&param.ty));
        let _ = write!(arguments, "{name}: impl Into<{ty}>, ");
        let _ = writeln!(bound, "let {name}: {ty} = {name}.into();");
        let _ = write!(calls, ".path::<{ty}>(&{name})");
        let _ = writeln!(listed, "* `{name}`: {}", rust::param_doc(param));
        names.push(name);
    }
    let names = names.join(", ");
    let options: Vec<String> = edit.options().map(|param| format!("`.{}()`", ident(&param.name))).collect();
    let rebase = edit.is_guarded.then(|| "`.rebase()`".to_owned()).into_iter();
    let limits = ["`.timeout()`", "`.max_attempts()`"].map(str::to_owned);
    let options = options.into_iter().chain(rebase).chain(limits).collect::<Vec<_>>().join(", ");
    let guard = if edit.is_guarded {
        "The changes apply only to the version that was read."
    } else {
        "The service has no versions of it: changes by others between the two requests may be overwritten."
    };
    let route = format!("`GET {0}` and `PATCH {0}`", edit.patch.path);
    let about = format!(
        "Edits: reads the state, calls a function with a draft of it, and sends the changes as a JSON Patch.\n\n{route}\n\nIf nothing changed, nothing is sent, and the result is `None`. {guard}\n\n# Parameters\n{listed}* `change`: Changes the draft.\n\nOptions of the request: {options}. See [`edit`](crate::edit)."
    );
    let draft = format!("models::{}", edit.draft);
    let handle = edit.resource.name.pascal();
    let _ = writeln!(
        text,
        "impl<M: Mode> {module}::{handle}<M> {{\n{}pub fn edit<'a>(&self, {arguments}change: impl FnOnce(&mut {draft}) + Send + 'a) -> EditRequest<'a, {patch}, M> {{ self.begin_edit({names}).change(change) }}\n",
        doc(&about)
    );
    let about = format!(
        "Begins an edit: reads the state. Change the draft, then send the changes with [`commit`](crate::edit::Edit::commit).\n\n{route}\n\n{guard}\n\n# Parameters\n{listed}\nOptions of the request: {options}. See [`edit`](crate::edit)."
    );
    let arguments = arguments.trim_end_matches(", ");
    let _ = writeln!(
        text,
        "{}pub fn begin_edit(&self, {arguments}) -> BeginEdit<{patch}, M> {{ {bound} BeginEdit::new(Request::new(&self.client){calls}, Request::new(&self.client){calls}) }}\n}}\n",
        doc(&about)
    );
}

fn options(text: &mut String, edit: &Edited<'_>) {
    let patch = patch_marker(edit);
    if edit.options().next().is_none() {
        return;
    }
    for (head, with) in [
        (format!("impl<M: Mode> BeginEdit<{patch}, M>"), false),
        (format!("impl<M: Mode> EditRequest<'_, {patch}, M>"), true),
    ] {
        let _ = writeln!(text, "{head} {{");
        for param in edit.options() {
            let (name, ty) = (ident(&param.name), rust::qualified(&param.ty));
            let body = if with {
                format!("self.with(|begin| begin.{name}({name}))")
            } else if edit.reads_with(param) {
                format!(
                    "let {name}: {ty} = {name}.into(); self.with_read(|read| read.{name}(&{name})).with_patch(|patch| patch.{name}(&{name}))"
                )
            } else {
                format!("self.with_patch(|patch| patch.{name}({name}))")
            };
            let _ = writeln!(
                text,
                "{}pub fn {name}(self, {name}: impl Into<{ty}>) -> Self {{ {body} }}\n",
                doc(&rust::param_doc(param))
            );
        }
        text.push_str("}\n\n");
    }
}
