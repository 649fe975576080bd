//! `cargo xtask dist reproducible`: checks that two builds of the library and the wheel, in directories with different names, are
//! identical.

use crate::support::process::{run, step};
use crate::support::python::{Environment, MATURIN};
use crate::support::remap_paths;
use crate::support::report;
use crate::support::workspace::{cargo, committed};
use anyhow::{Context as _, Result, bail, ensure};
use std::path::PathBuf;
use std::process::Command;

const FOLDERS: [&str; 2] = ["one", "another-with-a-longer-name"];

pub fn check() -> Result<()> {
    let environment = Environment::tools()?;
    environment.require(&[MATURIN])?;
    let built: Vec<Vec<PathBuf>> =
        FOLDERS.iter().map(|folder| build_in(&environment, folder)).collect::<Result<_>>()?;
    let [one, other] = built.as_slice() else { bail!("expected two builds") };
    for (one, other) in one.iter().zip(other) {
        let name = one.file_name().unwrap_or_default().to_string_lossy();
        ensure!(std::fs::read(one)? == std::fs::read(other)?, "{name} differs from one build to the other");
        report::note(&format!("{name}: the same bytes twice"));
        report::passed(1);
    }
    Ok(())
}

/// Builds the last commit in a separate directory and returns the library and the wheel.
fn build_in(environment: &Environment, name: &str) -> Result<Vec<PathBuf>> {
    step(&format!("building in {name}"));
    let folder = committed(&format!("reproducible/{name}"))?;
    let as_there = |command: &mut Command| {
        remap_paths::build_of(command.current_dir(&folder), &folder)?;
        command.env("CARGO_TARGET_DIR", folder.join("target")).env("SOURCE_DATE_EPOCH", "1000000000");
        run(command)
    };
    let mut library = cargo()?;
    as_there(library.args([
        "build",
        "--quiet",
        "--profile",
        "library",
        "--package",
        "configcat-management-ffi",
    ]))?;
    let mut wheel = environment.python();
    as_there(wheel.args([
        "-m",
        "maturin",
        "build",
        "--quiet",
        "--locked",
        "--auditwheel",
        "skip",
        "--out",
        "wheel",
    ]))?;
    let wheel = std::fs::read_dir(folder.join("wheel"))?.flatten().next().context("no wheel")?.path();
    let library = folder.join("target/library").join("libconfigcat_management.so");
    remap_paths::wheel(environment, &wheel)?;
    remap_paths::check(&[&library])?;
    Ok(vec![library, wheel])
}
