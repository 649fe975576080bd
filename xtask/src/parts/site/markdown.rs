//! Converts a page of the repository, which a forge shows as it is, to one of the site: tabs, terminal sessions without prompts,
//! and links to other pages.
//!
//! ````text
//! <!-- tabs -->
//! **Python**
//! ```python
//! ```
//! **Rust**
//! ```rust
//! ```
//! <!-- /tabs -->
//! ````

use anyhow::{Result, bail};

const TABS: &str = "<!-- tabs -->";
const TABS_END: &str = "<!-- /tabs -->";
const FENCE: &str = "```";

/// Returns the page for the site. `target` returns what a relative link refers to in the site.
pub fn convert(page: &str, target: &mut impl FnMut(&str) -> Result<String>) -> Result<String> {
    let mut out = Vec::new();
    let mut lines = page.lines();
    let mut in_tabs = false;
    while let Some(line) = lines.next() {
        let mut block = Vec::new();
        if let Some((indent, info)) = opening(line) {
            let body: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != FENCE).collect();
            block = if info == "console" {
                session(&body, indent)
            } else {
                let mut code = vec![line.to_owned()];
                code.extend(body.iter().map(|&line| line.to_owned()));
                code.push(format!("{indent}{FENCE}"));
                code
            };
        } else if line == TABS || line == TABS_END {
            in_tabs = line == TABS;
        } else if line.starts_with("<!-- ") && line.ends_with(" -->") {
            // Markers for tests and the generator of code.
        } else if let Some(label) =
            line.strip_prefix("**").and_then(|l| l.strip_suffix("**")).filter(|_| in_tabs)
        {
            out.push(format!("=== \"{label}\"\n"));
        } else {
            block.push(links(line, target)?);
        }
        let indent = if in_tabs { "    " } else { "" };
        out.extend(
            block.iter().map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") }),
        );
    }
    if in_tabs {
        bail!("{TABS} without {TABS_END}");
    }
    Ok(out.join("\n") + "\n")
}

/// Returns the indentation and the language of a line that begins a block of code.
fn opening(line: &str) -> Option<(&str, &str)> {
    let (indent, info) = line.split_once(FENCE)?;
    (indent.trim().is_empty() && !info.contains('`'))
        .then(|| (indent, info.split(' ').next().unwrap_or(info)))
}

/// Splits a terminal session into commands, which can be copied, and their output.
fn session(body: &[&str], indent: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut kind, mut continues) = ("", false);
    for line in body {
        let line = line.strip_prefix(indent).unwrap_or(line);
        let command = line.strip_prefix("$ ").or(continues.then_some(line));
        let wanted = if command.is_some() { "```shell" } else { "```text title=\"Output\"" };
        if line.is_empty() && kind.is_empty() {
            continue;
        }
        if wanted != kind {
            if !kind.is_empty() {
                out.extend([format!("{indent}{FENCE}"), String::new()]);
            }
            out.push(format!("{indent}{wanted}"));
            kind = wanted;
        }
        let text = command.unwrap_or(line);
        continues = command.is_some() && text.ends_with('\\');
        out.push(format!("{indent}{text}"));
    }
    out.push(format!("{indent}{FENCE}"));
    out
}

/// Replaces the targets of relative links outside of code.
fn links(line: &str, target: &mut impl FnMut(&str) -> Result<String>) -> Result<String> {
    let mut out = String::new();
    let mut code = false;
    let mut rest = line;
    loop {
        let Some(at) = rest.find(if code { "`" } else { "](" }).into_iter().chain(rest.find('`')).min()
        else {
            return Ok(out + rest);
        };
        let (before, after) = rest.split_at(at);
        out += before;
        if let Some(after) = after.strip_prefix('`') {
            code = !code;
            out.push('`');
            rest = after;
            continue;
        }
        let Some((link, after)) = after.strip_prefix("](").and_then(|after| after.split_once(')')) else {
            return Ok(out + after);
        };
        let (link, title) = link.find(" \"").map_or((link, ""), |at| link.split_at(at));
        let link = if link.contains("://") || link.starts_with('#') || link.starts_with("mailto:") {
            link.to_owned()
        } else {
            target(link)?
        };
        out += &format!("]({link}{title})");
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(page: &str) -> String {
        convert(page, &mut |link: &str| Ok(format!("to/{link}"))).unwrap()
    }

    #[test]
    fn labels_between_the_markers_become_tabs() {
        let page =
            "Text\n<!-- tabs -->\n**C**\n\n<!-- code: a.c -->\n```c\nint a;\n\n```\n<!-- /tabs -->\n**C**\n";
        assert_eq!(converted(page), "Text\n=== \"C\"\n\n\n    ```c\n    int a;\n\n    ```\n**C**\n");
    }

    #[test]
    fn commands_lose_their_prompt_and_output_is_separate() {
        let page = "```console\n$ a \\\n    b\nout\n$ c\n```\n";
        let expected =
            "```shell\na \\\n    b\n```\n\n```text title=\"Output\"\nout\n```\n\n```shell\nc\n```\n";
        assert_eq!(converted(page), expected);
    }

    #[test]
    fn links_are_replaced_outside_of_code() {
        let page = "[a](b.md#c \"t\") `[x](y)` [d](https://e.example) [f](#g)\n```\n[x](y)\n```\n";
        let expected = "[a](to/b.md#c \"t\") `[x](y)` [d](https://e.example) [f](#g)\n```\n[x](y)\n```\n";
        assert_eq!(converted(page), expected);
    }

    #[test]
    fn tabs_without_an_end_are_refused() {
        assert!(convert("<!-- tabs -->\n", &mut |_: &str| Ok(String::new())).is_err());
    }
}
