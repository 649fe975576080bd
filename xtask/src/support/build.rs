//! The build shared by the tests of all languages. Every crate is compiled once, with the features of the whole workspace:
//! cargo would recompile the core for each selection of packages, because each enables other features.

use super::process::step;
use super::report;
use super::workspace::{cargo, root};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Packages and features of the shared build. Excluded are xtask, which is already running and has its own features, the
/// bench, which is built in release mode, and the generator of mobile bindings, which takes longer to compile than the rest.
const SHARED: &[&str] = &[
    "--workspace",
    "--exclude",
    "xtask",
    "--exclude",
    "bench",
    "--exclude",
    "configcat-management-bindgen",
    "--features",
    "configcat-management-ffi/mobile",
];

/// Targets that are not tests. An example is included because it makes cargo enable the features of dev-dependencies;
/// without it, building the tests afterwards would recompile everything.
const PRODUCTS: &[&str] = &["--lib", "--bins", "--example", "quickstart", "--example", "guides"];

/// Artifacts of a build.
#[derive(Debug, Default, Clone)]
pub struct Built {
    programs: BTreeMap<String, PathBuf>,
    libraries: BTreeMap<String, PathBuf>,
    /// Test programs.
    pub tests: Vec<TestProgram>,
}

/// Test executable.
#[derive(Debug, Clone)]
pub struct TestProgram {
    /// Name of its package and target.
    pub name: String,
    pub program: PathBuf,
    /// Directory of its package, in which cargo would run it.
    pub directory: PathBuf,
}

impl Built {
    /// Returns the path of a program or an example.
    pub fn program(&self, name: &str) -> Result<&Path> {
        self.programs
            .get(name)
            .map(PathBuf::as_path)
            .with_context(|| format!("cargo built no program {name}"))
    }

    /// Returns the path of the shared library with a name.
    pub fn library(&self, name: &str) -> Result<&Path> {
        self.libraries
            .get(name)
            .map(PathBuf::as_path)
            .with_context(|| format!("cargo built no library {name}"))
    }
}

/// Returns a cargo command with the packages and features of the shared build.
pub fn shared(subcommand: &str) -> Result<Command> {
    let mut command = cargo()?;
    command.arg(subcommand).args(SHARED);
    Ok(command)
}

/// Artifacts of the shared build in this run, and whether they include the tests.
static BUILT: Mutex<Option<(Built, bool)>> = Mutex::new(None);

/// Builds libraries and programs, unless this run did so already.
pub fn products() -> Result<Built> {
    build_once(false)
}

/// Builds libraries, programs and tests, unless this run did so already.
pub fn everything() -> Result<Built> {
    build_once(true)
}

/// Runs the shared build once. Concurrent parts wait for the first one's build.
fn build_once(with_tests: bool) -> Result<Built> {
    let mut slot = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((built, has_tests)) = slot.as_ref()
        && (*has_tests || !with_tests)
    {
        return Ok(built.clone());
    }
    step(if with_tests {
        "building libraries, programs and tests"
    } else {
        "building libraries and programs"
    });
    let built = run(shared("build")?.args(PRODUCTS).args(with_tests.then_some("--tests")))?;
    *slot = Some((built.clone(), with_tests));
    Ok(built)
}

/// Runs a build and returns its artifacts.
pub fn run(command: &mut Command) -> Result<Built> {
    report::redirect_errors(command)?;
    let name = command.get_program().to_string_lossy().into_owned();
    command.arg("--quiet").arg("--message-format=json-render-diagnostics");
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    ensure!(output.status.success(), "{name} build ended with {}", output.status);
    let mut built = Built::default();
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: Value = serde_json::from_str(line)?;
        if message["reason"] == "compiler-artifact" {
            built.add(&message)?;
        }
    }
    Ok(built)
}

impl Built {
    fn add(&mut self, artifact: &Value) -> Result<()> {
        let name = artifact["target"]["name"].as_str().context("a target has no name")?;
        if let Some(program) = artifact["executable"].as_str().map(PathBuf::from) {
            if artifact["profile"]["test"] == true {
                let manifest = artifact["manifest_path"].as_str().context("a package has no manifest")?;
                let directory = Path::new(manifest).parent().unwrap_or(Path::new(".")).to_path_buf();
                let package = directory.strip_prefix(root()).unwrap_or(&directory).display().to_string();
                self.tests.push(TestProgram { name: format!("{package} {name}"), program, directory });
            } else {
                self.programs.insert(name.to_owned(), program);
            }
        } else if let Some(library) = shared_library(artifact, name) {
            self.libraries.insert(name.to_owned(), library);
        }
        Ok(())
    }
}

fn shared_library(artifact: &Value, name: &str) -> Option<PathBuf> {
    let wanted = format!("{DLL_PREFIX}{name}{DLL_SUFFIX}");
    let of_name = |path: &PathBuf| path.file_name().is_some_and(|file| file == wanted.as_str());
    let files = artifact["filenames"].as_array()?;
    files.iter().filter_map(|file| file.as_str().map(PathBuf::from)).find(of_name)
}
