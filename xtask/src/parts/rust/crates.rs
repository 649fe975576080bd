//! `cargo xtask dist crates`: checks the Rust packages as they would be published, and the versions that they support.

use crate::support::files::refresh;
use crate::support::process::{output, run, run_check, step, succeeds};
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::{cargo, committed, root, target};
use anyhow::{Result, ensure};
use std::process::{Command, Stdio};

const PACKAGES: [&str; 3] = ["configcat-management", "configcat-simulator", "configcat-management-cli"];
/// Files that every package contains in addition to its sources.
const CARRIED: [&str; 3] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];

pub fn check() -> Result<()> {
    package()?;
    oldest_compiler()?;
    oldest_versions()?;
    unused()?;
    compatible()?;
    materials()
}

fn packages(command: &mut Command) -> &mut Command {
    PACKAGES.iter().fold(command, |command, package| command.args(["--package", package]))
}

/// Packages the crates, builds them from the packages, and keeps the packages in `target/dist-crates`.
fn package() -> Result<()> {
    step("cargo package");
    for package in PACKAGES {
        let listed = output(cargo()?.args(["package", "--list", "--allow-dirty", "--package", package]))?;
        for file in CARRIED {
            ensure!(listed.lines().any(|line| line == file), "{package} comes without {file}");
        }
    }
    run_check(packages(cargo()?.args(["publish", "--dry-run", "--quiet", "--allow-dirty"])))?;
    // Again, because a dry run does not promise to keep the packages. Packaging is deterministic.
    run(packages(cargo()?.args(["package", "--no-verify", "--quiet", "--allow-dirty"])))?;
    let folder = target("dist-crates")?;
    let _ = std::fs::remove_dir_all(&folder);
    for package in PACKAGES {
        let name = format!("{package}-{}.crate", env!("CARGO_PKG_VERSION"));
        refresh(&target("package")?.join(&name), &folder.join(&name))?;
    }
    Ok(())
}

/// Checks the crates with the compiler version in `rust-version`.
fn oldest_compiler() -> Result<()> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml"))?;
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \""))
        .map(|rest| rest.trim_end_matches('"'))
        .unwrap_or_default();
    step(&format!("with Rust {version}"));
    let mut install = Command::new("rustup");
    if !succeeds(install.args(["toolchain", "install", version, "--profile", "minimal", "--no-self-update"]))
    {
        report::skip(&format!("Rust {version} could not be installed: nothing was built with it"));
        return Ok(());
    }
    let mut check = Command::new("rustup");
    check.current_dir(root()).args(["run", version, "cargo", "check", "--quiet", "--locked", "--target-dir"]);
    // Set by the cargo that runs xtask; they would override the toolchain.
    check.env_remove("RUSTC").env_remove("RUSTDOC").env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    run_check(packages(check.arg(target("oldest-compiler")?)))
}

/// Checks the crates with the oldest dependency versions that the manifests allow.
fn oldest_versions() -> Result<()> {
    step("with the oldest versions of what is needed");
    if !succeeds(Command::new("rustup").args(["run", "nightly", "cargo", "--version"])) {
        report::skip(
            "there is no nightly cargo, which can choose the oldest versions: nothing was built with them",
        );
        return Ok(());
    }
    // In a copy, because the command rewrites the lock file.
    let copy = committed("oldest-versions")?;
    let mut nightly = Command::new("rustup");
    nightly.current_dir(&copy).args(["run", "nightly", "cargo", "update", "--quiet"]);
    nightly.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    run_check(nightly.args(["-Z", "direct-minimal-versions"]))?;
    let mut check = cargo()?;
    check.current_dir(&copy).args(["check", "--quiet", "--target-dir"]);
    run_check(packages(check.arg(target("oldest")?)))
}

/// Whether a cargo subcommand is installed; reports a skip if not.
fn tool(name: &str, what: &str) -> Result<bool> {
    let here = succeeds(cargo()?.args([name, "--help"]));
    if !here {
        report::skip(&format!("cargo-{name} is not installed (cargo install --locked cargo-{name}): {what}"));
    }
    Ok(here)
}

/// Fails if a manifest names an unused dependency.
fn unused() -> Result<()> {
    step("cargo machete");
    // Not run as `cargo machete`: under `cargo xtask` it would interpret "machete" as the name of a directory.
    if !available("cargo-machete", "unused dependencies were not looked for") {
        return Ok(());
    }
    run_check(Command::new("cargo-machete").current_dir(root()))
}

/// Compares the public API with that of the last tag, or of the previous commit if there is no tag.
fn compatible() -> Result<()> {
    step("cargo semver-checks");
    if !tool("semver-checks", "the public surface was not compared with the one before")? {
        return Ok(());
    }
    let git = |arguments: &[&str]| {
        output(Command::new("git").current_dir(root()).args(arguments).stderr(Stdio::null()))
    };
    let before = git(&["describe", "--tags", "--abbrev=0"]).unwrap_or_else(|_| "HEAD~1".into());
    run_check(packages(cargo()?.args(["semver-checks", "--baseline-rev", &before])))
}

/// Writes the software bill of materials of each package.
fn materials() -> Result<()> {
    step("cargo cyclonedx");
    if !tool("cyclonedx", "there is no list of materials; the wheel has one all the same")? {
        return Ok(());
    }
    // In a copy, because the command writes a file next to each manifest of the workspace.
    let copy = committed("materials")?;
    let mut list = cargo()?;
    list.current_dir(&copy).args([
        "cyclonedx",
        "--quiet",
        "--format",
        "json",
        "--override-filename",
        "materials",
    ]);
    run_check(&mut list)?;
    let folder = target("dist-materials")?;
    std::fs::create_dir_all(&folder)?;
    for (package, member) in [
        ("configcat-management", "core"),
        ("configcat-simulator", "simulator"),
        ("configcat-management-cli", "cli"),
        ("configcat-management-ffi", "bindings/ffi"),
    ] {
        let text = std::fs::read_to_string(copy.join(member).join("materials.json"))?;
        // Packages are identified by their paths, which contain the directory of the copy.
        let text = text.replace(&copy.display().to_string(), "");
        let to = folder.join(format!("{package}.cdx.json"));
        std::fs::write(&to, text)?;
        crate::support::remap_paths::check(&[&to])?;
    }
    report::note("lists of materials are in target/dist-materials");
    Ok(())
}
