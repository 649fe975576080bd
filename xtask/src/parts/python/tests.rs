//! The Python tests, on the package from the shared build.

use crate::support::process::{run_tests, step};
use crate::support::python::{Environment, Profile, TEST_PACKAGES};
use crate::support::servers::TestServers;
use anyhow::Result;

pub fn test() -> Result<()> {
    pytest(&Environment::prepare(Profile::Dev)?)
}

/// Runs the suite in an environment that has the package.
pub fn pytest(environment: &Environment) -> Result<()> {
    environment.require(TEST_PACKAGES)?;
    // Of its own: some of them misbehave only the first time.
    let servers = TestServers::start()?;
    step("pytest");
    let mut pytest = environment.python();
    // Most tests wait. Those of a file stay together: they share servers.
    pytest.args(["-m", "pytest", "-p", "no:cacheprovider", "--numprocesses=4", "--dist=worksteal"]);
    run_tests(servers.announce(&mut pytest))
}
