//! `cargo xtask nightly`: what takes too long for every change.

use super::process::{cargo, run, step};
use anyhow::{Result, bail};
use std::process::ExitCode;

type Part = fn() -> Result<()>;

const PARTS: &[(&str, Part)] = &[
    ("fuzz", || super::fuzz::run_command(&[], 60).map(drop)),
    ("ledger", || {
        core_tests(&["--release", "--test", "ledger"], &[("LEDGER_SEEDS", "20"), ("LEDGER_ITEMS", "4400")])
    }),
    ("simulation", || core_tests(&["--release", "--lib", "simulation"], &[("SIMULATION_SEEDS", "6000")])),
    ("instructions", || super::bench::run_command(&["instructions".to_owned()]).map(drop)),
    ("packages", || super::dist::run_command(&["crates".to_owned(), "reproducible".to_owned()]).map(drop)),
];

pub fn run_command() -> Result<ExitCode> {
    let mut failed = Vec::new();
    for (name, part) in PARTS {
        step(&format!("nightly: {name}"));
        if let Err(error) = part() {
            eprintln!("error: {error:#}");
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("failed: {}", failed.join(", "))
}

fn core_tests(arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--package", "configcat-management"]).args(arguments);
    run(tests.envs(variables.iter().copied()))
}
