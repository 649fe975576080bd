//! Runs a measuring program: a process that loads what is measured, and reports figures.

use super::artefact::Artefact;
use super::record::Record;
use anyhow::{Context as _, Result, ensure};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

/// Number of processes in which the time of the first call is measured.
pub const FIRST_CALLS: usize = 5;
/// Search paths for libraries. Cargo sets one for `cargo xtask` that contains its debug builds.
const SEARCH_PATHS: [&str; 3] = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];

/// Runs a program and prints its output. Whenever a process of it is ready, verifies that it has loaded the artefact; the
/// program waits until that is done. Fails if no process said that it is ready.
pub fn run(command: &mut Command, artefact: &Artefact) -> Result<()> {
    remove_search_paths(command);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let verified = forward(&mut child, artefact);
    if verified.is_err() {
        let _ = child.kill();
    }
    let status = child.wait()?;
    let verified = verified?;
    ensure!(status.success(), "{name} ended with {status}");
    ensure!(verified > 0, "{name} was never ready to be inspected");
    Ok(())
}

/// Removes the search paths of this process, but not one that was set for the program.
fn remove_search_paths(command: &mut Command) {
    for variable in SEARCH_PATHS {
        if !command.get_envs().any(|(name, _)| name == variable) {
            command.env_remove(variable);
        }
    }
}

/// Returns the number of processes that were verified.
fn forward(child: &mut Child, artefact: &Artefact) -> Result<usize> {
    let output = child.stdout.take().context("no output")?;
    // Not taken: it stays open until a program that must not continue has been killed.
    let input = child.stdin.as_mut().context("no input")?;
    let mut verified = 0;
    for line in BufReader::new(output).lines() {
        let line = line?;
        match Record::parse(&line) {
            Some(Record::Ready { process }) => {
                artefact.verify(process)?;
                input.write_all(b"\n")?;
                verified += 1;
            }
            _ => println!("{line}"),
        }
    }
    Ok(verified)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::support::workspace::target;
    use std::path::Path;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn programs_with_another_library_are_not_measured() {
        // No shell has loaded this file.
        let file = std::env::current_exe().unwrap();
        let copy = target("release/not-loaded-by-a-shell").unwrap();
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(file, &copy).unwrap();
        let artefact = Artefact::new(&copy, "release").unwrap();
        let measured = target("release/was-measured").unwrap();
        let _ = std::fs::remove_file(&measured);
        let script = format!("printf 'ready\\t%s\\n' $$; read go; touch '{}'", measured.display());
        let message = run(&mut shell(&script), &artefact).unwrap_err().to_string();
        assert!(message.contains("has not loaded"), "{message}");
        assert!(!measured.exists());
        let message = run(&mut shell("echo done"), &artefact).unwrap_err().to_string();
        assert!(message.contains("never ready"), "{message}");
        std::fs::remove_file(copy).unwrap();
    }

    #[test]
    fn debug_libraries_on_the_search_path_are_refused() {
        // Any library serves as the debug build, under its name and in its directory.
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let known = maps.split_whitespace().find(|path| path.contains("/libgcc_s.so")).unwrap();
        // LD_PRELOAD cannot name a path with spaces, which the target directory may have.
        let folder = std::env::temp_dir().join(format!("configcat-bench-trap-{}", std::process::id()));
        let debug = folder.join("debug/libconfigcat_management.so");
        std::fs::create_dir_all(debug.parent().unwrap()).unwrap();
        std::fs::copy(known, &debug).unwrap();
        let shell_itself = Path::new("/bin/sh").canonicalize().unwrap();
        let built = target("release/libconfigcat_management-of-a-test.so").unwrap();
        std::fs::create_dir_all(built.parent().unwrap()).unwrap();
        std::fs::copy(shell_itself, &built).unwrap();
        let mut command = shell("printf 'ready\\t%s\\n' $$; read go");
        let refused =
            run(command.env("LD_PRELOAD", &debug), &Artefact::new(&built, "release").unwrap()).unwrap_err();
        let message = refused.to_string();
        assert!(message.contains("it is a debug build"), "{message}");
        std::fs::remove_file(built).unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn only_inherited_search_paths_are_removed() {
        let mut command = shell("");
        command.env("LD_LIBRARY_PATH", "/own");
        remove_search_paths(&mut command);
        let set: Vec<_> = command.get_envs().collect();
        assert!(set.contains(&("LD_LIBRARY_PATH".as_ref(), Some("/own".as_ref()))));
        assert!(set.contains(&("DYLD_LIBRARY_PATH".as_ref(), None)));
    }
}
