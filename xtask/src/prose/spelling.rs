//! Runs typos, a spelling checker for source code.

use crate::support::process::run_check;
use crate::support::python::Environment;
use crate::support::report;
use crate::support::workspace::root;
use anyhow::Result;
use std::process::Command;

/// PyPI has the program for every platform.
const TYPOS: &str = "typos==1.52.0";

/// Fails with every misspelt word. Skipped if typos cannot be installed.
pub fn check() -> Result<()> {
    let environment = Environment::tools()?;
    if let Err(error) = environment.require(&[TYPOS]) {
        report::skip(&format!("typos cannot be installed, so that spelling was not checked: {error:#}"));
        return Ok(());
    }
    let mut typos = Command::new("typos");
    typos.current_dir(root()).env("PATH", environment.path()?).args(["--format", "brief", "."]);
    run_check(&mut typos)
}
