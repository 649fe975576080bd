//! `docs/simulator-fidelity.md`: each rule of the simulator and its source, from annotations in the simulator's comments.

mod annotations;
mod items;
mod page;
mod rights;
mod sections;
mod sources;

use crate::model::{Api, build};
use crate::support::report;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use sources::{SourceFile, read};
use std::path::Path;

pub const PAGE: &str = "docs/simulator-fidelity.md";

/// Returns the text of the page. Fails if an annotation is malformed, or its file has no section.
pub fn page(root: &Path, api: &Api) -> Result<String> {
    let files = read(root, api)?;
    let problems: Vec<String> = files.iter().flat_map(SourceFile::problems).collect();
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    page::write(api, &files)
}

/// Fails with every malformed annotation, and every rule without one.
pub fn check() -> Result<()> {
    let root = root();
    let spec = std::fs::read_to_string(root.join("api/openapi.yaml"))?;
    let (_, api) = build::read(&spec, "api/openapi.yaml")?;
    let files = read(&root, &api)?;
    let mut problems: Vec<String> = files.iter().flat_map(SourceFile::problems).collect();
    for file in &files {
        problems.extend(file.unannotated().with_context(|| file.name.clone())?);
    }
    let rules: usize = files.iter().map(|file| file.scan.annotations.len()).sum();
    report::passed(files.len() as u64);
    report::note(&format!("{rules} rules in {} files", files.len()));
    let advice = "CONTRIBUTING.md, \"Rules of the simulator\", explains the annotations";
    ensure!(problems.is_empty(), "{} problems; {advice}\n{}", problems.len(), problems.join("\n"));
    Ok(())
}
