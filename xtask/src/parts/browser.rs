//! Web pages in Chromium: those that attack the simulator, and the simulator's own console.

use crate::support::build::{products, shared};
use crate::support::npm;
use crate::support::process::{run, run_tests, step};
use crate::support::toolbox;
use crate::support::workspace::{root, target};
use anyhow::{Context as _, Result};
use std::path::Path;
use std::process::Command;

/// What drives the browser, and what checks the pages for people with disabilities.
const NPM: [&str; 2] = ["puppeteer-core@24.43.1", "axe-core@4.14.1"];

pub fn test() -> Result<()> {
    let Some(browser) = toolbox::browser() else {
        toolbox::available("chromium", "no web page attacked the simulator");
        return Ok(());
    };
    let mut tests = shared("test")?;
    // The suites of other crates have no such tests.
    tests.args(["--quiet", "--test", "suite", "--", "--ignored", "browser::"]);
    step(browser);
    run_tests(tests.env("CHROMIUM", browser))?;
    test_console(browser, &target("console")?)
}

/// Tests the console, and writes its pictures into the documentation.
pub fn update() -> Result<()> {
    let browser = toolbox::browser().context("the pictures of the console need chromium")?;
    test_console(browser, &root().join("docs/images"))
}

/// Tests the console and takes pictures of it.
fn test_console(browser: &str, images: &Path) -> Result<()> {
    std::fs::create_dir_all(images)?;
    if !toolbox::available("node", "the simulator's console was not opened") {
        return Ok(());
    }
    let Some(modules) = npm::packages("console", &NPM, "the simulator's console was not opened")? else {
        return Ok(());
    };
    step("the simulator's console");
    run(Command::new("node")
        .arg(root().join("tests/console/console.mjs"))
        .env("SIMULATOR", products()?.program("configcat-simulator")?)
        .env("CHROMIUM", browser)
        .env("MODULES", modules)
        .env("IMAGES", images))
}
