//! `cargo xtask setup`: installs the tools that the parts need in addition to Rust and Python.

use crate::parts::swift::{self, debian};
use crate::support::packages;
use crate::support::process::{run, step, succeeds};
use crate::support::toolbox::{TOOLS, Tool};
use crate::support::workspace::cargo;
use anyhow::Result;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

const CARGO_DENY: &str = "0.20.2";

/// Lists the missing tools and installs them, after a prompt unless `yes` is set. A failed installation is reported as a skip,
/// not as an error: the parts that need the tool report a skip too.
pub fn run_command(yes: bool) -> Result<ExitCode> {
    let missing: Vec<&Tool> = TOOLS.iter().filter(|tool| !tool.present()).collect();
    let deny = !succeeds(cargo()?.args(["deny", "--version"]));
    let swift = !swift::here() && !debian::folder().is_ok_and(|folder| debian::is_complete(&folder));
    for tool in &missing {
        println!("missing: {:<14}Debian package {:<24}for {}", tool.name, tool.package, tool.parts);
    }
    if deny {
        println!("missing: {:<14}cargo install cargo-deny        for lint licences", "cargo-deny");
    }
    if swift {
        println!("missing: {:<14}a Debian with Swift, 3.3 GB       for test swift, examples", "swift");
    }
    if missing.is_empty() && !deny && !swift {
        println!("nothing is missing");
        return Ok(ExitCode::SUCCESS);
    }
    if !yes && !confirmed()? {
        return Ok(ExitCode::FAILURE);
    }
    packages::install(&missing);
    if deny {
        let mut install = cargo()?;
        install.args(["install", "--quiet", "--locked", "cargo-deny", "--version", CARGO_DENY]);
        step("cargo install cargo-deny");
        // Not in the project's target directory: later builds would wait for its lock.
        packages::report_failure("cargo-deny", run(install.env_remove("CARGO_TARGET_DIR")));
    }
    if swift {
        packages::report_failure("Swift", debian::set_up());
    }
    Ok(ExitCode::SUCCESS)
}

/// Prompts on a terminal; elsewhere prints the option that skips the prompt.
fn confirmed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        println!("`cargo xtask setup --yes` installs all of it");
        return Ok(false);
    }
    print!("Install all of it? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
