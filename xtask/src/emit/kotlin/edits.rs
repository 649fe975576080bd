//! Edits in Kotlin: the functions of the resources, and the exceptions with the states of a conflict.

use super::{DIR, MODELS, View, doc, header, ident, list, ty};
use crate::emit::edits::Edited;
use crate::emit::mobile_edits::FlagChange;
use crate::emit::{File, mobile_edits, rust};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Package of the native interface, which is internal to the client.
const BRIDGE: &str = "configcat.management";

/// Writes the exceptions, and the functions that compare drafts.
pub fn file(edits: &[Edited<'_>]) -> File {
    let mut imports = BTreeSet::from([format!("{MODELS}.JsonPatch")]);
    let mut body = String::new();
    for (state, draft) in mobile_edits::drafts(edits) {
        imports.extend([state, draft].map(|model| format!("{MODELS}.{model}")));
        let about = format!(
            "Others have changed a [{state}] since it was read, and the changes could not be combined.\n\n@property base the state that was read\n@property theirs the state as others have changed it\n@property mine the draft with the changes of this edit\n@property patch the changes of this edit, as a patch of [base]"
        );
        let _ = writeln!(
            body,
            "{}public class {state}ConflictException internal constructor(\n    public val base: {state},\n    public val theirs: {state},\n    public val mine: {draft},\n    public val patch: JsonPatch,\n    details: ErrorDetails,\n) : ConfigCatException.Conflict(details)\n",
            doc(&about, "")
        );
        let _ = writeln!(
            body,
            "/** Returns the state after an edit, or throws the conflict. */\ninternal fun {state}Edit.result(base: {state}, mine: {draft}): {state}? {{\n    conflict?.let {{ throw {state}ConflictException(base, it.theirs, mine, it.patch, it.details) }}\n    return state\n}}\n"
        );
        let about = "Returns a small JSON Patch (RFC 6902) that turns one draft into another.";
        let _ = writeln!(
            body,
            "{}public fun jsonPatchDiff(before: {draft}, after: {draft}): JsonPatch = translated {{ {}(before, after) }}\n",
            doc(about, ""),
            mobile_edits::diff(draft).camel()
        );
    }
    for (state, edit) in mobile_edits::flags(edits) {
        let names =
            [mobile_edits::turned(state), mobile_edits::with_percentage(state)].map(|name| name.camel());
        let [turned, percentage] = &names;
        let draft = edit.draft;
        let _ = writeln!(
            body,
            "/** Returns the draft in which the flag is turned on, or off. */\ninternal fun {state}.turned(on: Boolean): {draft} = translated {{ {turned}(this, on) }}\n\n/** Returns the draft that serves true to a percentage of the users. */\ninternal fun {state}.withPercentage(percentage: Int): {draft} =\n    translated {{ {percentage}(this, percentage) }}\n"
        );
    }
    let text = header("configcat.management", &imports);
    let text = text.replacen("package ", "@file:JvmName(\"Edits\")\n\npackage ", 1);
    File { path: format!("{DIR}/Edits.kt"), text: format!("{text}{}\n", body.trim_end()) }
}

/// Collects what the function of an edit imports.
pub fn imports(edit: &Edited<'_>, view: View, imports: &mut BTreeSet<String>) {
    imports.extend([edit.state, edit.draft].map(|model| format!("{MODELS}.{model}")));
    imports.insert(format!("{BRIDGE}.{}", mobile_edits::draft(edit.state).camel()));
    imports.insert("configcat.management.result".into());
    if edit.has_setting_type {
        imports.extend(["turned", "withPercentage"].map(|name| format!("configcat.management.{name}")));
    }
    if view != View::Suspending {
        imports.insert("java.util.function.UnaryOperator".into());
    }
}

/// Writes the functions of an edit.
pub fn function(body: &mut String, edit: &Edited<'_>, view: View) {
    one(body, edit, view, None);
    if edit.has_setting_type {
        FlagChange::ALL.into_iter().for_each(|change| one(body, edit, view, Some(change)));
    }
}

/// Writes the function of an edit with a function that changes the draft, or with a change of the flag.
fn one(body: &mut String, edit: &Edited<'_>, view: View, change: Option<FlagChange>) {
    let mut declared = Vec::new();
    let mut places = Vec::new();
    let mut about = String::new();
    for param in edit.patch.path_params() {
        let (name, ty) = (ident(&param.name), ty(&param.ty));
        let _ = write!(about, "\n@param {name} {}", rust::param_doc(param));
        declared.push(format!("{name}: {ty}"));
        places.push(name);
    }
    if matches!(change, Some(FlagChange::SetPercentage)) {
        about.push_str("\n@param percentage Percentage of the users, 0 to 100.");
        declared.push("percentage: Int".into());
    }
    let mut options = Vec::new();
    let mut named = Vec::new();
    for option in mobile_edits::options(edit) {
        let (name, ty) = (ident(&option.name), ty(option.ty));
        let _ = write!(about, "\n@param {name} {}", option.about);
        options.push(format!("{name}: {ty}? = null"));
        named.push(name);
    }
    if edit.is_guarded {
        about.push_str("\n@param rebase How often to send the changes for a newer version, if others have changed only other members of the state.");
        options.push("rebase: Int = 0".into());
    }
    // The lambda of Kotlin is last; Java passes it before the optional arguments.
    let lambda = lambda(edit, view);
    match (change, view) {
        (Some(_), _) => declared.extend(options),
        (None, View::Suspending) => declared.extend(options.into_iter().chain([lambda])),
        (None, _) => declared.extend([lambda].into_iter().chain(options)),
    }
    if change.is_none() {
        about.push_str("\n@param change Returns the changed draft.");
    }
    let about = documentation(edit, change, &about);
    let rebase = if edit.is_guarded { "rebase" } else { "0" };
    let read = reading(edit, &places);
    let native = [places, vec!["base".into(), "draft".into(), rebase.into()], named].concat().join(", ");
    let native = format!("{}({native})", mobile_edits::method(edit).camel());
    let _ = write!(body, "\n{}", doc(&about, "    "));
    let overloads =
        if edit.is_guarded || edit.options().next().is_some() { "    @JvmOverloads\n" } else { "" };
    if view != View::Suspending {
        body.push_str(overloads);
    }
    let name = change.map_or_else(|| "edit".to_owned(), |change| change.name().camel());
    body.push_str(&code(edit, view, &format!("{name}({})", list(&declared)), change, &read, &native));
}

/// Declares the function that changes the draft.
fn lambda(edit: &Edited<'_>, view: View) -> String {
    match view {
        View::Suspending => format!("change: suspend ({0}) -> {0}", edit.draft),
        View::Futures | View::Blocking => format!("change: UnaryOperator<{}>", edit.draft),
    }
}

/// Returns the expression of the changed draft.
fn changed(edit: &Edited<'_>, view: View, change: Option<FlagChange>) -> String {
    let draft = format!("{}(base)", mobile_edits::draft(edit.state).camel());
    match (change, view) {
        (Some(FlagChange::TurnOn), _) => "base.turned(true)".into(),
        (Some(FlagChange::TurnOff), _) => "base.turned(false)".into(),
        (Some(FlagChange::SetPercentage), _) => "base.withPercentage(percentage)".into(),
        (None, View::Suspending) => format!("change({draft})"),
        (None, _) => format!("change.apply({draft})"),
    }
}

/// Returns the documentation of the function of an edit, with that of its parameters.
fn documentation(edit: &Edited<'_>, change: Option<FlagChange>, about: &str) -> String {
    let guard = if edit.is_guarded {
        format!(
            "The changes apply only to the version that was read.\n\n`GET {0}` and `PATCH {0}`\n{about}\n@return the state after the change; `null` if nothing changed.\n@throws configcat.management.{1}ConflictException if others have changed the state in the meantime.",
            edit.patch.path, edit.state
        )
    } else {
        format!(
            "The service has no versions of it: changes by others between the two requests may be overwritten.\n\n`GET {0}` and `PATCH {0}`\n{about}\n@return the state after the change; `null` if nothing changed.",
            edit.patch.path
        )
    };
    let what = change.map_or(
        "Edits: reads the state, changes a draft of it, and sends the changes as a JSON Patch; nothing, if there are none.",
        FlagChange::about,
    );
    let refusal = if change.is_some() { ", or if the flag is not boolean" } else { "" };
    format!("{what} {guard}\n@throws configcat.management.ConfigCatException if a call fails{refusal}.")
}

fn code(
    edit: &Edited<'_>,
    view: View,
    declared: &str,
    change: Option<FlagChange>,
    read: &str,
    native: &str,
) -> String {
    let (state, draft) = (edit.state, changed(edit, view, change));
    match view {
        View::Suspending => format!(
            "    public suspend fun {declared}: {state}? {{\n        val base = {read}\n        val draft = {draft}\n        return connection.call {{ {native} }}.result(base, draft)\n    }}\n"
        ),
        View::Blocking => format!(
            "    public fun {declared}: {state}? {{\n        val base = {read}\n        val draft = {draft}\n        return connection.wait {{ {native} }}.result(base, draft)\n    }}\n"
        ),
        View::Futures => format!(
            "    public fun {declared}: CompletableFuture<{state}?> =\n        {read}.thenCompose {{ base ->\n            val draft = {draft}\n            connection.future {{ {native} }}.thenApply {{ it.result(base, draft) }}\n        }}\n"
        ),
    }
}

/// Returns the call that reads the state.
fn reading(edit: &Edited<'_>, places: &[String]) -> String {
    let options = edit.read.optional_params().map(|param| format!("{0} = {0}", ident(&param.name)));
    let arguments = [places.to_vec(), options.collect()].concat();
    format!("{}({})", ident(&edit.read.name), arguments.join(", "))
}
