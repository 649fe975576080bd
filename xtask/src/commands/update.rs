//! `cargo xtask update`: updates the snapshots that checks compare with.

use crate::parts::{bench, browser, c, rust};
use crate::support::process::run_check;
use crate::support::workspace::cargo;
use anyhow::Result;
use clap::ValueEnum;

/// Snapshot to update.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kept {
    /// The C ABI, in tests/c/abi.
    Abi,
    /// The table in docs/faults.md.
    Faults,
    /// The tables and figures of docs/pacing.md.
    Pacing,
    /// The tables in docs/security-tests.md.
    Security,
    /// The pictures of the simulator's console in docs/images.
    Console,
    /// The counts in bench/instructions.json.
    Instructions,
    /// The figures and charts of docs/performance.md, from target/bench.json.
    Performance,
    /// The charts of docs/performance.md, drawn again from the figures in them.
    Charts,
}

pub fn run(kept: Kept) -> Result<()> {
    match kept {
        Kept::Abi => c::abi::update(),
        Kept::Faults => test("UPDATE_FAULTS", &["--package", "fault-server", "rust::"]),
        Kept::Pacing => test("UPDATE_PACING", &["--package", "configcat-management", "--lib", "scale_tests"]),
        Kept::Security => rust::adversary::update(),
        Kept::Console => browser::update(),
        Kept::Instructions => bench::update_instructions(),
        Kept::Performance => bench::write_page(None),
        Kept::Charts => bench::redraw_charts(),
    }
}

/// Runs the tests that write a file when a variable is set.
fn test(variable: &str, arguments: &[&str]) -> Result<()> {
    run_check(cargo()?.args(["test", "--quiet"]).args(arguments).env(variable, "1"))
}
