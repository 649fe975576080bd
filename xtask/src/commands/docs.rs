//! `cargo xtask docs`: the pages for users of Python, built strictly: a broken link is an error.

use super::process::{root, run, step};
use super::python_env::{Environment, Profile};
use anyhow::Result;

const PACKAGES: [&str; 3] = ["mkdocs-material==9.8.1", "mkdocstrings-python==2.0.11", "black==26.10.1"];

pub fn build() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    environment.require(&PACKAGES)?;
    step("building the documentation");
    let mut mkdocs = environment.python();
    mkdocs.args(["-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", "docs/python/mkdocs.yml"]);
    run(mkdocs.arg("--site-dir").arg(root().join("target/docs")).env("NO_MKDOCS_2_WARNING", "1"))?;
    println!("the pages are in target/docs");
    Ok(())
}
