//! Which file of the repository is which page of the site, and what a link between files refers to there.

use crate::support::files::files_below;
use anyhow::{Context as _, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Directories of pages, each with its place in the site. The first that contains a file decides.
const DIRECTORIES: [(&str, &str); 4] =
    [("docs/python/pages/", "python/"), ("docs/site/assets/", "assets/"), ("docs/site/", ""), ("docs/", "")];

/// Files outside of `docs/` that are pages, and pages that a link to a file or directory refers to instead.
const FILES: [(&str, &str); 10] = [
    ("CHANGELOG.md", "about/changelog.md"),
    ("SECURITY.md", "about/security.md"),
    ("CONTRIBUTING.md", "about/contributing.md"),
    ("ARCHITECTURE.md", "about/architecture.md"),
    ("LICENSE-MIT", "about/licence.md"),
    ("LICENSE-APACHE", "about/licence.md"),
    ("README.md", "index.md"),
    ("docs", "index.md"),
    ("docs/README.md", "languages.md"),
    ("docs/python/pages/reference/models-list.md", "python/reference/models-list.md"),
];

/// Files of `docs/` that are not part of the site.
const NOT_PAGES: [&str; 2] = ["docs/README.md", "docs/site/mkdocs.yml"];

/// Environment variable with the URL at which the repository can be browsed, for links to files that are not pages.
const REPOSITORY: &str = "DOCS_REPOSITORY";

/// Assignment of files to pages.
pub struct Layout {
    /// Paths in the repository, each with its path in the site.
    files: BTreeMap<String, String>,
    /// Where the repository can be browsed.
    repository: Option<String>,
    /// Files and directories of the repository that pages link to. Without a repository to link to, they become pages.
    sources: BTreeSet<String>,
}

impl Layout {
    /// Finds the pages of a repository.
    pub fn read(root: &Path, repository: Option<String>) -> Result<Self> {
        let mut found = Vec::new();
        files_below(&root.join("docs"), &mut found)?;
        let mut files = BTreeMap::new();
        for path in found {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let place =
                DIRECTORIES.iter().find_map(|(from, to)| Some(format!("{to}{}", name.strip_prefix(from)?)));
            if !NOT_PAGES.contains(&name.as_str()) {
                files.insert(name, place.context("a file of docs/ is not in docs/")?);
            }
        }
        for (file, page) in FILES
            .iter()
            .filter(|(file, page)| !file.contains('/') && page.starts_with("about/") && file.ends_with(".md"))
        {
            files.insert((*file).to_owned(), (*page).to_owned());
        }
        Ok(Self { files, repository, sources: BTreeSet::new() })
    }

    /// Returns the files with their places in the site.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(file, place)| (file.as_str(), place.as_str()))
    }

    /// Returns the files and directories that need pages because pages link to them.
    pub fn sources(&self) -> &BTreeSet<String> {
        &self.sources
    }

    /// Returns what a link of a file refers to, relative to the file's page.
    pub fn target(&mut self, root: &Path, file: &str, link: &str) -> Result<String> {
        let (path, anchor) =
            link.split_once('#').map_or((link, String::new()), |(p, a)| (p, format!("#{a}")));
        let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
        let path = normal(&format!("{directory}/{path}"));
        let page = self.files.get(file).with_context(|| format!("{file} is not a page"))?.clone();
        let alias = FILES.iter().find(|(known, _)| *known == path).map(|(_, page)| (*page).to_owned());
        if let Some(place) = self.files.get(&path).cloned().or(alias) {
            return Ok(relative(&page, &place) + &anchor);
        }
        ensure!(root.join(&path).exists(), "{file}: links to {path}, which does not exist");
        if let Some(repository) = &self.repository {
            let view = if root.join(&path).is_dir() { "tree" } else { "blob" };
            return Ok(format!("{repository}/{view}/main/{path}{anchor}"));
        }
        let place = source_page(&path);
        self.sources.insert(path);
        Ok(relative(&page, &place))
    }
}

/// Returns the URL at which the repository can be browsed, if it is known.
pub fn repository() -> Option<String> {
    let of_actions = || Some(format!("{}/{}", env("GITHUB_SERVER_URL")?, env("GITHUB_REPOSITORY")?));
    env(REPOSITORY).or_else(of_actions)
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the path of the page of a file or directory of the repository.
pub fn source_page(path: &str) -> String {
    format!("sources/{}.md", path.trim_end_matches('/'))
}

/// Resolves `.` and `..` in a path.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Returns the path of a page relative to another one.
pub fn relative(from: &str, to: &str) -> String {
    "../".repeat(from.matches('/').count()) + to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::workspace::root;

    fn target(file: &str, link: &str, repository: Option<&str>) -> Result<String> {
        Layout::read(&root(), repository.map(str::to_owned))?.target(&root(), file, link)
    }

    #[test]
    fn links_between_pages_follow_their_places() {
        assert_eq!(target("docs/c.md", "python/pages/data.md#types", None).unwrap(), "python/data.md#types");
        assert_eq!(
            target("docs/python/pages/jobs/rollout-in-steps.md", "../../../c.md", None).unwrap(),
            "../../c.md"
        );
        assert_eq!(
            target("docs/c.md", "../CONTRIBUTING.md#style", None).unwrap(),
            "about/contributing.md#style"
        );
        assert_eq!(target("CHANGELOG.md", "docs/changes.md", None).unwrap(), "../changes.md");
    }

    #[test]
    fn links_to_sources_go_to_the_repository_or_to_a_copy() {
        let file = "../examples/c/quickstart.c";
        let known = Some("https://forge.example/x");
        assert_eq!(target("docs/c.md", file, None).unwrap(), "sources/examples/c/quickstart.c.md");
        assert_eq!(
            target("docs/c.md", file, known).unwrap(),
            "https://forge.example/x/blob/main/examples/c/quickstart.c"
        );
        assert!(target("docs/c.md", "../examples/nothing.c", None).is_err());
    }
}
