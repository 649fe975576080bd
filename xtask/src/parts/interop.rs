//! Tests of the simulator with the ConfigCat evaluation SDKs and WireMock, installed from package registries.

use crate::support::npm;
use crate::support::process::{run_tests, step};
use crate::support::python::{Environment, Profile};
use crate::support::servers::simulator;
use anyhow::Result;
use std::path::PathBuf;

/// Packages, pinned to the versions that the tests were written for.
const NPM: [&str; 3] = ["wiremock@3.13.2", "@configcat/sdk@1.1.0", "@stoplight/prism-cli@5.16.0"];

/// Checks that the published SDKs read flags written by our client, and that WireMock serves an export of the simulator.
pub fn sdks_and_wiremock() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(&["pytest>=8", "configcat-client==10.0.1"])?;
    let modules = npm_packages()?;
    let mut pytest = environment.python();
    pytest.args(["-m", "pytest", "-rs", "tests/interop"]);
    pytest.env("CONFIGCAT_SIMULATOR", simulator(Profile::Dev)?);
    pytest.env("INTEROP_NODE_MODULES", modules.unwrap_or_default());
    step("pytest");
    run_tests(&mut pytest)
}

/// Returns the directory of the npm packages; `None` if npm cannot install them.
pub fn npm_packages() -> Result<Option<PathBuf>> {
    npm::packages("interop", &NPM, "the JavaScript SDK, WireMock and Prism did not run")
}
