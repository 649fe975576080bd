//! Installs Debian packages of tools.

use super::process::{run, step};
use super::report;
use super::toolbox::{Tool, available, tool};
use anyhow::Result;
use std::process::Command;

/// Installs the packages of tools. A failure is reported as a skip: the parts that need the tool report a skip too.
pub fn install(tools: &[&Tool]) {
    if tools.is_empty() {
        return;
    }
    let apt = |arguments: &[&str]| {
        // Only root may install packages; sudo asks for a password if necessary.
        let root = std::fs::metadata("/proc/self").is_ok_and(|own| is_root(&own));
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        command.args((!root).then_some("apt-get")).env("DEBIAN_FRONTEND", "noninteractive");
        run(command.args(["-qq", "-o", "Dpkg::Use-Pty=0"]).args(arguments))
    };
    step("apt-get update");
    report_failure("the list of Debian packages", apt(&["update"]));
    // One by one, so that a package that this Debian release lacks does not prevent the others.
    let mut packages: Vec<&str> = tools.iter().map(|tool| tool.package).collect();
    packages.dedup();
    for package in packages {
        step(&format!("apt-get install {package}"));
        report_failure(package, apt(&["install", "--yes", package]));
    }
}

/// Installs the tools of these names that are missing. Returns whether all are there; if not, reports a skip for each.
pub fn require(names: &[&str], consequence: &str) -> bool {
    let missing: Vec<&Tool> =
        names.iter().filter_map(|name| tool(name)).filter(|tool| !tool.present()).collect();
    install(&missing);
    names.iter().filter(|name| !available(name, consequence)).count() == 0
}

/// Reports a failed installation as a skip.
pub fn report_failure(what: &str, result: Result<()>) {
    if let Err(error) = result {
        report::skip(&format!("{what} could not be installed: {error:#}"));
    }
}

#[cfg(unix)]
fn is_root(own: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(own) == 0
}

#[cfg(not(unix))]
fn is_root(_own: &std::fs::Metadata) -> bool {
    false
}
