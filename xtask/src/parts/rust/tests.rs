//! The Rust tests of every crate, run from the shared build.

use crate::support::build::{everything, shared};
use crate::support::process::{Job, run_jobs, run_tests, step};
use crate::support::workspace::cargo;
use anyhow::Result;
use std::process::Command;

/// Unit tests, tests against servers, and those of xtask, among them that generated files are up to date.
pub fn test() -> Result<()> {
    let mut programs = everything()?.tests;
    // The longest one first, so that the others run beside it.
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

/// The examples in the documentation of the crates. rustdoc analyses each crate anew for them, which takes longer than all
/// other tests of Rust.
pub fn documentation() -> Result<()> {
    step("examples in the documentation of the crates");
    run_tests(shared("test")?.args(["--quiet", "--doc"]))
}
