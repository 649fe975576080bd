//! `cargo xtask bench kotlin`: compares the Kotlin client with an openapi-generator client for Java, in one process.

use super as kotlin;
use crate::parts::bench::{Artefact, Recorded, generated_client, measured, run_program};
use crate::parts::mobile_library::client;
use crate::support::packages;
use crate::support::process::{run, step};
use crate::support::python::Profile;
use crate::support::workspace::root;
use anyhow::Result;
use std::process::Command;

pub fn bench() -> Result<()> {
    if !packages::require(&["javac", "mvn"], "the Kotlin client was not measured") {
        return Ok(());
    }
    kotlin::dist()?;
    let library = client(Profile::Release)?;
    let artefact = Artefact::new(&library, "mobile")?.shipped_as(kotlin::shipped(kotlin::CLIENT)?);
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
    let recorded = Recorded::start()?;
    let mut java = Command::new("java");
    // Options of the environment may contain another search path for libraries.
    for variable in ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"] {
        java.env_remove(variable);
    }
    java.args(["-cp", &classpath, "BenchKt", "all", recorded.url(), &recorded.small, &recorded.large]);
    measured(|| run_program(&mut java, &artefact))
}
