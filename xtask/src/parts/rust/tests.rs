//! The Rust tests of every crate, run from the shared build.

use crate::support::build::{everything, shared};
use crate::support::process::{Job, run_jobs, run_tests, step};
use crate::support::workspace::cargo;
use anyhow::Result;
use std::process::Command;

/// Runs the unit tests, the tests against servers, and the tests of xtask, which check that generated files are up to date.
pub fn test() -> Result<()> {
    let mut programs = everything()?.tests;
    // The longest one first, so that the others run concurrently with it.
    programs.sort_by_key(|test| !test.name.starts_with("simulator"));
    let mut jobs: Vec<Job> = programs
        .into_iter()
        .map(|test| {
            let mut command = Command::new(&test.program);
            command.arg("--quiet").current_dir(&test.directory);
            Job { name: test.name, command }
        })
        .collect();
    let mut xtask = cargo()?;
    xtask.args(["test", "--quiet", "--package", "xtask"]);
    jobs.push(Job { name: "xtask".to_owned(), command: xtask });
    step("running the test programs");
    run_jobs(jobs)
}

/// Runs the doc tests of the crates. rustdoc analyses each crate again for them, which takes longer than all other Rust tests.
pub fn documentation() -> Result<()> {
    step("examples in the documentation of the crates");
    run_tests(shared("test")?.args(["--quiet", "--doc"]))
}
