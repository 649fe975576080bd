//! `cargo xtask nightly`: what takes too long for every change.

use super::parts::{Part, run_all};
use super::process::{cargo, run};
use anyhow::Result;
use std::process::ExitCode;

const PARTS: &[Part] = &[
    ("fuzz", || super::fuzz::run_command(&[], 60).map(drop)),
    ("ledger", || {
        core_tests(&["--release", "--test", "ledger"], &[("LEDGER_SEEDS", "20"), ("LEDGER_ITEMS", "4400")])
    }),
    ("simulation", || core_tests(&["--release", "--lib", "simulation"], &[("SIMULATION_SEEDS", "6000")])),
    ("instructions", || super::bench::run_command(&["instructions".to_owned()]).map(drop)),
    ("packages", || super::dist::run_command(&["crates".to_owned(), "reproducible".to_owned()]).map(drop)),
];

pub fn run_command() -> Result<ExitCode> {
    run_all("nightly", PARTS)?;
    Ok(ExitCode::SUCCESS)
}

fn core_tests(arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--package", "configcat-management"]).args(arguments);
    run(tests.envs(variables.iter().copied()))
}
