//! Virtual environments with the Python package installed.

use super::build;
use super::files::{mirror, refresh};
use super::process::{output, run, step};
use super::workspace::{root, target};
use anyhow::{Context as _, Result, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Build profile of the native extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Compiles fast; for tests and the demo.
    Dev,
    /// Runs fast; for benchmarks.
    Release,
}

impl Profile {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// Packages that the Python tests import.
pub const TEST_PACKAGES: &[&str] = &[
    "pytest>=8",
    "pytest-xdist>=3",
    "anyio>=4",
    "trio>=0.27",
    "flask>=3",
    "fastapi>=0.115",
    "httpx>=0.28",
    "jsonpatch>=1.33",
    "opentelemetry-sdk>=1.27",
    "numpy>=1.26",
    "pydantic>=2",
    "pandas>=2",
    "polars>=1",
];
/// The build backend of `pyproject.toml`.
pub const MATURIN: &str = "maturin>=1.16,<2";

/// Held while packages are installed: parts that run concurrently share environments.
static INSTALLING: Mutex<()> = Mutex::new(());
/// Profiles whose environments have the current package. Several parts of one run use the same environment.
static INSTALLED: Mutex<Vec<Profile>> = Mutex::new(Vec::new());

/// A virtual environment.
pub struct Environment {
    dir: PathBuf,
}

impl Environment {
    /// Returns the environment of a profile, with the current package installed.
    pub fn prepare(profile: Profile) -> Result<Self> {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = Self::made(profile.name())?;
        if !installed.contains(&profile) {
            match profile {
                Profile::Dev => environment.install_from_build()?,
                Profile::Release => environment.install_wheel()?,
            }
            installed.push(profile);
        }
        Ok(environment)
    }

    /// Returns the environment for third-party tools, without the package.
    pub fn tools() -> Result<Self> {
        Self::made("tools")
    }

    fn made(name: &str) -> Result<Self> {
        let environment = Self { dir: target(format!("python-{name}"))? };
        if !environment.python_path().exists() {
            step("making a virtual environment");
            run(Command::new(system_python()?).args(["-m", "venv"]).arg(&environment.dir))?;
        }
        Ok(environment)
    }

    /// Creates an empty environment with a given Python.
    pub fn clean(python: &Path) -> Result<Self> {
        let dir = target("python-clean")?;
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        run(Command::new(python).args(["-m", "venv"]).arg(&dir))?;
        Ok(Self { dir })
    }

    /// Installs the package from the shared build. Files are copied, and the metadata comes from maturin, but cargo does not
    /// run again: it would recompile the core with other features. `verify dist-python` installs the real wheel.
    fn install_from_build(&self) -> Result<()> {
        let built = build::products()?;
        step("installing the Python package from the build");
        let packages = self.site_packages()?;
        let package = packages.join("configcat_management");
        let module = if cfg!(windows) { "_native.pyd" } else { "_native.abi3.so" };
        let compiled = |path: &Path| {
            path == Path::new(module) || path.components().any(|part| part.as_os_str() == "__pycache__")
        };
        mirror(&root().join("bindings/python/python/configcat_management"), &package, compiled)?;
        refresh(built.library("_native")?, &package.join(module))?;
        self.write_metadata(&packages)
    }

    /// Writes the package's metadata and its command, unless they are up to date.
    fn write_metadata(&self, packages: &Path) -> Result<()> {
        let sources = ["pyproject.toml", "Cargo.toml", "bindings/python/Cargo.toml", "README.md"];
        let mut wanted = String::new();
        for source in sources {
            wanted += &std::fs::read_to_string(root().join(source))?;
        }
        let stamp = self.dir.join("metadata-of");
        if std::fs::read_to_string(&stamp).is_ok_and(|written| written == wanted) {
            return Ok(());
        }
        self.require(&[MATURIN])?;
        let mut maturin = self.python();
        maturin.args(["-m", "maturin", "pep517", "write-dist-info", "--metadata-directory"]).arg(packages);
        maturin.env("PATH", self.path()?);
        output(&mut maturin)?;
        self.write_command("configcat-management")?;
        std::fs::write(stamp, wanted)?;
        Ok(())
    }

    /// Writes a console script as pip would, for the entry point in the metadata.
    fn write_command(&self, name: &str) -> Result<()> {
        const WRITE: &str = "\
import sys
from importlib.metadata import entry_points
from pip._vendor.distlib.scripts import ScriptMaker
entry, = entry_points(group='console_scripts', name=sys.argv[1])
maker = ScriptMaker(None, sys.argv[2])
maker.clobber, maker.variants = True, {''}
maker.make(f'{entry.name} = {entry.value}')";
        let scripts =
            self.python_path().parent().map(Path::to_path_buf).context("no directory of scripts")?;
        run(self.python().args(["-c", WRITE, name]).arg(scripts))
    }

    /// Installs the package as a user would, from a release wheel.
    fn install_wheel(&self) -> Result<()> {
        step("building and installing the wheel");
        let mut pip = self.pip();
        pip.args(["install", "--no-deps", "--force-reinstall", "."]);
        run(pip.env("MATURIN_PEP517_ARGS", "--profile wheel"))
    }

    fn site_packages(&self) -> Result<PathBuf> {
        const PATH: &str = "import sysconfig; print(sysconfig.get_paths()['platlib'])";
        Ok(PathBuf::from(output(self.python().args(["-c", PATH]))?))
    }

    /// Installs packages unless this environment already has them.
    pub fn require(&self, packages: &[&str]) -> Result<()> {
        let _held = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.dir.join("required");
        let known = std::fs::read_to_string(&stamp).unwrap_or_default();
        let new: Vec<&&str> =
            packages.iter().filter(|package| !known.lines().any(|line| line == **package)).collect();
        if new.is_empty() {
            return Ok(());
        }
        run(self.pip().arg("install").args(packages))?;
        let lines: String = new.iter().map(|package| format!("{package}\n")).collect();
        std::fs::write(stamp, known + &lines)?;
        Ok(())
    }

    fn pip(&self) -> Command {
        let mut command = self.python();
        command.args(["-m", "pip", "--quiet", "--disable-pip-version-check"]);
        command
    }

    /// Returns a command that runs this environment's Python in the root of the project.
    pub fn python(&self) -> Command {
        let mut command = Command::new(self.python_path());
        command.current_dir(root()).env_remove("PYTHONPATH");
        command
    }

    /// Returns the value of `PATH`, with this environment's programs first.
    pub fn path(&self) -> Result<OsString> {
        let own = self.python_path().parent().map(Path::to_path_buf);
        let others = std::env::var_os("PATH").unwrap_or_default();
        Ok(std::env::join_paths(own.into_iter().chain(std::env::split_paths(&others)))?)
    }

    /// Returns the path of the Python interpreter.
    pub fn python_path(&self) -> PathBuf {
        if cfg!(windows) { self.dir.join("Scripts/python.exe") } else { self.dir.join("bin/python") }
    }
}

/// Returns a Python on this machine that is new enough.
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
