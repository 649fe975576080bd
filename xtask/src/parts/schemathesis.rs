//! Runs schemathesis on every operation of the spec, as served by the simulator.

use crate::support::process::{run_check, step};
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::servers::Running;
use crate::support::workspace::root;
use anyhow::Result;

/// Default time limit for schemathesis, in seconds; `SCHEMATHESIS_SECONDS` overrides it.
const SECONDS: &str = "170";

pub fn test() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(&["schemathesis==4.32.5"])?;
    let running = Running::start(Profile::Dev, &["--seed", "demo", "--journal", "0"])?;
    let seconds = std::env::var("SCHEMATHESIS_SECONDS").unwrap_or_else(|_| SECONDS.into());
    let document = std::env::var("SCHEMATHESIS_DOCUMENT")
        .unwrap_or_else(|_| format!("{}/swagger/v1/swagger.json", running.url));
    let mut command = environment.python();
    command.current_dir(root().join("tests/schemathesis"));
    command.args(["-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", &document]);
    // One worker, because parsing in several threads can crash CPython 3.11.
    command.args(["--url", &running.url, "--auth", "simulator:simulator", "--workers", "1", "--no-color"]);
    command.args(["--max-time", &seconds, "--warnings", "off"]);
    step("schemathesis");
    let start = report::log_length();
    run_check(&mut command)?;
    let output = report::log_since(start)?;
    for line in output.lines().filter(|line| line.contains("generated") || line.contains("passed")) {
        report::note(line.trim());
    }
    Ok(())
}
