//! Writes `llms.txt`: the pages with their titles and first sentences, for programs that read documentation.

use crate::support::files::files_below;
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;

const SUMMARY: &str = "\
# configcat-management

> Client for the Public Management API of ConfigCat, a feature flag service, in Python, Rust, C, C++, Kotlin, Java and Swift.
> It waits for the rate limit, retries what is safe to retry, checks requests before they are sent, and includes a simulator
> of the whole API for tests. Not an official ConfigCat product.
";

/// Parts of the list, by the beginning of the path of their pages. The first that matches decides; pages without one are left out.
const PARTS: [(&str, &str); 5] = [
    ("guides/", "Guides"),
    ("python/jobs/", "Jobs in Python"),
    ("python/reference/", "Python reference"),
    ("about/", "About"),
    ("", "Languages, simulator and command line"),
];
const LEFT_OUT: [&str; 3] = ["sources/", "index.md", "reference/"];

/// Writes the file into a site from the Markdown of its pages.
pub fn write(pages: &Path, site: &Path) -> Result<()> {
    let mut found = Vec::new();
    files_below(pages, &mut found)?;
    found.sort();
    let mut lists: Vec<String> = PARTS.iter().map(|_| String::new()).collect();
    for file in found.iter().filter(|file| file.extension().is_some_and(|extension| extension == "md")) {
        let path = file.strip_prefix(pages)?.to_string_lossy().replace('\\', "/");
        let part = PARTS.iter().position(|(start, _)| path.starts_with(start));
        let Some(list) = part.and_then(|part| lists.get_mut(part)) else { continue };
        if LEFT_OUT.iter().any(|start| path.starts_with(start)) {
            continue;
        }
        let (title, about) = summary(&std::fs::read_to_string(file)?);
        let url = path.strip_suffix("index.md").unwrap_or(path.strip_suffix(".md").unwrap_or(&path));
        let slash = if url.is_empty() || url.ends_with('/') { "" } else { "/" };
        let _ = writeln!(list, "- [{title}]({url}{slash}): {about}");
    }
    let mut text = String::from(SUMMARY);
    for ((_, title), list) in PARTS.iter().zip(lists) {
        let _ = write!(text, "\n## {title}\n\n{list}");
    }
    std::fs::write(site.join("llms.txt"), text)?;
    Ok(())
}

/// Returns the title of a page and its first sentence.
fn summary(page: &str) -> (String, String) {
    let body =
        page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(page, |(_, body)| body);
    let title = body.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default();
    let plain = |block: &&str| {
        block.starts_with(char::is_alphabetic) || (block.starts_with('`') && !block.starts_with("```"))
    };
    let first = body.split("\n\n").map(str::trim).find(plain).unwrap_or_default();
    let first = first.replace('\n', " ");
    let end = first.find(". ").map_or(first.len(), |at| at + 1);
    (title.to_owned(), first.get(..end).unwrap_or(&first).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_is_the_title_and_the_first_sentence() {
        let page = "---\nsearch:\n  boost: 1\n---\n\n# Errors\n\n```c\nx\n```\n\nWhat calls\nreturn. More.\n";
        assert_eq!(summary(page), ("Errors".into(), "What calls return.".into()));
    }
}
