//! `cargo xtask drift FILE`: how the description differs from another OpenAPI document.

use crate::drift::compare;
use crate::model::build::parse;
use crate::support::workspace::root;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::ExitCode;

pub fn run(file: &Path) -> Result<ExitCode> {
    let read = |path: &Path| -> Result<_> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        parse(&text).with_context(|| path.display().to_string())
    };
    let ours = read(&root().join("api/openapi.yaml"))?;
    let theirs = read(file)?;
    let report = compare(&ours, &theirs)?;
    for change in &report.changes {
        println!("{change}");
    }
    println!(
        "{} of {} operations are the same; {} facts compared, {} differ",
        report.same,
        report.operations,
        report.facts,
        report.changes.len()
    );
    Ok(if report.changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
