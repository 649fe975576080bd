//! Runs the quickstarts, and sees to it that the README shows them as they are.

use super::process::{cargo, root, run};
use super::python_env::{Environment, Profile};
use super::servers::Running;
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
    let seed = root().join("target/quickstart-seed.json");
    std::fs::write(&seed, SEED)?;
    let simulator = Running::start(Profile::Dev, &["--seed", &seed.to_string_lossy()])?;
    let prepare = |command: &mut Command| {
        command.env("CONFIGCAT_API_USER", "simulator").env("CONFIGCAT_API_PASS", "simulator");
        command.env("CONFIGCAT_BASE_URL", &simulator.url);
    };
    let mut rust = cargo();
    rust.args(["run", "--quiet", "--package", "configcat-management", "--example", "quickstart"]);
    prepare(&mut rust);
    run(&mut rust)?;
    let environment = Environment::prepare(Profile::Dev)?;
    let mut python = environment.python();
    prepare(python.arg("examples/python/quickstart.py"));
    run(&mut python)?;
    super::c_examples::run_all(&prepare)?;
    super::kotlin::run_examples(&prepare)?;
    super::swift::run_examples(&prepare)
}
