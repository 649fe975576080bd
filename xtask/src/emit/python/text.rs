//! Formats Python source: docstrings, imports, signatures and wrapped lines.

use super::WIDTH;
use std::fmt::Write;

pub fn contains_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|w| w == word)
}

pub fn import_list(start: &str, names: &[String]) -> String {
    let line = format!("{start} {}\n", names.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    let indent = " ".repeat(start.len() - start.trim_start().len());
    names.iter().fold(format!("{start} (\n"), |out, n| format!("{out}{indent}    {n},\n")) + &indent + ")\n"
}

/// Formats the `def` of a method.
pub fn definition(keyword: &str, name: &str, signature: &[String], result: &str) -> String {
    let line = format!("    {keyword} {name}({}) -> {result}:\n", signature.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    signature.iter().fold(format!("    {keyword} {name}(\n"), |out, p| format!("{out}        {p},\n"))
        + &format!("    ) -> {result}:\n")
}

/// Formats a dictionary, on one line if it fits.
pub fn dictionary(entries: &[String], indent: usize) -> String {
    let line = format!("{{{}}}", entries.join(", "));
    if line.len() + indent < WIDTH {
        return line;
    }
    let pad = " ".repeat(indent);
    entries.iter().fold("{\n".to_owned(), |out, e| format!("{out}{pad}    {e},\n")) + &pad + "}"
}

/// Formats a docstring with wrapped lines.
pub fn docstring(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut lines = Vec::new();
    for line in text.trim_end().lines() {
        if line.starts_with("``") {
            // A route is not wrapped.
            lines.push(line.to_owned());
            continue;
        }
        lines.extend(wrap(line, WIDTH - indent - 4));
    }
    if let [only] = lines.as_slice() {
        return format!("{pad}\"\"\"{only}\"\"\"\n");
    }
    let mut out = format!("{pad}\"\"\"");
    for (i, line) in lines.iter().enumerate() {
        let pad = if i == 0 || line.is_empty() { "" } else { &pad };
        let _ = writeln!(out, "{pad}{line}");
    }
    let _ = writeln!(out, "{pad}\"\"\"");
    out
}

fn wrap(line: &str, width: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let mut lines = Vec::new();
    let mut current = " ".repeat(indent);
    for word in line.split_whitespace() {
        if current.trim().is_empty() {
            current.push_str(word);
        } else if current.len() + 1 + word.len() > width {
            lines.push(std::mem::replace(&mut current, format!("{}{word}", " ".repeat(indent + 4))));
        } else {
            current.push(' ');
            current.push_str(word);
        }
    }
    lines.push(current.trim_end().to_owned());
    lines
}
