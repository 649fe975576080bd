//! `cargo xtask lint`: what can be checked without running anything.

use crate::parts::bench;
use crate::support::lanes::Part;
use crate::support::process::{run_check, succeeds};
use crate::support::report;
use crate::support::workspace::cargo;
use anyhow::{Result, ensure};

pub const PARTS: &[Part] = &[
    Part { name: "format", about: "rustfmt", run: format },
    Part {
        name: "generated",
        about: "generated files are what the generator writes; the form of the figures in docs/performance.md",
        run: generated,
    },
    Part {
        name: "structure",
        about: "no import cycles, layers, short functions and files",
        run: crate::structure::check,
    },
    Part {
        name: "fidelity",
        about: "every rule of the simulator names its source",
        run: crate::fidelity::check,
    },
    Part {
        name: "parity",
        about: "every language has a test of every capability, or a reason why not",
        run: crate::parity::check,
    },
    Part {
        name: "prose",
        about: "words and idioms that are not used, long test names",
        run: crate::prose::check,
    },
    Part {
        name: "workflows",
        about: "fixed versions in workflows, and nothing foreign next to a token",
        run: crate::workflows::check,
    },
    Part { name: "clippy", about: "clippy on every target and feature, without warnings", run: clippy },
    Part { name: "licences", about: "licences, sources and banned crates, with cargo-deny", run: licences },
];

fn format() -> Result<()> {
    run_check(cargo()?.args(["fmt", "--all", "--check"]))
}

fn generated() -> Result<()> {
    ensure!(super::codegen::is_fresh()?, "`cargo xtask codegen` writes something else");
    bench::check_page()?;
    report::passed(2);
    Ok(())
}

fn clippy() -> Result<()> {
    let mut clippy = cargo()?;
    clippy.args(["clippy", "--quiet", "--workspace", "--all-targets", "--all-features"]);
    run_check(clippy.args(["--", "-D", "warnings"]))
}

/// The database of advisories is not among the package registries: workflows that reach it run
/// `cargo deny check advisories`.
fn licences() -> Result<()> {
    if !succeeds(cargo()?.args(["deny", "--version"])) {
        report::skip(
            "cargo-deny is not installed (`cargo xtask setup`): licences and sources were not checked",
        );
        return Ok(());
    }
    run_check(cargo()?.args([
        "deny",
        "--locked",
        "--log-level",
        "warn",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))?;
    // Of the fuzz targets nothing is shipped, so that their licences do not matter.
    let mut fuzz = cargo()?;
    fuzz.args(["deny", "--locked", "--log-level", "warn", "--manifest-path", "fuzz/Cargo.toml"]);
    run_check(fuzz.args(["check", "bans", "sources"]))
}
