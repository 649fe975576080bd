//! Paths of the project and of cargo's target directory, and commands that run cargo.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Returns the root of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Returns a path in cargo's target directory. `CARGO_TARGET_DIR` and `build.target-dir` are respected.
pub fn target(path: impl AsRef<Path>) -> Result<PathBuf> {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    if let Some(directory) = DIRECTORY.get() {
        return Ok(directory.join(path));
    }
    let found = target_directory().context("asking cargo for its target directory")?;
    Ok(DIRECTORY.get_or_init(|| found).join(path))
}

fn target_directory() -> Result<PathBuf> {
    let metadata = metadata()?;
    let directory = metadata["target_directory"].as_str().context("cargo metadata names no directory")?;
    Ok(PathBuf::from(directory))
}

fn metadata() -> Result<Value> {
    // Runs in the caller's directory, which a relative CARGO_TARGET_DIR refers to.
    let mut metadata = cargo_program();
    metadata.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]);
    let output = metadata.arg(root().join("Cargo.toml")).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "cargo metadata ended with {}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Library or program of the workspace.
pub struct Target {
    pub name: String,
    /// Path of its root module.
    pub source: PathBuf,
}

/// Returns every library and program of the workspace.
pub fn targets() -> Result<Vec<Target>> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let targets = packages.iter().filter_map(|package| package["targets"].as_array()).flatten();
    let built = targets.filter(|target| {
        let kinds = target["kind"].as_array().into_iter().flatten().filter_map(Value::as_str);
        kinds.into_iter().any(|kind| matches!(kind, "lib" | "rlib" | "cdylib" | "bin"))
    });
    built
        .map(|target| {
            let text = |key: &str| target[key].as_str().with_context(|| format!("a target without {key}"));
            Ok(Target { name: text("name")?.to_owned(), source: PathBuf::from(text("src_path")?) })
        })
        .collect()
}

fn cargo_program() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Returns a command that runs this cargo in the root of the project, with the versions in Cargo.lock.
pub fn cargo() -> Result<Command> {
    let mut command = cargo_program();
    // Subcommands that resolve no dependencies ignore it. After a change to a manifest, `cargo xtask` itself has updated the
    // lock file of the workspace; that of `fuzz/` is updated by hand.
    command.arg("--locked");
    // An absolute path, because the command does not run in the caller's directory.
    command.current_dir(root()).env("CARGO_TARGET_DIR", target("")?);
    // pyo3 neither looks for an interpreter nor links with one: code that calls Python is only linked into the extension module.
    // Set for every command, because a change makes cargo recompile pyo3 and, with it, the core.
    command.env("PYO3_NO_PYTHON", "1").env("PYO3_BUILD_EXTENSION_MODULE", "1");
    Ok(command)
}

/// Clones the last commit into the target directory and returns the path. Fails outside a git repository.
pub fn committed(name: &str) -> Result<PathBuf> {
    ensure!(root().join(".git").exists(), "this needs a git checkout: it builds what is committed");
    let copy = target(name)?;
    let _ = std::fs::remove_dir_all(&copy);
    super::process::run(Command::new("git").current_dir(root()).args(["clone", "--quiet", "."]).arg(&copy))?;
    Ok(copy)
}
