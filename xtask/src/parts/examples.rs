//! Runs the examples, and checks that the README shows the quickstarts as they are.

use crate::support::build::products;
use crate::support::process::{run_check, step};
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::servers::Running;
use crate::support::workspace::{root, target};
use anyhow::{Result, ensure};
use std::process::Command;

/// What the quickstarts find: a product with a config to put flags into.
const SEED: &str = r#"{
    "organizations": [{
        "name": "Example",
        "products": [{ "name": "Shop", "environments": [{ "name": "Test" }], "configs": [{ "name": "Main" }] }]
    }]
}"#;

/// What the README shows.
const QUICKSTARTS: [&str; 6] = [
    "examples/rust/quickstart.rs",
    "examples/python/quickstart.py",
    "examples/c/quickstart.c",
    "examples/cpp/quickstart.cpp",
    "examples/kotlin/quickstart/src/main/kotlin/Quickstart.kt",
    "examples/swift/Quickstart/Sources/Quickstart/main.swift",
];

pub fn run_all() -> Result<()> {
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    for example in QUICKSTARTS {
        let text = std::fs::read_to_string(root().join(example))?;
        ensure!(readme.contains(&text), "the README does not show {example} as it is");
    }
    report::passed(QUICKSTARTS.len() as u64);
    let seed = target("quickstart-seed.json")?;
    std::fs::write(&seed, SEED)?;
    let simulator = Running::start(Profile::Dev, &["--seed", &seed.to_string_lossy()])?;
    let prepare = |command: &mut Command| {
        command.env("CONFIGCAT_API_USER", "simulator").env("CONFIGCAT_API_PASS", "simulator");
        command.env("CONFIGCAT_BASE_URL", &simulator.url);
    };
    step("examples/rust/quickstart.rs");
    let mut rust = Command::new(products()?.program("quickstart")?);
    prepare(&mut rust);
    run_check(&mut rust)?;
    step("examples/python/quickstart.py");
    let environment = Environment::prepare(Profile::Dev)?;
    let mut python = environment.python();
    prepare(python.arg("examples/python/quickstart.py"));
    run_check(&mut python)?;
    super::c::examples::run_all(&prepare)?;
    super::kotlin::run_examples(&prepare)?;
    super::swift::run_examples(&prepare)
}
