//! The native library for Kotlin and Swift, and its uniffi bindings.

use crate::support::build;
use crate::support::files::{files_below, refresh};
use crate::support::process::{run, step};
use crate::support::python::Profile;
use crate::support::remap_paths;
use crate::support::workspace::{cargo, root, target};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Type configuration for uniffi, written by `cargo xtask codegen`.
const CONFIGURATION: &str = "bindings/ffi/bindgen/generated/uniffi.toml";

/// Languages for which uniffi generates bindings.
#[derive(Clone, Copy)]
pub enum Language {
    Kotlin,
    Swift,
}

/// Builds the library. In the shared build it includes the C ABI, which these languages do not use.
pub fn client(profile: Profile) -> Result<PathBuf> {
    let built = match profile {
        Profile::Dev => build::products()?,
        Profile::Release => {
            let mut command = cargo()?;
            command.args(["build", "--package", "configcat-management-ffi", "--profile", "mobile"]);
            command.args(["--no-default-features", "--features", "mobile"]);
            build::run(remap_paths::build(&mut command)?)?
        }
    };
    built.library("configcat_management").map(Path::to_path_buf)
}

/// Builds the simulator as a library.
pub fn simulator(profile: Profile) -> Result<PathBuf> {
    let built = match profile {
        Profile::Dev => build::products()?,
        Profile::Release => {
            build::run(cargo()?.args(["build", "--release", "--package", "configcat-simulator-ffi"]))?
        }
    };
    built.library("configcat_management_simulator").map(Path::to_path_buf)
}

/// Copies a library into a directory; see [`ship_as`].
pub fn ship(library: &Path, profile: Profile, folder: &Path) -> Result<PathBuf> {
    let to = folder.join(library.file_name().context("a library has no name")?);
    ship_as(library, profile, &to)?;
    Ok(to)
}

/// Copies a library. Release builds are stripped: only the generation of bindings needs the symbols.
pub fn ship_as(library: &Path, profile: Profile, to: &Path) -> Result<()> {
    refresh(library, to)?;
    if !matches!(profile, Profile::Dev) {
        let mut strip = Command::new("strip");
        if cfg!(target_os = "macos") {
            strip.arg("-x");
        }
        run(strip.arg(to))?;
    }
    Ok(())
}

/// Writes the bindings of a library. `place` maps the relative path of each file that uniffi writes to its destination; `None`
/// omits the file.
pub fn bindings(language: Language, library: &Path, place: impl Fn(&Path) -> Option<PathBuf>) -> Result<()> {
    let name = match language {
        Language::Kotlin => "kotlin",
        Language::Swift => "swift",
    };
    step(&format!("{name}: bindings"));
    let folder = target("bindings")?.join(name);
    let built = build::run(cargo()?.args(["build", "--package", "configcat-management-bindgen"]))?;
    let mut command = Command::new(built.program("configcat-management-bindgen")?);
    run(command.current_dir(root()).arg(name).arg(library).arg(CONFIGURATION).arg(&folder))?;
    let mut files = Vec::new();
    files_below(&folder, &mut files)?;
    for file in files {
        if let Some(to) = place(file.strip_prefix(&folder)?) {
            refresh(&file, &to)?;
        }
    }
    Ok(())
}
