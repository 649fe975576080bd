//! Edits in C++: the requests and functions of resources, and the names of drafts.

use super::{argument, declared, ident, setter};
use crate::emit::edits::Edited;
use crate::emit::rust;
use crate::emit::slashes as doc;
use crate::model::{Api, Schema};
use std::fmt::Write;

/// Writes the name of the edit that a model is the draft of, if it is one.
pub fn name(body: &mut String, schema: &Schema, edits: &[Edited<'_>]) {
    if let Some(edit) = edits.iter().find(|edit| edit.draft == schema.name) {
        let _ = writeln!(
            body,
            "template <>\nstruct detail::EditName<{}> {{\n    static constexpr const char *value = \"{}.edit\";\n}};\n",
            schema.name,
            edit.resource.name.snake()
        );
    }
}

/// Writes the request class of an edit.
pub fn request(body: &mut String, api: &Api, edit: &Edited<'_>) {
    let resource = edit.resource.name.pascal();
    let class = format!("{resource}Edit");
    let base = format!("EditRequest<{}, {}, {class}<Core>>", edit.state, edit.draft);
    let _ = writeln!(
        body,
        "namespace requests {{\n\n/// Request of {}.edit.\ntemplate <class Core = detail::Core>\nclass {class} : public {base} {{\n  public:\n    using {base}::EditRequest;\n",
        edit.resource.name.snake()
    );
    for param in edit.options() {
        body.push_str(&setter(api, &class, param));
    }
    body.push_str("};\n\n} // namespace requests\n\n");
}

/// Writes the function that begins an edit.
pub fn function(body: &mut String, api: &Api, edit: &Edited<'_>) {
    let guard = if edit.is_guarded {
        "The changes apply only to the version that was read."
    } else {
        "The service has no versions of it: changes by others between the two requests may be overwritten."
    };
    let mut about = format!(
        "Edits: reads the state, changes a draft of it, and sends the changes as a JSON Patch; nothing, if there are none. {guard} GET and PATCH {}",
        edit.patch.path
    );
    let mut arguments = Vec::new();
    let mut calls = String::new();
    for param in edit.patch.path_params() {
        let name = ident(&param.name);
        let _ = write!(about, "\n@param {name} {}", rust::param_doc(param));
        arguments.push(declared(&argument(api, &param.ty), &name));
        let _ = write!(calls, ".with(\"{}\", {name})", param.name.snake());
    }
    let request = format!("requests::{}Edit<Core>", edit.resource.name.pascal());
    let _ = writeln!(
        body,
        "{}    {request} edit({}) const {{\n        return {request}(core_, \"{}.edit\"){calls};\n    }}\n",
        doc(&about, "    "),
        arguments.join(", "),
        edit.resource.name.snake()
    );
}
