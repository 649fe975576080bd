//! Seeded tests with more seeds than are feasible for every change.

use crate::support::process::run_tests;
use crate::support::workspace::cargo;
use anyhow::Result;

/// Makes 10,000 calls per seed under faults, and compares the results that the client reported with what the server executed.
pub fn ledger() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--release", "--package", "rust-tests", "ledger"]);
    run_tests(tests.env("LEDGER_SEEDS", "20").env("LEDGER_ITEMS", "4400"))
}

/// Simulates a million requests through the pipeline in virtual time.
pub fn simulation() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--release", "--package", "configcat-management", "--lib", "simulation"]);
    run_tests(tests.env("SIMULATION_SEEDS", "6000"))
}

/// Writes back what was read, and plants what was exported, in 200 random states of the simulator.
pub fn states() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--package", "configcat-simulator", "--test", "suite", "--"]);
    run_tests(tests.args(["write_back", "exported_seed"]).env("RANDOM_STATES", "200"))
}

/// Kills the simulator 60 times during writes, and checks that acknowledged writes are preserved.
pub fn kept() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--package", "configcat-simulator", "--test", "suite", "kept"]);
    run_tests(tests.env("KEPT_ROUNDS", "60"))
}
