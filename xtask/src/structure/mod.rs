//! Checks the structure of the hand-written Rust code: imports without cycles, layers, short functions and files.

mod imports;
mod layers;
mod length;
mod modules;

use crate::support::files::files_below;
use crate::support::report;
use crate::support::workspace::{root, targets};
use anyhow::{Result, ensure};
use modules::Modules;
use std::path::PathBuf;

/// Fails with every cycle, forbidden import, long function and long file.
pub fn check() -> Result<()> {
    let mut problems = Vec::new();
    let targets = targets()?;
    for target in &targets {
        let modules = Modules::read(&target.source)?;
        let imports = imports::of(&modules);
        problems.extend(imports::cycles(&imports));
        problems.extend(layers::violations(&target.name, &modules, &imports));
        report::passed(2);
    }
    let sources = handwritten()?;
    let longest = length::check(&sources, &mut problems)?;
    report::passed(sources.len() as u64);
    report::note(&format!("{} targets, {} hand-written files; {longest}", targets.len(), sources.len()));
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// Returns every hand-written Rust file of the project.
fn handwritten() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for directory in ["bench", "bindings", "cli", "core", "examples", "fuzz", "simulator", "tests", "xtask"] {
        files_below(&root().join(directory), &mut files)?;
    }
    files.retain(|file| {
        let parts: Vec<_> = file.iter().filter_map(|part| part.to_str()).collect();
        let built = parts.iter().any(|part| matches!(*part, "target" | "generated" | "_generated" | "build"));
        file.extension().is_some_and(|extension| extension == "rs")
            && !built
            && !file.ends_with("generated.rs")
    });
    files.sort();
    Ok(files)
}
