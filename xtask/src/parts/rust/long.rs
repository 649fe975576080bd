//! Seeded tests with more seeds than a change can wait for.

use crate::support::process::run_tests;
use crate::support::workspace::cargo;
use anyhow::Result;

/// Compares what the client reported of 10,000 calls per seed with what was done.
pub fn ledger() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--release", "--package", "rust-tests", "ledger"]);
    run_tests(tests.env("LEDGER_SEEDS", "20").env("LEDGER_ITEMS", "4400"))
}

/// Plays a million requests through the pipeline in virtual time.
pub fn simulation() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--release", "--package", "configcat-management", "--lib", "simulation"]);
    run_tests(tests.env("SIMULATION_SEEDS", "6000"))
}

/// Kills the simulator 60 times while writes are on their way, and looks for what was acknowledged.
pub fn kept() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--package", "configcat-simulator", "--test", "suite", "kept"]);
    run_tests(tests.env("KEPT_ROUNDS", "60"))
}
