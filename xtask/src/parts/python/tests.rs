//! The Python tests, on the package from the shared build.

use crate::support::process::{run_tests, step};
use crate::support::python::{Environment, Profile, TEST_PACKAGES};
use crate::support::servers::TestServers;
use anyhow::Result;

pub fn test() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(TEST_PACKAGES)?;
    let servers = TestServers::start()?;
    step("pytest");
    run_tests(servers.announce(environment.python().args(["-m", "pytest"])))
}
