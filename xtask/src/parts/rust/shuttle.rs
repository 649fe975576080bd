//! The rate limiter under shuttle, in many orders of events.

use crate::support::process::run_tests;
use crate::support::workspace::{cargo, target};
use anyhow::Result;

pub fn test() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--package", "configcat-management", "--no-default-features", "--lib"]);
    tests.arg("shuttle_tests");
    // A build of its own: every crate is compiled with another flag.
    run_tests(tests.env("CARGO_TARGET_DIR", target("shuttle")?).env("RUSTFLAGS", "--cfg shuttle"))
}
