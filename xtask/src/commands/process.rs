//! Running other programs, from the root of the project.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command to its end; its output goes to ours.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {name}"))?;
    ensure!(status.success(), "{name} ended with {status}");
    Ok(())
}

/// Whether a command ends well; what it says goes nowhere.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Whether a program is on the path; says so if it is not.
pub fn available(program: &str, what: &str) -> bool {
    let found = succeeds(Command::new(program).arg("--version"));
    if !found {
        println!("SKIPPED: {program} is not here, so {what}");
    }
    found
}

/// Copies a file, but leaves one alone that is the same: what was built from it stays up to date.
pub fn refresh(from: &Path, to: &Path) -> Result<()> {
    let text = std::fs::read(from).with_context(|| from.display().to_string())?;
    if std::fs::read(to).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::create_dir_all(to.parent().unwrap_or(to))?;
    std::fs::copy(from, to).with_context(|| to.display().to_string())?;
    Ok(())
}

/// Every file in a folder and the folders in it; none where there is no folder.
pub fn files_below(dir: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// The tree as it was committed, copied into a folder of `target/`.
pub fn committed(name: &str) -> Result<PathBuf> {
    let copy = root().join("target").join(name);
    let _ = std::fs::remove_dir_all(&copy);
    run(Command::new("git").current_dir(root()).args(["clone", "--quiet", "."]).arg(&copy))?;
    Ok(copy)
}

/// Says what comes next.
pub fn step(text: &str) {
    println!("==> {text}");
}
