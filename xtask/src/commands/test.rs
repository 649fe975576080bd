//! `cargo xtask test`: every test, with what it needs set up by itself.

use super::process::{cargo, root, run, step};
use super::python_env::{Environment, Profile, TEST_PACKAGES};
use super::servers::TestServers;
use anyhow::{Result, bail};
use std::process::ExitCode;

type Part = fn() -> Result<()>;

/// The parts in the order in which they run; a binding to come adds its own.
const PARTS: &[(&str, Part)] = &[
    ("rust", rust),
    ("shuttle", shuttle),
    ("python", python),
    ("c", super::c::test),
    ("kotlin", super::kotlin::test),
    ("swift", super::swift::test),
    ("examples", super::examples::run_all),
    ("docs", super::docs::build),
    ("dist", super::dist::build),
    ("dist-c", super::c_dist::build),
    ("interop", super::interop::sdks_and_wiremock),
    ("schemathesis", super::interop::schemathesis),
];

pub fn run_command(chosen: &[String]) -> Result<ExitCode> {
    for name in chosen {
        if !PARTS.iter().any(|(part, _)| part == name) {
            let known: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
            bail!("there is no part {name}; the parts are {}", known.join(", "));
        }
    }
    let mut failed = Vec::new();
    for (name, part) in PARTS {
        if chosen.is_empty() || chosen.iter().any(|c| c == name) {
            step(&format!("tests: {name}"));
            if let Err(error) = part() {
                eprintln!("error: {error:#}");
                failed.push(*name);
            }
        }
    }
    if failed.is_empty() {
        println!("==> all tests passed");
        return Ok(ExitCode::SUCCESS);
    }
    bail!("tests failed: {}", failed.join(", "))
}

fn rust() -> Result<()> {
    let mut tests = cargo();
    tests.args([
        "test",
        "--package",
        "configcat-management",
        "--package",
        "configcat-simulator",
        "--package",
        "configcat-management-ffi",
        "--package",
        "configcat-management-bindgen",
        "--package",
        "fault-server",
        "--package",
        "xtask",
    ]);
    run(&mut tests)
}

/// The gate in many orders of events.
fn shuttle() -> Result<()> {
    let mut tests = cargo();
    tests.args([
        "test",
        "--package",
        "configcat-management",
        "--no-default-features",
        "--lib",
        "shuttle_tests",
    ]);
    // Everything is built differently, and apart from the rest.
    tests.arg("--target-dir").arg(root().join("target/shuttle")).env("RUSTFLAGS", "--cfg shuttle");
    run(&mut tests)
}

fn python() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(TEST_PACKAGES)?;
    environment.require(&["mypy==2.4.1", "typing_extensions"])?;
    run(TestServers::start()?.announce(environment.python().args(["-m", "pytest"])))?;
    super::python_types::check(&environment)
}
