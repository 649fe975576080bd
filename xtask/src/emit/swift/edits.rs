//! Edits in Swift: the functions of the resources, and those that compare drafts.

use super::{DIR, header, ident, list, ty};
use crate::emit::edits::Edited;
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
            "    /// Returns a small JSON Patch (RFC 6902) that turns one draft into another.\n    public static func diff(before: {draft}, after: {draft}) throws -> JsonPatch {{\n        try {}(before: before, after: after)\n    }}\n",
            mobile_edits::diff(draft).camel()
        );
    }
    File { path: format!("{DIR}/Edits.swift"), text: format!("{}\n}}\n", text.trim_end()) }
}

/// Writes the function of an edit.
pub fn function(text: &mut String, edit: &Edited<'_>) {
    let mut declared = Vec::new();
    let mut about = Vec::new();
    let mut places = Vec::new();
    for param in edit.patch.path_params() {
        let (name, ty) = (ident(&param.name), ty(&param.ty));
        about.push(format!("  - {name}: {}", rust::param_doc(param)));
        declared.push(format!("{name}: {ty}"));
        places.push(format!("{name}: {name}"));
    }
    let mut options = Vec::new();
    for option in mobile_edits::options(edit) {
        let name = ident(&option.name);
        about.push(format!("  - {name}: {}", option.about));
        declared.push(format!("{name}: {}? = nil", ty(option.ty)));
        options.push(format!("{name}: {name}"));
    }
    let (guard, rebase) = if edit.is_guarded {
        declared.push("rebase: Int32 = 0".into());
        about.push("  - rebase: How often to send the changes for a newer version, if others have changed only other members of the state.".into());
        ("The changes apply only to the version that was read.", "rebase")
    } else {
        (
            "The service has no versions of it: changes by others between the two requests may be overwritten.",
            "0",
        )
    };
    declared.push(format!("_ change: (inout {}) async throws -> Void", edit.draft));
    about.push("  - change: Changes the draft. Nothing is sent if it throws.".into());
    let conflict = if edit.is_guarded { " ``EditConflict`` if others have changed the state;" } else { "" };
    let about = format!(
        "Edits: reads the state, changes a draft of it, and sends the changes as a JSON Patch; nothing, if there are none. {guard}\n\n`GET {0}` and `PATCH {0}`\n\n- Parameters:\n{1}\n- Returns: The state after the change; `nil` if nothing changed.\n- Throws:{conflict} ``ConfigCatError`` if a call fails, `CancellationError`, or what `change` throws.",
        edit.patch.path,
        about.join("\n")
    );
    let read: Vec<String> =
        edit.read.optional_params().map(|param| format!("{0}: {0}", ident(&param.name))).collect();
    let read = [places.clone(), read].concat().join(", ");
    let sent =
        [places, vec!["base: base".into(), "draft: mine".into(), format!("rebase: {rebase}")], options];
    let _ = writeln!(
        text,
        "\n{}    @discardableResult\n    public func edit({}) async throws -> {}? {{\n        let base = try await {}({read})\n        var draft = {}(state: base)\n        try await change(&draft)\n        let mine = draft\n        let edited = try await connection.call {{\n            try await $0.{}({})\n        }}\n        if let conflict = edited.conflict {{\n            throw EditConflict(\n                base: base, theirs: conflict.theirs, mine: mine, patch: conflict.patch, details: conflict.details)\n        }}\n        return edited.state\n    }}",
        doc(&about, "    "),
        list(&declared),
        edit.state,
        ident(&edit.read.name),
        mobile_edits::draft(edit.state).camel(),
        mobile_edits::method(edit).camel(),
        sent.concat().join(", "),
    );
}
