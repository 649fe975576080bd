//! Writes the pages and the configuration from which MkDocs builds the site.

use super::layout::{Layout, repository, source_page};
use super::page::Page;
use super::reference::Reference;
use super::{markdown, python};
use crate::support::workspace::root;
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Pages that a search finds before or after others, or not at all (0), by the beginning of their path: the first that matches
/// decides.
const BOOSTS: [(&str, f64); 17] = [
    ("recipes/", 9.0),
    ("guides/index.md", 0.3),
    ("guides/", 8.0),
    ("python/jobs/", 2.5),
    ("python/reference/", 0.2),
    ("python/", 1.0),
    ("about/support.md", 2.0),
    ("about/", 0.2),
    ("parity.md", 0.0),
    ("simulator-fidelity.md", 0.0),
    ("security-tests.md", 0.0),
    ("sources/", 0.0),
    ("faults.md", 0.5),
    ("pacing.md", 0.5),
    ("glossary.md", 0.5),
    ("performance.md", 0.7),
    ("", 2.0),
];
/// Languages of blocks of code, by the ending of a file.
const HIGHLIGHTED: [&str; 14] =
    ["c", "cpp", "go", "h", "hpp", "java", "json", "kt", "md", "py", "rs", "swift", "toml", "yaml"];

/// Writes everything into a directory, whose subdirectory `pages` has the pages, and returns the path of the configuration.
pub fn write(folder: &Path, site: &Path, version: &str, references: &[Reference]) -> Result<PathBuf> {
    let pages = folder.join("pages");
    let _ = std::fs::remove_dir_all(&pages);
    let mut layout = Layout::read(&root(), repository())?;
    let files: Vec<(String, String)> = layout.files().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    for (file, place) in &files {
        let to = pages.join(place);
        std::fs::create_dir_all(to.parent().unwrap_or(&pages))?;
        if !place.ends_with(".md") {
            std::fs::copy(root().join(file), to)?;
            continue;
        }
        let text = std::fs::read_to_string(root().join(file)).with_context(|| file.clone())?;
        let mut text = markdown::convert(&text, &mut |link| layout.target(&root(), file, link))
            .with_context(|| file.clone())?;
        for reference in references {
            text = text.replace(&format!("@{}@", reference.name), &reference.link(place));
        }
        save(&pages, &Page { path: place.clone(), text })?;
    }
    for page in python::pages()? {
        save(&pages, &page)?;
    }
    save(&pages, &licence()?)?;
    for path in layout.sources() {
        save(&pages, &source(path)?)?;
    }
    configure(folder, site, version)
}

/// Writes a page, with its rank in the results of a search.
fn save(pages: &Path, page: &Page) -> Result<()> {
    let boost =
        BOOSTS.iter().find(|(start, _)| page.path.starts_with(start)).map_or(1.0, |(_, boost)| *boost);
    let search = if boost == 0.0 { "exclude: true".into() } else { format!("boost: {boost}") };
    let to = pages.join(&page.path);
    std::fs::create_dir_all(to.parent().unwrap_or(pages))?;
    std::fs::write(&to, format!("---\nsearch:\n  {search}\n---\n\n{}", page.text))?;
    Ok(())
}

fn licence() -> Result<Page> {
    let mut text = String::from("# Licence\n\nMIT or Apache-2.0, at your choice.\n");
    for (title, file) in [("MIT", "LICENSE-MIT"), ("Apache-2.0", "LICENSE-APACHE")] {
        let licence = std::fs::read_to_string(root().join(file))?;
        let _ = write!(text, "\n## {title}\n\n```text\n{}\n```\n", licence.trim_end());
    }
    Ok(Page { path: "about/licence.md".into(), text })
}

/// Returns the page of a file or a directory of the repository.
fn source(path: &str) -> Result<Page> {
    let from = root().join(path);
    let mut text = format!("# {path}\n\n");
    if from.is_dir() {
        let mut names: Vec<String> = std::fs::read_dir(&from)?
            .map(|entry| {
                let entry = entry?;
                let slash = if entry.path().is_dir() { "/" } else { "" };
                Ok(format!("- `{}{slash}`\n", entry.file_name().to_string_lossy()))
            })
            .collect::<Result<_>>()?;
        names.sort();
        text += &format!("A directory of the repository, with:\n\n{}", names.concat());
    } else {
        let content = std::fs::read_to_string(&from).with_context(|| path.to_owned())?;
        let ending = path.rsplit('.').next().unwrap_or_default();
        let language = if HIGHLIGHTED.contains(&ending) { ending } else { "text" };
        // A fence that is longer than those in the file.
        let _ =
            write!(text, "A file of the repository.\n\n``````{language}\n{}\n``````\n", content.trim_end());
    }
    Ok(Page { path: source_page(path), text })
}

/// Writes the configuration of MkDocs.
fn configure(folder: &Path, site: &Path, version: &str) -> Result<PathBuf> {
    let template = std::fs::read_to_string(root().join("docs/site/mkdocs.yml"))?;
    let resources = python::names()?
        .iter()
        .map(|name| format!("              - {name}: python/reference/resources/{name}.md\n"))
        .collect::<String>();
    let repository =
        repository().map_or_else(String::new, |url| format!("repo_url: {url}\nrepo_name: Source"));
    let text = template
        .replace("@site_dir@", &site.display().to_string())
        .replace("@python@", &root().join("bindings/python/python").display().to_string())
        .replace("@version@", version)
        .replace("@repository@", &repository)
        .replace("@resources@", resources.trim_end());
    let path = folder.join("mkdocs.yml");
    std::fs::write(&path, text)?;
    Ok(path)
}
