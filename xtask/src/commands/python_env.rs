//! A virtual environment of our own with the wheel in it, so that nothing has to be installed by hand.

use super::process::{root, run, step};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// How the native half is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build: for tests and the demo.
    Dev,
    /// Quick to run: for benchmarks.
    Release,
}

impl Profile {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// Cargo's profile for the library of Kotlin and Swift.
    pub const fn mobile(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "mobile",
        }
    }

    /// Cargo's profile for the wheel: a quick one is built as it is shipped.
    const fn wheel(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wheel",
        }
    }
}

/// What the Python tests need beside the package.
pub const TEST_PACKAGES: &[&str] =
    &["pytest>=8", "pytest-xdist>=3", "anyio>=4", "trio>=0.27", "flask>=3", "fastapi>=0.115", "httpx>=0.28"];

/// Environments that have the package as it is now: several parts of one run use them.
static INSTALLED: Mutex<Vec<Profile>> = Mutex::new(Vec::new());

/// A virtual environment.
pub struct Environment {
    dir: PathBuf,
}

impl Environment {
    /// The environment of a profile, made when it is not there, with the package as it is now.
    pub fn prepare(profile: Profile) -> Result<Self> {
        let environment = Self::made(profile.name())?;
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if installed.contains(&profile) {
            return Ok(environment);
        }
        step(&format!("building and installing the wheel ({})", profile.name()));
        let mut pip = environment.pip();
        pip.args(["install", "--no-deps", "--force-reinstall", "."]);
        pip.env("MATURIN_PEP517_ARGS", format!("--profile {}", profile.wheel()));
        run(&mut pip)?;
        installed.push(profile);
        Ok(environment)
    }

    /// The environment for programs of other people, without the package.
    pub fn tools() -> Result<Self> {
        Self::made("tools")
    }

    fn made(name: &str) -> Result<Self> {
        let environment = Self { dir: root().join("target").join(format!("python-{name}")) };
        if !environment.python_path().exists() {
            step("making a virtual environment");
            run(Command::new(system_python()?).args(["-m", "venv"]).arg(&environment.dir))?;
        }
        Ok(environment)
    }

    /// A new environment of some Python, with nothing in it.
    pub fn clean(python: &Path) -> Result<Self> {
        let dir = root().join("target/python-clean");
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        run(Command::new(python).args(["-m", "venv"]).arg(&dir))?;
        Ok(Self { dir })
    }

    /// Installs packages by name unless they are there.
    pub fn require(&self, packages: &[&str]) -> Result<()> {
        run(self.pip().arg("install").args(packages))
    }

    fn pip(&self) -> Command {
        let mut command = self.python();
        command.args(["-m", "pip", "--quiet", "--disable-pip-version-check"]);
        command
    }

    /// A command that runs this environment's Python from the root of the project.
    pub fn python(&self) -> Command {
        let mut command = Command::new(self.python_path());
        command.current_dir(root()).env_remove("PYTHONPATH");
        command
    }

    /// The search path with its programs first.
    pub fn path(&self) -> Result<std::ffi::OsString> {
        let own = self.python_path().parent().map(Path::to_path_buf);
        let others = std::env::var_os("PATH").unwrap_or_default();
        Ok(std::env::join_paths(own.into_iter().chain(std::env::split_paths(&others)))?)
    }

    /// Where its Python is.
    pub fn python_path(&self) -> PathBuf {
        if cfg!(windows) { self.dir.join("Scripts/python.exe") } else { self.dir.join("bin/python") }
    }
}

/// A Python that is new enough.
fn system_python() -> Result<&'static str> {
    const CHECK: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    for name in ["python3", "python"] {
        let found = Command::new(name).args(["-c", CHECK]).output();
        if found.is_ok_and(|out| out.status.success()) {
            return Ok(name);
        }
    }
    bail!("no Python 3.10 or newer with venv was found on the path")
}

/// The simulator as a program, built.
pub fn simulator(profile: Profile) -> Result<PathBuf> {
    let mut cargo = super::process::cargo();
    cargo.args(["build", "--quiet", "--package", "configcat-simulator", "--profile", profile.name()]);
    run(&mut cargo).context("building the simulator")?;
    let folder = if profile == Profile::Dev { "debug" } else { "release" };
    Ok(root()
        .join("target")
        .join(folder)
        .join(format!("configcat-simulator{}", std::env::consts::EXE_SUFFIX)))
}
