//! Checks the site in Chromium.

use crate::support::npm;
use crate::support::process::{run_tests, step};
use crate::support::toolbox::{available, browser};
use crate::support::workspace::{root, target};
use anyhow::{Result, ensure};
use std::process::Command;

/// Packages, pinned to the versions that the script was written for.
const NPM: [&str; 2] = ["playwright-core@1.56.1", "axe-core@4.11.0"];
const CONSEQUENCE: &str = "the pages of the site were not checked";

/// Opens every page on a desktop and a phone, follows the links, and asks the search.
pub fn run() -> Result<()> {
    let site = super::folder()?;
    ensure!(site.join("index.html").exists(), "there is no site: run `cargo xtask docs site`");
    let Some(browser) = browser() else {
        available("chromium", CONSEQUENCE);
        return Ok(());
    };
    if !available("node", CONSEQUENCE) {
        return Ok(());
    }
    let Some(modules) = npm::packages("site", &NPM, CONSEQUENCE)? else { return Ok(()) };
    step("the site in Chromium");
    let mut node = Command::new("node");
    node.arg(root().join("tests/site/main.mjs")).current_dir(root());
    node.args([target("docs")?, modules, target("site")?.join("screenshots")])
        .args([browser, env!("CARGO_PKG_VERSION")]);
    run_tests(&mut node)
}
