//! Writes example programs into the pages of the documentation that show them.
//!
//! The code is in the page itself, because viewers of Markdown do not know the include markers of a site generator. A page has a
//! comment with the path of the file, and a block of code after it. A name in parentheses selects the part of the file from the
//! comment `docs: NAME` to the comment `docs: end`:
//!
//! ````text
//! <!-- code: examples/python/quickstart.py -->
//! ```python
//! ```
//! <!-- code: examples/guides/bulk/guide.rs (guide) -->
//! ```rust
//! ```
//! ````

use crate::emit::File;
use crate::support::files::files_below;
use anyhow::{Context as _, Result, bail, ensure};
use std::path::Path;

/// Start of the comment with the path of a file.
const MARKER: &str = "<!-- code: ";
/// Start and end of a block of code.
const FENCE: &str = "```";
/// Include marker of the site generator, which other viewers show as it is.
const INCLUDE: &str = "--8<--";

/// Returns the pages that show files, with the current content of the files.
pub fn all(root: &Path) -> Result<Vec<File>> {
    let mut paths = Vec::new();
    files_below(&root.join("docs"), &mut paths)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let mut pages = Vec::new();
    for path in paths {
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
        ensure!(!text.contains(INCLUDE), "{name}: has an include marker; use `{MARKER}PATH -->`");
        if text.contains(MARKER) {
            let read = |file: &str| std::fs::read_to_string(root.join(file)).with_context(|| file.to_owned());
            let text = with_code(&text, read).with_context(|| name.clone())?;
            pages.push(File { path: name, text });
        }
    }
    Ok(pages)
}

/// Returns a page with the content of the files in the blocks of code after their markers.
fn with_code(page: &str, read: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out += &format!("{line}\n");
        let Some(path) = line.strip_prefix(MARKER).and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let Some(fence) = lines.next().filter(|line| line.starts_with(FENCE)) else {
            bail!("{path}: no block of code follows its marker");
        };
        ensure!(lines.any(|line| line == FENCE), "{path}: its block of code does not end");
        let (path, part) =
            match path.split_once(" (").and_then(|(p, rest)| Some((p, rest.strip_suffix(')')?))) {
                Some((path, part)) => (path, Some(part)),
                None => (path, None),
            };
        let mut code = read(path)?;
        if let Some(part) = part {
            code = part_of(&code, part).with_context(|| format!("{path}: no part {part}"))?;
        }
        ensure!(!code.contains(FENCE), "{path}: has {FENCE}, which ends a block of code");
        out += &format!("{fence}\n{}\n{FENCE}\n", code.trim_end());
    }
    Ok(out)
}

/// Returns the lines between the comments that mark a part, without their common indentation.
fn part_of(code: &str, part: &str) -> Option<String> {
    let is_mark = |line: &str, name: &str| {
        let comment = line.trim().trim_start_matches(['/', '*', '#', ' ']);
        comment.trim_end_matches(['/', '*', ' ']) == format!("docs: {name}")
    };
    let mut lines = code.lines().skip_while(|line| !is_mark(line, part));
    lines.next()?;
    let lines: Vec<&str> = lines.take_while(|line| !is_mark(line, "end")).collect();
    let indent =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len());
    let indent = indent.min()?;
    Some(lines.iter().fold(String::new(), |out, line| out + line.get(indent..).unwrap_or_default() + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Result<String> {
        ensure!(path == "a.py", "there is no {path}");
        Ok("print(1)\n".into())
    }

    #[test]
    fn stale_code_in_a_page_is_replaced() {
        let page = |code: &str| {
            format!("# A\n\n<!-- code: a.py -->\n```python title=\"a.py\"\n{code}```\n\nMore.\n")
        };
        assert_eq!(with_code(&page("print(0)\nold\n"), read).unwrap(), page("print(1)\n"));
        assert_eq!(with_code(&page("print(1)\n"), read).unwrap(), page("print(1)\n"));
    }

    #[test]
    fn part_of_a_file_is_shown_without_its_indentation() {
        let code = "int x;\n  /* docs: a */\n  if (x)\n    y();\n\n  /* docs: end */\n}\n";
        assert_eq!(part_of(code, "a").as_deref(), Some("if (x)\n  y();\n\n"));
        assert_eq!(part_of("# docs: b\nx\n", "b").as_deref(), Some("x\n"));
        assert_eq!(part_of(code, "b"), None);
    }

    #[test]
    fn marker_without_its_file_or_block_is_refused() {
        for page in
            ["<!-- code: b.py -->\n```\n```\n", "<!-- code: a.py -->\ntext\n", "<!-- code: a.py -->\n```\n"]
        {
            assert!(with_code(page, read).is_err(), "{page}");
        }
    }
}
