//! `cargo xtask demo`: runs a Python script against the simulator, with a rate limit that makes the script wait.

use crate::support::process::{run, step};
use crate::support::python::{Environment, Profile};
use crate::support::servers::Running;
use anyhow::Result;
use std::process::ExitCode;

/// 10 requests per 5 s: fewer than the script sends, so that it has to wait.
const RATE_LIMIT: &str = "10/5";

const INTRODUCTION: &str = "\
This demo shows a deployment script that creates a product with environments, a config and flags, and switches
a flag on for some people. The simulator allows 10 requests per 5 s, and the script sends more: the client waits,
so that no request is rejected. At the end, the script prints the flags and their values as a grid.

To run the same script with your account, create a Public API credential in the ConfigCat dashboard, set
CONFIGCAT_API_USER and CONFIGCAT_API_PASS, and use the wheel in your own environment:

    pip install .
    python examples/python/flags_for_a_new_team.py";

pub fn run_demo() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    let simulator = Running::start(Profile::Dev, &["--rate-limit", RATE_LIMIT])?;
    step(&format!("simulator at {}, 10 requests per 5 s", simulator.url));
    step("examples/python/flags_for_a_new_team.py");
    let mut script = environment.python();
    script
        .arg("examples/python/flags_for_a_new_team.py")
        .env("CONFIGCAT_API_USER", "simulator")
        .env("CONFIGCAT_API_PASS", "simulator")
        .env("CONFIGCAT_BASE_URL", &simulator.url);
    run(&mut script)
}

pub fn run_command() -> Result<ExitCode> {
    println!("{INTRODUCTION}\n");
    run_demo()?;
    Ok(ExitCode::SUCCESS)
}
