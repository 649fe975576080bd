//! The service's evaluation SDKs and WireMock on the simulator, installed by package name.

use crate::support::npm;
use crate::support::process::{run_tests, step};
use crate::support::python::{Environment, Profile};
use crate::support::servers::simulator;
use anyhow::Result;
use std::path::PathBuf;

/// Versions that the tests were written with.
const NPM: [&str; 3] = ["wiremock@3.13.2", "@configcat/sdk@1.1.0", "@stoplight/prism-cli@5.16.0"];

/// The published SDKs read what our client wrote; WireMock answers from an export.
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

/// The directory of the npm packages, if npm could install them.
pub fn npm_packages() -> Result<Option<PathBuf>> {
    npm::packages("interop", &NPM, "the JavaScript SDK, WireMock and Prism did not run")
}
