//! Other people's tools on the simulator: schemathesis, the service's evaluation SDKs, WireMock. They are installed by
//! package name; one that cannot be had is skipped, and says so.

use super::process::{root, run, step};
use super::python_env::{Environment, Profile, simulator};
use super::servers::Running;
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Versions that the tests were written with.
const NPM: [&str; 3] = ["wiremock@3.13.2", "@configcat/sdk@1.1.0", "@stoplight/prism-cli@5.16.0"];
/// Seconds that schemathesis may take; more with `SCHEMATHESIS_SECONDS`.
const SECONDS: &str = "170";

/// The published SDKs read what our client has written; WireMock answers from an export.
pub fn sdks_and_wiremock() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(&["pytest>=8", "configcat-client==10.0.1"])?;
    let modules = npm_packages();
    let mut pytest = environment.python();
    pytest.args(["-m", "pytest", "-rs", "tests/interop"]);
    pytest.env("CONFIGCAT_SIMULATOR", simulator(Profile::Dev)?);
    pytest.env("INTEROP_NODE_MODULES", modules.unwrap_or_default());
    run(&mut pytest)
}

/// Where the npm packages are, if npm could install them.
pub fn npm_packages() -> Option<PathBuf> {
    install("interop-npm", &NPM).or_else(|| {
        println!("SKIPPED: the JavaScript SDK and WireMock, for npm could not install them");
        None
    })
}

/// Where one npm package is, if npm could install it.
pub fn npm_package(package: &str) -> Option<PathBuf> {
    install(package.split('@').next().unwrap_or(package), &[package])
}

fn install(folder: &str, packages: &[&str]) -> Option<PathBuf> {
    let folder = root().join("target/npm").join(folder);
    let _ = std::fs::create_dir_all(&folder);
    step("installing npm packages");
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--silent", "--prefix"])
        .arg(&folder)
        .args(packages);
    match run(&mut npm) {
        Ok(()) => Some(folder.join("node_modules")),
        Err(error) => {
            println!("npm install {}: {error:#}", packages.join(" "));
            None
        }
    }
}

/// schemathesis over every operation of the description, as the simulator serves it.
pub fn schemathesis() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(&["schemathesis==4.32.5"])?;
    let running = Running::start(Profile::Dev, &["--seed", "demo", "--journal", "0"])?;
    let seconds = std::env::var("SCHEMATHESIS_SECONDS").unwrap_or_else(|_| SECONDS.into());
    let document = std::env::var("SCHEMATHESIS_DOCUMENT")
        .unwrap_or_else(|_| format!("{}/swagger/v1/swagger.json", running.url));
    let mut command = environment.python();
    command.current_dir(root().join("tests/schemathesis"));
    command.args(["-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", &document]);
    // One worker: CPython 3.11 parses with several threads at its peril.
    command.args(["--url", &running.url, "--auth", "simulator:simulator", "--workers", "1", "--no-color"]);
    command.args(["--max-time", &seconds, "--warnings", "off"]);
    run(&mut command)
}
