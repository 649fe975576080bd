//! `cargo xtask drift FILE`: compares the spec with another OpenAPI document.

use crate::drift::{Subject, compare};
use crate::model::build::parse;
use crate::support::workspace::root;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
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
        "{} of {} operations are affected; {} facts compared, {} differ",
        report.affected,
        report.operations,
        report.facts,
        report.changes.len()
    );
    let subjects: BTreeSet<Subject> = report.changes.iter().map(|change| change.subject).collect();
    for subject in subjects {
        println!("{}", subject.recipe());
    }
    Ok(if report.changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
