//! Builds the Python documentation in strict mode: a broken link is an error.

use crate::support::process::{run_check, step};
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::workspace::target;
use anyhow::Result;

const PACKAGES: [&str; 3] = ["mkdocs-material==9.8.1", "mkdocstrings-python==2.0.11", "black==26.10.1"];

/// Builds the pages into target/docs. Warnings are errors.
pub fn check() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(&PACKAGES)?;
    step("building the documentation");
    let mut mkdocs = environment.python();
    mkdocs.args(["-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", "docs/python/mkdocs.yml"]);
    run_check(mkdocs.arg("--site-dir").arg(target("docs")?).env("NO_MKDOCS_2_WARNING", "1"))?;
    report::note("the pages are in target/docs");
    Ok(())
}
