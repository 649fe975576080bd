//! `cargo xtask test`: every test, with what it needs set up by itself.

use super::parts::{self, Part, run_all};
use super::process::{cargo, root, run};
use super::python_env::{Environment, Profile, TEST_PACKAGES};
use super::servers::TestServers;
use anyhow::Result;
use std::process::ExitCode;

/// The parts in the order in which they run; a binding to come adds its own.
const PARTS: &[Part] = &[
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
    run_all("tests", parts::chosen(PARTS, chosen)?)?;
    println!("==> all tests passed");
    Ok(ExitCode::SUCCESS)
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
