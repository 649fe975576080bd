//! `cargo xtask update`: writes down what is now, where a check compares with what was written down before.

use crate::parts::{bench, c};
use crate::support::process::run_check;
use crate::support::workspace::cargo;
use anyhow::Result;
use clap::ValueEnum;

/// What is written down.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kept {
    /// The C ABI, in tests/c/abi.
    Abi,
    /// The table in docs/faults.md.
    Faults,
    /// The tables and pictures of docs/pacing.md.
    Pacing,
    /// The counts in bench/instructions.json.
    Instructions,
}

pub fn run(kept: Kept) -> Result<()> {
    match kept {
        Kept::Abi => c::abi::update(),
        Kept::Faults => test("UPDATE_FAULTS", &["--package", "fault-server", "rust::"]),
        Kept::Pacing => test("UPDATE_PACING", &["--package", "configcat-management", "--lib", "scale_tests"]),
        Kept::Instructions => bench::update_instructions(),
    }
}

/// Runs the tests that write a file when a variable is set.
fn test(variable: &str, arguments: &[&str]) -> Result<()> {
    run_check(cargo()?.args(["test", "--quiet"]).args(arguments).env(variable, "1"))
}
