//! `cargo xtask dist crates`: the Rust packages as they would be published, and what they promise about versions.

use crate::support::process::{output, run_check, step, succeeds};
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::{cargo, committed, root, target};
use anyhow::{Result, ensure};
use std::process::{Command, Stdio};

const PACKAGES: [&str; 2] = ["configcat-management", "configcat-simulator"];
/// What every package carries beside its sources.
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

/// Packs the crates, and builds them from what was packed.
fn package() -> Result<()> {
    step("cargo package");
    for package in PACKAGES {
        let listed = output(cargo()?.args(["package", "--list", "--allow-dirty", "--package", package]))?;
        for file in CARRIED {
            ensure!(listed.lines().any(|line| line == file), "{package} comes without {file}");
        }
    }
    run_check(packages(cargo()?.args(["publish", "--dry-run", "--quiet", "--allow-dirty"])))
}

/// The oldest compiler that `rust-version` promises.
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
    // A cargo that runs us says which compiler to use.
    check.env_remove("RUSTC").env_remove("RUSTDOC").env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    run_check(packages(check.arg(target("oldest-compiler")?)))
}

/// The oldest versions of other crates that the manifests promise to work with.
fn oldest_versions() -> Result<()> {
    step("with the oldest versions of what is needed");
    if !succeeds(Command::new("rustup").args(["run", "nightly", "cargo", "--version"])) {
        report::skip(
            "there is no nightly cargo, which can choose the oldest versions: nothing was built with them",
        );
        return Ok(());
    }
    // In a copy: the choice replaces the lock file.
    let copy = committed("oldest-versions")?;
    let mut nightly = Command::new("rustup");
    nightly.current_dir(&copy).args(["run", "nightly", "cargo", "update", "--quiet"]);
    nightly.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    run_check(nightly.args(["-Z", "direct-minimal-versions"]))?;
    let mut check = cargo()?;
    check.current_dir(&copy).args(["check", "--quiet", "--locked", "--target-dir"]);
    run_check(packages(check.arg(target("oldest")?)))
}

/// Whether a subcommand of cargo is here; says so if not.
fn tool(name: &str, what: &str) -> Result<bool> {
    let here = succeeds(cargo()?.args([name, "--help"]));
    if !here {
        report::skip(&format!("cargo-{name} is not installed (cargo install cargo-{name}): {what}"));
    }
    Ok(here)
}

/// Crates that are named in a manifest and nowhere else.
fn unused() -> Result<()> {
    step("cargo machete");
    // Not through cargo: below `cargo xtask` it takes "machete" for the name of a folder.
    if !available("cargo-machete", "unused dependencies were not looked for") {
        return Ok(());
    }
    run_check(Command::new("cargo-machete").current_dir(root()))
}

/// The public surface, beside that of the last version that was tagged, or of the commit before.
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

/// A list of what each package is made of.
fn materials() -> Result<()> {
    step("cargo cyclonedx");
    if !tool("cyclonedx", "there is no list of materials; the wheel has one all the same")? {
        return Ok(());
    }
    // In a copy: it writes one beside each manifest of the workspace.
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
    let folder = target("dist-crates")?;
    std::fs::create_dir_all(&folder)?;
    for (package, member) in [
        ("configcat-management", "core"),
        ("configcat-simulator", "simulator"),
        ("configcat-management-ffi", "bindings/ffi"),
    ] {
        let text = std::fs::read_to_string(copy.join(member).join("materials.json"))?;
        // Packages are named by where they are.
        let text = text.replace(&copy.display().to_string(), "");
        let to = folder.join(format!("{package}.cdx.json"));
        std::fs::write(&to, text)?;
        crate::support::remap_paths::check(&[&to])?;
    }
    report::note("lists of materials are in target/dist-crates");
    Ok(())
}
