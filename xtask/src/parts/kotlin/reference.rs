//! The reference of the Kotlin client by Dokka.

use super::{PROJECT, here, maven, prepare, project};
use crate::support::files::mirror;
use crate::support::process::{run_check, step};
use crate::support::python::Profile;
use anyhow::Result;
use std::path::Path;
use std::sync::PoisonError;

/// Builds the reference into a directory.
pub fn build(to: &Path) -> Result<()> {
    if !here("the reference of Kotlin and Java was not built") {
        return Ok(());
    }
    let _project = PROJECT.lock().unwrap_or_else(PoisonError::into_inner);
    prepare(Profile::Dev)?;
    step("dokka");
    // The configuration of the execution that makes the JAR of the documentation.
    let goal = "org.jetbrains.dokka:dokka-maven-plugin:dokka@javadoc-jar";
    run_check(maven().args([goal, "--quiet", "-Pdist", "--projects", "client"]))?;
    mirror(&project().join("client/target/dokka"), to, |_| false)
}
