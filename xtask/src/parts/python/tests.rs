//! The Python tests, with the package from the shared build.

use crate::support::process::{run_tests, step};
use crate::support::python::{Environment, Profile, TEST_PACKAGES};
use crate::support::servers::TestServers;
use anyhow::Result;

pub fn test() -> Result<()> {
    pytest(&Environment::prepare(Profile::Dev)?)
}

/// Runs the test suite in an environment with the package.
pub fn pytest(environment: &Environment) -> Result<()> {
    environment.require(TEST_PACKAGES)?;
    // Not shared with other parts, because some servers inject a fault only the first time.
    let servers = TestServers::start()?;
    step("pytest");
    let mut pytest = environment.python();
    // Most tests spend their time waiting. Tests of the same file share servers, so they should run in the same worker.
    pytest.args(["-m", "pytest", "-p", "no:cacheprovider", "--numprocesses=4", "--dist=worksteal"]);
    run_tests(servers.announce(&mut pytest))
}
