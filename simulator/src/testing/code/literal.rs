//! Values of a program: JSON in which some identifiers are variables.

use super::variables::Variables;
use serde_json::{Number, Value};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Variable { name: String, is_text: bool },
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Literal {
    /// Converts a body. A number is an identifier only as a member that contains identifiers; a string that equals one is it.
    pub(super) fn new(value: &Value, variables: &Variables, is_id: bool) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => {
                let name = variables.name(value).filter(|_| is_id);
                name.map_or_else(
                    || Self::Number(number.clone()),
                    |name| Self::Variable { name, is_text: false },
                )
            }
            Value::String(text) => variables
                .name(value)
                .map_or_else(|| Self::Text(text.clone()), |name| Self::Variable { name, is_text: true }),
            Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::new(item, variables, is_id)).collect())
            }
            Value::Object(members) => {
                // A JSON Patch names the member that its value is for.
                let patched = members.get("path").and_then(Value::as_str).is_some_and(is_path_of_ids);
                let member = |(name, value): (&String, &Value)| {
                    let is_id = is_name_of_ids(name) || (name == "value" && patched);
                    (name.clone(), Self::new(value, variables, is_id))
                };
                Self::Object(members.iter().map(member).collect())
            }
        }
    }

    /// Writes it as an expression with indented lines. `word` writes what the language writes in another way than JSON.
    pub(super) fn write(&self, out: &mut String, depth: usize, word: &dyn Fn(&Self) -> Option<String>) {
        if let Some(text) = word(self) {
            out.push_str(&text);
            return;
        }
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::Variable { name, .. } => out.push_str(name),
            Self::List(items) => {
                let items: Vec<(Option<&str>, &Self)> = items.iter().map(|item| (None, item)).collect();
                write_all(out, depth, ['[', ']'], &items, word);
            }
            Self::Object(members) => {
                let members: Vec<(Option<&str>, &Self)> =
                    members.iter().map(|(name, value)| (Some(name.as_str()), value)).collect();
                write_all(out, depth, ['{', '}'], &members, word);
            }
        }
    }
}

/// Writes the items of a list or the members of an object: short ones on one line.
fn write_all(
    out: &mut String,
    depth: usize,
    [open, close]: [char; 2],
    items: &[(Option<&str>, &Literal)],
    word: &dyn Fn(&Literal) -> Option<String>,
) {
    const WIDTH: usize = 60;
    let texts: Vec<String> = items
        .iter()
        .map(|(name, value)| {
            let mut text = name.map_or_else(String::new, |name| format!("{}: ", quoted(name)));
            value.write(&mut text, depth + 1, word);
            text
        })
        .collect();
    out.push(open);
    if texts.iter().map(String::len).sum::<usize>() <= WIDTH && !texts.iter().any(|text| text.contains('\n'))
    {
        out.push_str(&texts.join(", "));
    } else {
        let indent = "    ".repeat(depth + 1);
        for text in texts {
            out.push_str(&format!("\n{indent}{text},"));
        }
        out.push_str(&format!("\n{}", "    ".repeat(depth)));
    }
    out.push(close);
}

/// Returns a string in quotes, as in JSON; Python has the same escapes.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn is_name_of_ids(name: &str) -> bool {
    name.ends_with("Id") || name.ends_with("Ids") || name == "tags"
}

fn is_path_of_ids(path: &str) -> bool {
    path.split('/').any(is_name_of_ids)
}
