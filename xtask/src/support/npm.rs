//! npm packages that tests and the bench use.

use super::process::{run_within, step};
use super::report;
use super::workspace::target;
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Time limit of an installation.
const INSTALLATION: Duration = Duration::from_secs(300);

/// Options that let npm repeat a download that hangs. Without them it waits for five minutes.
const DOWNLOADS: [&str; 4] = [
    "--fetch-timeout=20000",
    "--fetch-retries=5",
    "--fetch-retry-mintimeout=500",
    "--fetch-retry-maxtimeout=3000",
];

/// Installs npm packages in exact versions and returns their `node_modules`. Reports a skip and returns `None` if npm fails.
pub fn packages(name: &str, packages: &[&str], consequence: &str) -> Result<Option<PathBuf>> {
    let folder = target("npm")?.join(name);
    let modules = folder.join("node_modules");
    let stamp = folder.join("installed");
    let wanted = packages.join(" ");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(modules));
    }
    std::fs::create_dir_all(&folder)?;
    step(&format!("installing {wanted} with npm"));
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&folder)
        .args(DOWNLOADS);
    if let Err(error) = run_within(npm.args(packages), Some(INSTALLATION)) {
        report::skip(&format!("npm could not install {wanted} ({error:#}): {consequence}"));
        return Ok(None);
    }
    std::fs::write(stamp, wanted)?;
    Ok(Some(modules))
}
