//! Edits in Swift: the functions of the resources, and those that compare drafts.

use super::{DIR, header, ident, list, ty};
use crate::emit::edits::Edited;
use crate::emit::mobile_edits::FlagChange;
use crate::emit::slashes as doc;
use crate::emit::{File, mobile_edits, rust};
use std::fmt::Write;

/// Writes the functions that compare drafts.
pub fn file(edits: &[Edited<'_>]) -> File {
    let mut text = header();
    text.push_str("extension [PatchOperation] {\n");
    for draft in mobile_edits::drafts(edits).values() {
        let _ = writeln!(
            text,
            "    /// Returns a small JSON Patch (RFC 6902) that turns one draft into another.\n    public static func diff(before: {draft}, after: {draft}) throws -> JsonPatch {{\n        try translated {{ try {}(before: before, after: after) }}\n    }}\n",
            mobile_edits::diff(draft).camel()
        );
    }
    File { path: format!("{DIR}/Edits.swift"), text: format!("{}\n}}\n", text.trim_end()) }
}

/// Writes the functions of an edit.
pub fn function(text: &mut String, edit: &Edited<'_>) {
    one(text, edit, None);
    if edit.has_setting_type {
        FlagChange::ALL.into_iter().for_each(|change| one(text, edit, Some(change)));
    }
}

/// Writes the function of an edit with a function that changes the draft, or with a change of the flag.
fn one(text: &mut String, edit: &Edited<'_>, change: Option<FlagChange>) {
    let mut declared = Vec::new();
    let mut about = Vec::new();
    let mut places = Vec::new();
    for param in edit.patch.path_params() {
        let (name, ty) = (ident(&param.name), ty(&param.ty));
        about.push(format!("  - {name}: {}", rust::param_doc(param)));
        declared.push(format!("{name}: {ty}"));
        places.push(format!("{name}: {name}"));
    }
    if matches!(change, Some(FlagChange::SetPercentage)) {
        about.push("  - percentage: Percentage of the users, 0 to 100.".into());
        declared.push("percentage: Int32".into());
    }
    let mut options = Vec::new();
    for option in mobile_edits::options(edit) {
        let name = ident(&option.name);
        about.push(format!("  - {name}: {}", option.about));
        declared.push(format!("{name}: {}? = nil", ty(option.ty)));
        options.push(format!("{name}: {name}"));
    }
    let rebase = if edit.is_guarded { "rebase" } else { "0" };
    if edit.is_guarded {
        declared.push("rebase: Int32 = 0".into());
        about.push("  - rebase: How often to send the changes for a newer version, if others have changed only other members of the state.".into());
    }
    if change.is_none() {
        // The function runs where its caller does: on the main actor, for example.
        declared.push("isolation: isolated (any Actor)? = #isolation".into());
        about.push("  - isolation: The actor on which `change` runs, that of the caller.".into());
        declared.push(format!("_ change: (inout {}) async throws -> Void", edit.draft));
        about.push("  - change: Changes the draft. Nothing is sent if it throws.".into());
    }
    let read: Vec<String> =
        edit.read.optional_params().map(|param| format!("{0}: {0}", ident(&param.name))).collect();
    let read = [places.clone(), read].concat().join(", ");
    let sent =
        [places, vec!["base: base".into(), "draft: mine".into(), format!("rebase: {rebase}")], options];
    let _ = writeln!(
        text,
        "\n{}    @discardableResult\n    public func {}({}) async throws -> {}? {{\n        let base = try await {}({read})\n{}        let edited = try await connection.call {{\n            try await $0.{}({})\n        }}\n        if let conflict = edited.conflict {{\n            throw EditConflict(\n                base: base, theirs: conflict.theirs, mine: mine, patch: conflict.patch,\n                details: ErrorDetails(conflict.details))\n        }}\n        return edited.state\n    }}",
        doc(&documentation(edit, change, &about), "    "),
        change.map_or_else(|| "edit".to_owned(), |change| change.name().camel()),
        list(&declared),
        edit.state,
        ident(&edit.read.name),
        changed(edit, change),
        mobile_edits::method(edit).camel(),
        sent.concat().join(", "),
    );
}

/// Returns the documentation of the function of an edit, with that of its parameters.
fn documentation(edit: &Edited<'_>, change: Option<FlagChange>, about: &[String]) -> String {
    let (guard, conflict) = if edit.is_guarded {
        (
            "The changes apply only to the version that was read.",
            " ``EditConflict`` if others have changed the state;",
        )
    } else {
        (
            "The service has no versions of it: changes by others between the two requests may be overwritten.",
            "",
        )
    };
    let what = change.map_or(
        "Edits: reads the state, changes a draft of it, and sends the changes as a JSON Patch; nothing, if there are none.",
        FlagChange::about,
    );
    let other = if change.is_some() {
        "or the flag is not boolean, or `CancellationError`"
    } else {
        "`CancellationError`, or what `change` throws"
    };
    format!(
        "{what} {guard}\n\n`GET {0}` and `PATCH {0}`\n\n- Parameters:\n{1}\n- Returns: The state after the change; `nil` if nothing changed.\n- Throws:{conflict} ``ConfigCatError`` if a call fails, {other}.",
        edit.patch.path,
        about.join("\n")
    )
}

/// Returns the statements that make the changed draft.
fn changed(edit: &Edited<'_>, change: Option<FlagChange>) -> String {
    let turned = |on: bool| {
        let function = mobile_edits::turned(edit.state).camel();
        format!("        let mine = try translated {{ try {function}(state: base, on: {on}) }}\n")
    };
    match change {
        Some(FlagChange::TurnOn) => turned(true),
        Some(FlagChange::TurnOff) => turned(false),
        Some(FlagChange::SetPercentage) => format!(
            "        let mine = try translated {{ try {}(state: base, percentage: percentage) }}\n",
            mobile_edits::with_percentage(edit.state).camel()
        ),
        None => format!(
            "        var draft = {}(state: base)\n        try await change(&draft)\n        let mine = draft\n",
            mobile_edits::draft(edit.state).camel()
        ),
    }
}
