//! Finds the prose of a file: its comments, or the text of a page outside of code.

/// Extensions of files whose prose is known.
pub const KNOWN: &[&str] =
    &["rs", "py", "pyi", "c", "h", "cpp", "hpp", "kt", "java", "swift", "go", "md", "yaml"];

/// Lines of prose with their numbers, from 1.
pub fn prose(extension: &str, text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    match extension {
        "md" => page(lines),
        // Texts and keys of a spec; keys are terms as well.
        "yaml" => lines.map(|(number, line)| (number, without_code(line))).collect(),
        "py" | "pyi" => python(lines),
        _ => slashes(lines),
    }
}

/// A page without its blocks of code and without code in a line.
fn page<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<(usize, String)> {
    let mut code = false;
    let mut found = Vec::new();
    for (number, line) in lines {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            found.push((number, without_code(line)));
        }
    }
    found
}

/// Removes what is between backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// Comments after `//`, and blocks between `/*` and `*/`.
fn slashes<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<(usize, String)> {
    let mut block = false;
    let mut found = Vec::new();
    for (number, line) in lines {
        let trimmed = line.trim_start();
        let comment = if block || trimmed.starts_with("/*") {
            block = !line.contains("*/");
            Some(trimmed)
        } else if trimmed.starts_with("//") {
            Some(trimmed)
        } else {
            // Not `https://`.
            line.find(" // ").and_then(|at| line.get(at..))
        };
        found.extend(comment.map(|comment| (number, without_code(comment))));
    }
    found
}

/// Comments after `#`, and docstrings.
fn python<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<(usize, String)> {
    let mut docstring = false;
    let mut found = Vec::new();
    for (number, line) in lines {
        let quotes = line.matches("\"\"\"").count();
        let comment = if docstring || quotes > 0 {
            docstring ^= quotes % 2 == 1;
            Some(line)
        } else if line.trim_start().starts_with('#') {
            Some(line)
        } else {
            line.find("  # ").and_then(|at| line.get(at..))
        };
        found.extend(comment.map(|comment| (number, without_code(comment))));
    }
    found
}

#[cfg(test)]
mod unit {
    use super::prose;

    fn numbers(extension: &str, text: &str) -> Vec<usize> {
        prose(extension, text).into_iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn comments_and_pages_are_prose_and_code_is_not() {
        assert_eq!(
            numbers("rs", "//! A.\nlet a = 1; // b\nlet url = \"http://x\";\n/* c\n d */\nfn e() {}"),
            [1, 2, 4, 5]
        );
        assert_eq!(
            numbers("py", "\"\"\"A.\"\"\"\nx = 1  # b\ny = 2\ndef f():\n    \"\"\"C\n    d\n    \"\"\""),
            [1, 2, 5, 6, 7]
        );
        assert_eq!(numbers("yaml", "# A\nsummary: B"), [1, 2]);
        assert_eq!(numbers("md", "A\n```console\n$ b\n```\nC"), [1, 5]);
        assert_eq!(prose("md", "Use `nobody` here")[0].1, "Use   here");
    }
}
