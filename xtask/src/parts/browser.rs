//! Attacks the simulator from web pages, in Chromium.

use crate::support::build::shared;
use crate::support::process::{run_tests, step};
use crate::support::toolbox;
use anyhow::Result;

pub fn test() -> Result<()> {
    let Some(browser) = toolbox::browser() else {
        toolbox::available("chromium", "no web page attacked the simulator");
        return Ok(());
    };
    let mut tests = shared("test")?;
    // The suites of other crates have no such tests.
    tests.args(["--quiet", "--test", "suite", "--", "--ignored", "browser::"]);
    step(browser);
    run_tests(tests.env("CHROMIUM", browser))
}
