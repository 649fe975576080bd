//! Tests the rate limiter with shuttle, under many event orders.

use crate::support::process::run_tests;
use crate::support::workspace::{cargo, target};
use anyhow::Result;

pub fn test() -> Result<()> {
    let mut tests = cargo()?;
    tests.args(["test", "--quiet", "--package", "configcat-management", "--no-default-features", "--lib"]);
    tests.arg("shuttle_tests");
    // A separate target directory, because every crate is compiled with an additional flag.
    run_tests(tests.env("CARGO_TARGET_DIR", target("shuttle")?).env("RUSTFLAGS", "--cfg shuttle"))
}
