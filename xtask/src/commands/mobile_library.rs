//! The library that Kotlin and Swift call, and what uniffi makes of it for their compilers.

use super::process::{cargo, root, run, step};
use super::python_env::Profile;
use anyhow::{Context as _, Result};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};

/// What uniffi is told about types; `cargo xtask codegen` writes it.
const CONFIGURATION: &str = "bindings/ffi/bindgen/generated/uniffi.toml";

/// Languages that uniffi writes.
#[derive(Clone, Copy)]
pub enum Language {
    Kotlin,
    Swift,
}

/// Builds the library without the C ABI, which these languages have no use for, and puts it into a folder.
pub fn client(profile: Profile, folder: &Path) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--package", "configcat-management-ffi"]);
    command.args(["--no-default-features", "--features", "mobile"]);
    run(command.args(["--profile", profile.mobile()]))?;
    copy("configcat_management", profile.mobile(), folder)
}

/// Builds the simulator as a library, and puts it into a folder.
pub fn simulator(profile: Profile, folder: &Path) -> Result<PathBuf> {
    run(cargo().args([
        "build",
        "--quiet",
        "--package",
        "configcat-simulator-ffi",
        "--profile",
        profile.name(),
    ]))?;
    copy("configcat_management_simulator", profile.name(), folder)
}

fn copy(name: &str, profile: &str, folder: &Path) -> Result<PathBuf> {
    let file = format!("{DLL_PREFIX}{name}{DLL_SUFFIX}");
    let built = root().join("target").join(if profile == "dev" { "debug" } else { profile }).join(&file);
    std::fs::create_dir_all(folder)?;
    let to = folder.join(&file);
    std::fs::copy(&built, &to).with_context(|| built.display().to_string())?;
    Ok(to)
}

/// Writes the bindings of a library into a folder, which is emptied first.
pub fn bindings(language: Language, library: &Path, folder: &Path) -> Result<()> {
    let name = match language {
        Language::Kotlin => "kotlin",
        Language::Swift => "swift",
    };
    step(&format!("{name}: bindings"));
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "configcat-management-bindgen", "--", name]);
    run(command.arg(library).arg(CONFIGURATION).arg(folder))
}
