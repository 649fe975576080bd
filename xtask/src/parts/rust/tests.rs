//! The Rust tests of every crate, run from the shared build.

use crate::support::build::{everything, shared};
use crate::support::process::{Job, run_jobs, run_tests, step};
use crate::support::workspace::cargo;
use anyhow::Result;
use std::process::Command;

/// Unit tests, tests against servers, documentation tests, and those of xtask, among them `codegen --check`.
pub fn test() -> Result<()> {
    let mut programs = everything()?.tests;
    // The longest one first, so that the others run beside it.
    programs.sort_by_key(|test| !test.name.starts_with("simulator"));
    let jobs = programs.into_iter().map(|test| {
        let mut command = Command::new(&test.program);
        command.arg("--quiet").current_dir(&test.directory);
        Job { name: test.name, command }
    });
    run_jobs(jobs.collect())?;
    step("documentation tests");
    run_tests(shared("test")?.args(["--quiet", "--doc"]))?;
    step("tests of xtask");
    run_tests(cargo()?.args(["test", "--quiet", "--package", "xtask"]))
}
