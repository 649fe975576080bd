//! `cargo xtask demo`: runs a Python script against the simulator, with a rate limit that makes the script wait.

use crate::support::process::{run, step};
use crate::support::python::{Environment, Profile};
use crate::support::servers::Running;
use anyhow::Result;
use std::process::ExitCode;

/// 10 requests per 5 s: fewer than the script sends, so that it has to wait.
const RATE_LIMIT: &str = "10/5";

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
    run_demo()?;
    println!(
        "\nNext: create a Public API credential in the ConfigCat dashboard, set CONFIGCAT_API_USER and\n\
         CONFIGCAT_API_PASS, and run the same script with the wheel in your own environment:\n\
         \n    pip install .\n    python examples/python/flags_for_a_new_team.py"
    );
    Ok(ExitCode::SUCCESS)
}
