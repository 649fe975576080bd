//! Keeps the directories of the build machine out of distributed files.

use super::files::files_below;
use super::process::run;
use super::python::Environment;
use super::report;
use super::workspace::{root, target};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns directories of this machine, each with its replacement.
fn folders() -> Result<Vec<(PathBuf, &'static str)>> {
    let home = std::env::home_dir();
    let of_home = |variable: &str, name: &str| {
        std::env::var_os(variable).map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(name)))
    };
    let mut folders = Vec::new();
    if let Some(cargo) = of_home("CARGO_HOME", ".cargo") {
        let sources = std::fs::read_dir(cargo.join("registry/src")).into_iter().flatten().flatten();
        folders.extend(sources.map(|registry| (registry.path(), "crates")));
        folders.push((cargo, "cargo"));
    }
    if let Some(rustup) = of_home("RUSTUP_HOME", ".rustup") {
        folders.push((rustup, "rust"));
    }
    folders.push((root(), "configcat-management"));
    // Listed separately because it may be outside the root.
    folders.push((target("")?, "configcat-management/target"));
    Ok(folders)
}

/// Sets the flags that make a build replace the directories of this machine. If several flags match a path, the last one wins.
pub fn build(command: &mut Command) -> Result<&mut Command> {
    build_of(command, &root())
}

/// Like [`build`], for another copy of the source tree.
pub fn build_of<'a>(command: &'a mut Command, tree: &Path) -> Result<&'a mut Command> {
    let mut flags: Vec<String> = std::env::var("RUSTFLAGS").into_iter().collect();
    let mut folders = folders()?;
    folders.reverse();
    folders.push((tree.to_path_buf(), "configcat-management"));
    flags.extend(folders.iter().map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display())));
    if cfg!(unix) {
        // ring contains C code.
        let mut of_c: Vec<String> = std::env::var("CFLAGS").into_iter().collect();
        of_c.extend(
            folders.iter().map(|(path, name)| format!("'-ffile-prefix-map={}={name}'", path.display())),
        );
        // Quoted because the path may contain spaces.
        command.env("CFLAGS", of_c.join(" ")).env("CC_SHELL_ESCAPED_FLAGS", "1");
    }
    Ok(command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")))
}

/// Removes directories of this machine from the software bill of materials of a wheel, and checks every file in the wheel.
pub fn wheel(environment: &Environment, wheel: &Path) -> Result<()> {
    run(environment.python().arg(root().join("bindings/python/forget_paths.py")).arg(wheel))?;
    let folder = target("wheel")?;
    let _ = std::fs::remove_dir_all(&folder);
    run(environment.python().args(["-m", "zipfile", "-e"]).args([wheel, &folder]))?;
    let mut files = Vec::new();
    files_below(&folder, &mut files)?;
    check(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>())
}

/// Fails if a file contains the path of a directory of this machine.
pub fn check(files: &[&Path]) -> Result<()> {
    let home = std::env::home_dir().context("no home")?;
    let folders = folders()?.into_iter().map(|(path, _)| path).chain([home]);
    // With a trailing slash: a home directory `/` would match everything.
    let texts: Vec<String> =
        folders.map(|path| format!("{}/", path.display())).filter(|text| text.len() > 2).collect();
    for file in files {
        let content = std::fs::read(file).with_context(|| file.display().to_string())?;
        for text in &texts {
            let named = |part: &[u8]| part == text.as_bytes();
            if let Some(at) = content.windows(text.len()).position(named) {
                let around = content.get(at..(at + 120).min(content.len())).unwrap_or_default();
                bail!("{} names {text}: {}", file.display(), String::from_utf8_lossy(around));
            }
        }
    }
    report::passed(1);
    report::note(&format!("{} files, none of which names a directory of this machine", files.len()));
    Ok(())
}
