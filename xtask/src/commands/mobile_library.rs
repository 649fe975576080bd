//! The library that Kotlin and Swift call, and what uniffi makes of it for their compilers.

use super::process::{cargo, files_below, refresh, root, run, step};
use super::python_env::Profile;
use super::traceless;
use anyhow::{Context as _, Result};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What uniffi is told about types; `cargo xtask codegen` writes it.
const CONFIGURATION: &str = "bindings/ffi/bindgen/generated/uniffi.toml";

/// Languages that uniffi writes.
#[derive(Clone, Copy)]
pub enum Language {
    Kotlin,
    Swift,
}

/// Builds the library without the C ABI, which these languages have no use for.
pub fn client(profile: Profile) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--package", "configcat-management-ffi"]);
    command.args(["--no-default-features", "--features", "mobile"]);
    command.args(["--profile", profile.mobile()]);
    run(if profile == Profile::Dev { &mut command } else { traceless::build(&mut command) })?;
    Ok(built("configcat_management", profile.mobile()))
}

/// Builds the simulator as a library.
pub fn simulator(profile: Profile) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--package", "configcat-simulator-ffi"]);
    run(command.args(["--profile", profile.name()]))?;
    Ok(built("configcat_management_simulator", profile.name()))
}

fn built(name: &str, profile: &str) -> PathBuf {
    let folder = if profile == "dev" { "debug" } else { profile };
    root().join("target").join(folder).join(format!("{DLL_PREFIX}{name}{DLL_SUFFIX}"))
}

/// Puts a library into a folder; one for others without its symbols, which uniffi needs and nobody else.
pub fn ship(library: &Path, profile: Profile, folder: &Path) -> Result<PathBuf> {
    let to = folder.join(library.file_name().context("a library has no name")?);
    refresh(library, &to)?;
    if !matches!(profile, Profile::Dev) {
        let mut strip = Command::new("strip");
        if cfg!(target_os = "macos") {
            strip.arg("-x");
        }
        run(strip.arg(&to))?;
    }
    Ok(to)
}

/// Writes the bindings of a library; `place` says where each file goes, by its path in what uniffi writes.
pub fn bindings(language: Language, library: &Path, place: impl Fn(&Path) -> Option<PathBuf>) -> Result<()> {
    let name = match language {
        Language::Kotlin => "kotlin",
        Language::Swift => "swift",
    };
    step(&format!("{name}: bindings"));
    let folder = root().join("target/bindings").join(name);
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "configcat-management-bindgen", "--", name]);
    run(command.arg(library).arg(CONFIGURATION).arg(&folder))?;
    let mut files = Vec::new();
    files_below(&folder, &mut files)?;
    for file in files {
        if let Some(to) = place(file.strip_prefix(&folder)?) {
            refresh(&file, &to)?;
        }
    }
    Ok(())
}
