//! Runs type checkers on the Python package, its examples, and a file that uses every method.

use crate::support::npm;
use crate::support::process::{run_check, step};
use crate::support::python::{Environment, Profile, TEST_PACKAGES};
use crate::support::workspace::{root, target};
use anyhow::Result;
use std::process::Command;

const PYRIGHT: &str = "pyright@1.1.414";

/// Runs every type checker; reports a skip for one that is not available.
pub fn check() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(TEST_PACKAGES)?;
    environment.require(&["mypy==2.4.1", "typing_extensions"])?;
    step("mypy --strict over the package, its examples and every method");
    let cache = target("mypy")?;
    let mypy = || {
        let mut mypy = environment.python();
        mypy.args(["-m", "mypy", "--strict", "--cache-dir"]).arg(&cache);
        mypy
    };
    run_check(mypy().args(["-p", "configcat_management"]))?;
    // The job examples are separate scripts, not modules of one package.
    // The second file has mistakes that must be found.
    let files = ["tests/python/generated/every_method.py", "tests/python/type_errors.py"];
    run_check(mypy().arg("--scripts-are-modules").args(files).args(examples()?))?;
    step("stubtest: the stubs and what is there at run time");
    let mut stubtest = environment.python();
    stubtest.args(["-m", "mypy.stubtest", "configcat_management", "--concise", "--ignore-unused-allowlist"]);
    run_check(stubtest.args(["--allowlist", "tests/python/stubtest-allowlist.txt"]))?;
    step("pyright, strict");
    let Some(modules) = npm::packages("pyright", &[PYRIGHT], "pyright did not look at the types")? else {
        return Ok(());
    };
    let mut pyright = Command::new("node");
    pyright.arg(modules.join("pyright/index.js")).arg("--pythonpath").arg(environment.python_path());
    run_check(pyright.current_dir(root()))
}

fn examples() -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for folder in ["examples/python", "examples/python/jobs"] {
        for entry in std::fs::read_dir(root().join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "py") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
