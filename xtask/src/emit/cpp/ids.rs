//! A type per kind of id: `ids.hpp`.

use super::{DIR, header, id_repr};
use crate::emit::File;
use crate::emit::slashes as doc;
use crate::model::Api;
use crate::model::names::Name;
use std::fmt::Write;

pub fn file(api: &Api) -> File {
    let mut body = String::from("/// Tags that distinguish the types of ids.\nnamespace entity {\n\n");
    for id in &api.ids {
        let _ = writeln!(
            body,
            "struct {} {{\n    static constexpr const char *name = \"{}\";\n}};",
            tag(&id.name),
            Name::new(&id.name).snake()
        );
    }
    body.push_str("\n} // namespace entity\n\n");
    for id in &api.ids {
        let (name, tag) = (&id.name, tag(&id.name));
        let ty = match id_repr(api, name) {
            "std::string" => format!("StringId<entity::{tag}>"),
            integer => format!("NumberId<entity::{tag}, {integer}>"),
        };
        let _ = writeln!(body, "{}using {name} = {ty};", doc(&id.doc, ""));
    }
    body.push('\n');
    let includes = ["\"../id.hpp\"".to_owned()];
    let text = header("generated/ids", "Types of ids.", &includes, &body);
    File { path: format!("{DIR}/ids.hpp"), text }
}

/// Returns the name of the entity that an id identifies.
fn tag(id: &str) -> &str {
    id.strip_suffix("Id").unwrap_or(id)
}
