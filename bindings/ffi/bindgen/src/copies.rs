//! Adds functions to Kotlin's data classes that copy an object with one other value, for Java: `copy` has default arguments, which
//! Java does not have.

use std::fmt::Write as _;

/// Classes of options, which have no fields with three states.
pub const OPTIONS: [&str; 3] = ["ClientOptions", "PlanOptions", "Promotion"];

/// Adds functions such as `withTimeout` to classes with three-state fields, which are what edits change, and to the options.
pub fn add_copy_functions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\ndata class ") {
        let (before, from) = rest.split_at(at);
        let closed = from.find("\n)").map_or(from.len(), |end| end + 1);
        let (parameters, body) = from.split_at(closed);
        let opened = body.find('\n').map_or(body.len(), |end| end + 1);
        let (class, after) = from.split_at(parameters.len() + opened);
        out.push_str(before);
        out.push_str(class);
        let is_options = |name: &&str| class.starts_with(&format!("\ndata class {name} "));
        if class.contains(": Field") || OPTIONS.iter().any(is_options) {
            out.push_str(&functions(class));
        }
        rest = after;
    }
    out + rest
}

fn functions(class: &str) -> String {
    let mut out = String::new();
    let parameters = class.lines().filter_map(|line| line.strip_prefix("    val `")?.split_once("`: "));
    for (name, ty) in parameters {
        let ty = ty.split(" = ").next().unwrap_or(ty).trim();
        let mut letters = name.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let suffix: String = first.chain(letters).collect();
        let _ = write!(
            out,
            "    /** Returns a copy with another [{name}], for Java. */\n    \
             fun with{suffix}(`{name}`: {ty}) = copy(`{name}` = `{name}`)\n"
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_with_three_state_fields_get_copy_functions() {
        let plain = "x\ndata class Me (\n    val `a`: Int\n){\n}\n";
        assert_eq!(add_copy_functions(plain), plain);
        let draft = "x\ndata class Draft (\n    val `a`: FieldString = Field.Absent \n    , \n    val `bC`: Int\n){\n}\n";
        let added = add_copy_functions(draft);
        assert!(added.contains("fun withA(`a`: FieldString) = copy(`a` = `a`)\n"), "{added}");
        assert!(added.contains("fun withBC(`bC`: Int) = copy(`bC` = `bC`)\n"), "{added}");
        assert!(added.ends_with("\n}\n"), "{added}");
    }

    #[test]
    fn options_get_copy_functions() {
        let options = "\ndata class ClientOptions @JvmOverloads constructor(\n    val `baseUrl`: kotlin.String? = null \n){\n}\n";
        let added = add_copy_functions(options);
        assert!(added.contains("fun withBaseUrl(`baseUrl`: kotlin.String?) = copy"), "{added}");
    }
}
