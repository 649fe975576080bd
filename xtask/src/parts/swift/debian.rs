//! A Debian system with Swift in the user's cache directory, for machines whose distribution has no Swift package. It is outside
//! the project because it is large and can be shared by all checkouts.

use crate::support::process::{run, step, succeeds};
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian release that has Swift packages.
const SUITE: &str = "trixie";
/// The compiler, and the packages it needs for linking.
const PACKAGES: &str = "swiftlang,libc6-dev,libstdc++-14-dev,libcurl4t64,libxml2,git,ca-certificates";

/// Returns its directory, whether or not it exists.
pub fn folder() -> Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join("configcat-management/swift-debian"))
}

/// Whether the setup completed. The mount point of the project is created last.
pub fn is_complete(folder: &Path) -> bool {
    folder.join("project").is_dir()
}

/// Creates it, which takes a few minutes and 3.3 GB. The user needs permission to mount.
pub fn set_up() -> Result<()> {
    let folder = folder()?;
    ensure!(
        succeeds(Command::new("unshare").args(["--mount", "mount", "-t", "proc", "proc", "/proc"])),
        "this user may not mount anything"
    );
    step(&format!("setting up Debian {SUITE} with Swift in {}", folder.display()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let mut command = Command::new("debootstrap");
    command.args(["--variant=minbase", &format!("--include={PACKAGES}"), SUITE]).arg(&folder);
    run(&mut command)?;
    std::fs::create_dir(folder.join("project"))?;
    Ok(())
}
