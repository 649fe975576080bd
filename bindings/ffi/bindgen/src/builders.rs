//! Adds builders to Kotlin's data classes, for Java, which has no named arguments.

use crate::copies::OPTIONS;
use crate::visibility::{is_native, is_public_class};
use std::collections::HashMap;
use std::fmt::Write as _;

/// The end of a data class.
const END: &str = "    companion object\n}";

/// A parameter of a constructor.
struct Parameter<'a> {
    /// Its documentation comment, as it was written.
    doc: String,
    name: &'a str,
    ty: &'a str,
    default: Option<&'a str>,
}

/// Adds a builder to the classes whose values are optional: the options, and what is sent. `CreateConfig.builder("Main")` has the
/// required values, and a function per optional one.
pub fn add_builders(text: &str) -> String {
    let native = is_native(text);
    let three_state = three_state_types(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\ndata class ") {
        let (before, from) = rest.split_at(at + 1);
        let next = from.find("\ndata class ").unwrap_or(from.len());
        let (class, after) = from.split_at(next);
        out.push_str(before);
        out.push_str(&with_builder(class, native, &three_state).unwrap_or_else(|| class.to_owned()));
        rest = after;
    }
    out + rest
}

/// Returns the types of values by the aliases of their fields with three states.
fn three_state_types(text: &str) -> HashMap<&str, &str> {
    let aliases = text.lines().filter_map(|line| line.split_once("typealias ")?.1.split_once(" = "));
    aliases
        .filter_map(|(alias, ty)| Some((alias, ty.trim().strip_prefix("Field<")?.strip_suffix('>')?)))
        .collect()
}

fn with_builder(class: &str, native: bool, three_state: &HashMap<&str, &str>) -> Option<String> {
    let header = class.get(..class.find("\n)")? + 1)?;
    let name = header.strip_prefix("data class ")?.split([' ', '(']).next()?;
    let optional = header.contains(": Field") || OPTIONS.contains(&name);
    if !optional || !is_public_class(name, native) {
        return None;
    }
    let builder = builder(name, &parameters(header), three_state);
    let end = class.find(END)?;
    let (before, after) = class.split_at(end);
    Some(format!("{before}{builder}{}", after.strip_prefix("    companion object\n")?))
}

/// Parses the parameters of a constructor with their documentation.
fn parameters(header: &str) -> Vec<Parameter<'_>> {
    let mut found = Vec::new();
    let mut doc = String::new();
    for line in header.lines() {
        if let Some((name, rest)) = line.strip_prefix("    val `").and_then(|rest| rest.split_once("`: ")) {
            let (ty, default) = match rest.split_once(" = ") {
                Some((ty, default)) => (ty, Some(default.trim())),
                None => (rest, None),
            };
            found.push(Parameter { doc: std::mem::take(&mut doc), name, ty: ty.trim(), default });
        } else if line.trim_start().starts_with(['/', '*']) {
            let _ = writeln!(doc, "    {line}");
        }
    }
    found
}

fn builder(class: &str, parameters: &[Parameter<'_>], three_state: &HashMap<&str, &str>) -> String {
    let (optional, required): (Vec<_>, Vec<_>) = parameters.iter().partition(|p| p.default.is_some());
    let declared: Vec<String> = required.iter().map(|p| format!("`{}`: {}", p.name, p.ty)).collect();
    let private: Vec<String> = declared.iter().map(|p| format!("private val {p}")).collect();
    let mut out = format!(
        "    /** Builder of a [{class}], for Java. */\n    class Builder internal constructor({}) {{\n",
        private.join(", ")
    );
    for Parameter { name, ty, default, .. } in &optional {
        let _ = writeln!(out, "        private var `{name}`: {ty} = {}", default.unwrap_or("null"));
    }
    for Parameter { doc, name, ty, .. } in &optional {
        let (ty, value) = match three_state.get(ty) {
            // Not to call the function is to leave the field out.
            Some(ty) => (format!("{ty}?"), format!("Field.ofNullable(`{name}`)")),
            None => ((*ty).to_owned(), format!("`{name}`")),
        };
        let _ = writeln!(
            out,
            "\n{doc}        fun `{name}`(`{name}`: {ty}): Builder = apply {{ this.`{name}` = {value} }}"
        );
    }
    let passed: Vec<String> = parameters.iter().map(|p| format!("`{}`", p.name)).collect();
    let names: Vec<String> = required.iter().map(|p| format!("`{}`", p.name)).collect();
    let _ = write!(
        out,
        "\n        /** Returns the [{class}]. */\n        fun build(): {class} = {class}({})\n    }}\n\n    companion object {{\n        /** Returns a builder with the required values, for Java. */\n        @JvmStatic\n        fun builder({}): Builder = Builder({})\n    }}\n",
        passed.join(", "),
        declared.join(", "),
        names.join(", "),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_get_builders_with_their_required_values() {
        let text = "package configcat.management.models\npublic typealias FieldString = Field<String>\ndata class CreateConfig (\n    /**\n     * Name.\n     */\n    val `name`: kotlin.String\n    , \n    /**\n     * Description.\n     */\n    val `description`: FieldString = null \n    \n){\n    companion object\n}\ndata class Me (\n    val `a`: Int\n){\n    companion object\n}\n";
        let added = add_builders(text);
        for part in [
            "class Builder internal constructor(private val `name`: kotlin.String) {",
            "private var `description`: FieldString = null",
            "         * Description.\n         */\n        fun `description`(`description`: String?): Builder = apply { this.`description` = Field.ofNullable(`description`) }",
            "fun build(): CreateConfig = CreateConfig(`name`, `description`)",
            "fun builder(`name`: kotlin.String): Builder = Builder(`name`)",
            "data class Me (\n    val `a`: Int\n){\n    companion object\n}\n",
        ] {
            assert!(added.contains(part), "{part}\n{added}");
        }
    }

    #[test]
    fn options_get_a_builder_without_required_values() {
        let text = "x\npackage configcat.management\ndata class ClientOptions (\n    val `baseUrl`: kotlin.String? = null \n){\n    companion object\n}\n";
        assert!(add_builders(text).contains("fun builder(): Builder = Builder()"));
    }
}
