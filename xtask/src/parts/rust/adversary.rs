//! Makes all tries of the attacks, in an optimized build: some bounds are times.

use crate::support::process::{run_check, run_tests};
use crate::support::workspace::cargo;
use anyhow::Result;
use std::process::Command;

fn command() -> Result<Command> {
    let mut tests = cargo()?;
    tests
        .args(["test", "--quiet", "--profile", "attacked", "--package", "adversary"])
        .env("ADVERSARY", "whole");
    Ok(tests)
}

pub fn test() -> Result<()> {
    run_tests(&mut command()?)
}

/// Writes docs/security-tests.md from a run.
pub fn update() -> Result<()> {
    run_check(command()?.env("UPDATE_SECURITY", "1"))
}
