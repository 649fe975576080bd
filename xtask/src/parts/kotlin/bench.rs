//! `cargo xtask bench kotlin`: compares the Kotlin client with an openapi-generator client for Java, in one process.

use super as kotlin;
use crate::parts::bench::{generated_client, recorded};
use crate::support::process::{run, step};
use crate::support::workspace::root;
use anyhow::Result;
use std::process::Command;

pub fn bench() -> Result<()> {
    if !kotlin::here("the Kotlin client was not measured") {
        return Ok(());
    }
    kotlin::dist()?;
    let options = [
        "--library",
        "okhttp-gson",
        "--group-id",
        "bench",
        "--artifact-id",
        "generated-client",
        "--artifact-version",
        "1",
        "--invoker-package",
        "generated",
        "--api-package",
        "generated.api",
        "--model-package",
        "generated.model",
    ];
    let generated = generated_client("java", &options)?;
    step("kotlin: building the bench");
    run(kotlin::maven().current_dir(&generated).args([
        "install",
        "--quiet",
        "-Dmaven.test.skip=true",
        "-Dmaven.javadoc.skip=true",
    ]))?;
    let project = root().join("bench/kotlin");
    run(kotlin::maven().current_dir(&project).args(["compile", "--quiet"]))?;
    let classes = project.join("target/classes");
    let classpath =
        format!("{}:{}", classes.display(), std::fs::read_to_string(project.join("target/classpath"))?);
    let (player, _, small, large) = recorded()?;
    run(Command::new("java").args(["-cp", &classpath, "BenchKt", "all", &player.url, &small, &large]))
}
