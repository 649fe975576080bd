//! The documentation as a site: pages of `docs/`, guides with a tab per language, and a reference per language by its own tool.
//!
//! The site is in `target/docs`, with a directory per version. Files of the repository become pages in `target/site` first.

pub mod check;
mod layout;
mod llms;
mod markdown;
mod page;
mod python;
pub mod reference;
mod stage;

use crate::support::files::{files_below, mirror};
use crate::support::process::{run_check, step};
use crate::support::python::Environment;
use crate::support::report;
use crate::support::workspace::target;
use anyhow::Result;
use std::path::{Path, PathBuf};

const PACKAGES: [&str; 3] = ["mkdocs-material==9.8.1", "mkdocstrings-python==2.0.11", "black==26.10.1"];
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Modules of the Python package whose names are private, with the public name of what they contain.
const PUBLIC: [(&str, &str); 8] = [
    ("configcat_management._generated.enums", "configcat_management.enums"),
    ("configcat_management._generated.rules", "configcat_management.when"),
    ("configcat_management._generated", "configcat_management"),
    ("configcat_management._errors", "configcat_management"),
    ("configcat_management._read_only", "configcat_management.types"),
    ("configcat_management._types", "configcat_management.types"),
    ("configcat_management._client", "configcat_management"),
    ("configcat_management._list", "configcat_management"),
];

/// Builds the pages. Warnings of MkDocs, such as broken links, are errors. The references have to be built before.
pub fn build() -> Result<()> {
    let environment = Environment::tools()?;
    environment.require(&PACKAGES)?;
    let references = reference::built()?;
    for reference in references.iter().filter(|reference| reference.folder.is_none()) {
        report::skip(&format!("the site has no reference for {}: {}", reference.title, reference.advice()));
    }
    let site = folder()?;
    step("writing the pages");
    let configuration = stage::write(&target("site")?, &site, VERSION, &references)?;
    step("mkdocs build");
    let mut mkdocs = environment.python();
    mkdocs.args(["-m", "mkdocs", "build", "--strict", "--quiet", "--config-file"]).arg(configuration);
    run_check(mkdocs.env("NO_MKDOCS_2_WARNING", "1"))?;
    rename_to_public(&site)?;
    for reference in &references {
        if let Some(folder) = &reference.folder {
            mirror(folder, &site.join("reference").join(reference.name), |_| false)?;
        }
    }
    llms::write(&target("site")?.join("pages"), &site)?;
    write_versions(&target("docs")?)?;
    report::note(&format!("the site is in {}", target("docs")?.display()));
    Ok(())
}

/// Returns the directory of this version of the site.
pub fn folder() -> Result<PathBuf> {
    target(Path::new("docs").join(VERSION))
}

/// Replaces the names of private modules in the pages by those that programs import.
fn rename_to_public(site: &Path) -> Result<()> {
    let mut files = Vec::new();
    files_below(site, &mut files)?;
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "html" || e == "json")) {
        let text = std::fs::read_to_string(file)?;
        let public =
            PUBLIC.iter().fold(text.clone(), |text, (private, public)| text.replace(private, public));
        if public != text {
            std::fs::write(file, public)?;
        }
    }
    Ok(())
}

/// Writes the list of versions, and the page that leads to the newest one. Directories of other versions stay.
fn write_versions(docs: &Path) -> Result<()> {
    let mut versions = Vec::new();
    for entry in std::fs::read_dir(docs)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let number: Option<Vec<u32>> = name.split('.').map(|part| part.parse().ok()).collect();
        if let Some(number) = number.filter(|_| entry.path().join("index.html").exists()) {
            versions.push((number, name));
        }
    }
    versions.sort_by(|a, b| b.cmp(a));
    let list =
        versions.iter().map(|(_, name)| serde_json::json!({"version": name, "title": name, "aliases": []}));
    std::fs::write(docs.join("versions.json"), serde_json::to_string(&list.collect::<Vec<_>>())?)?;
    let newest = versions.first().map_or(VERSION, |(_, name)| name);
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>configcat-management</title>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={newest}/\">\n<p><a href=\"{newest}/\">Version {newest}</a></p>\n</html>\n"
    );
    std::fs::write(docs.join("index.html"), page)?;
    Ok(())
}
