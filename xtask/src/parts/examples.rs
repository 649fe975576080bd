//! Runs the examples, and checks that README and docs show them as they are.

use crate::support::build::products;
use crate::support::process::{run_check, step};
use crate::support::python::{Environment, Profile};
use crate::support::report;
use crate::support::servers::Running;
use crate::support::workspace::root;
use anyhow::{Result, ensure};
use std::process::Command;

/// Quickstarts and other files that tests run, and the page that shows each.
const SHOWN: [(&str, &str); 11] = [
    ("examples/python/quickstart.py", "README.md"),
    ("examples/python/quickstart.py", "docs/python.md"),
    ("examples/rust/quickstart.rs", "docs/rust.md"),
    ("examples/c/quickstart.c", "docs/c.md"),
    ("examples/cpp/quickstart.cpp", "docs/cpp.md"),
    ("examples/kotlin/quickstart/src/main/kotlin/Quickstart.kt", "docs/kotlin.md"),
    ("examples/swift/Quickstart/Sources/Quickstart/main.swift", "docs/swift.md"),
    ("examples/rust/opentelemetry.rs", "docs/observability.md"),
    ("examples/python/observability.py", "docs/observability.md"),
    ("tests/kotlin/SpanObserver.kt", "docs/observability.md"),
    ("tests/swift/SpanObserver.swift", "docs/observability.md"),
];

pub fn run_all() -> Result<()> {
    for (example, page) in SHOWN {
        let text = std::fs::read_to_string(root().join(example))?;
        let shown = std::fs::read_to_string(root().join(page))?;
        ensure!(shown.contains(&text), "{page} does not show {example} as it is");
    }
    report::passed(SHOWN.len() as u64);
    // The seed that the README suggests.
    let simulator = Running::start(Profile::Dev, &["--seed", "demo"])?;
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
