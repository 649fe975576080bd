//! Commands that are made of parts, some or all of which run.

use super::process::step;
use anyhow::{Result, bail};

/// A part by its name.
pub type Part = (&'static str, fn() -> Result<()>);

/// The parts that were named, or all where none was.
pub fn chosen(parts: &'static [Part], names: &[String]) -> Result<Vec<&'static Part>> {
    if let Some(name) = names.iter().find(|name| !parts.iter().any(|(part, _)| part == name)) {
        let known: Vec<&str> = parts.iter().map(|(part, _)| *part).collect();
        bail!("there is no part {name}; the parts are {}", known.join(", "));
    }
    let wanted = |part: &&Part| names.is_empty() || names.iter().any(|name| name == part.0);
    Ok(parts.iter().filter(wanted).collect())
}

/// Runs every part, whatever became of those before; fails with the names of those that failed.
pub fn run_all<'a>(what: &str, parts: impl IntoIterator<Item = &'a Part>) -> Result<()> {
    let mut failed = Vec::new();
    for (name, part) in parts {
        step(&format!("{what}: {name}"));
        if let Err(error) = part() {
            eprintln!("error: {error:#}");
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("{what} failed: {}", failed.join(", "))
}
