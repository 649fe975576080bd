//! The measuring program in Rust, and servers that replay responses from memory, so that the work of a server does not count.

use super::artefact::Artefact;
use super::program;
use crate::support::build;
use crate::support::process::{output, step};
use crate::support::python::Profile;
use crate::support::servers::Running;
use crate::support::workspace::cargo;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the measuring program and returns its path.
pub fn program() -> Result<PathBuf> {
    let built = build::run(cargo()?.args(["build", "--release", "--package", "bench"]))?;
    built.program("bench").map(Path::to_path_buf)
}

/// A server that replays responses of the simulator, and the measuring program.
pub struct Recorded {
    player: Running,
    program: PathBuf,
    artefact: Artefact,
    /// IDs of a config of 1,000 flags, and of one of 10,000.
    pub small: String,
    pub large: String,
}

impl Recorded {
    pub fn start() -> Result<Self> {
        let program = program()?;
        let artefact = Artefact::new(&program, "release")?;
        let simulator = Running::start(Profile::Release, &[])?;
        step("recording responses, with 11,000 flags");
        let fill =
            |flags: &str| output(Command::new(&program).args(["--url", &simulator.url, "fill", flags]));
        let (small, large) = (fill("1000")?, fill("10000")?);
        let list = |config: &str| format!("/v1/configs/{config}/settings");
        let paths = ["/v1/me".to_owned(), list(&small), list(&large)];
        let player =
            Running::spawn(Command::new(&program).args(["--url", &simulator.url, "play"]).args(paths))?;
        Ok(Self { player, program, artefact, small, large })
    }

    pub fn url(&self) -> &str {
        &self.player.url
    }

    /// Runs a command of the measuring program.
    pub fn measure(&self, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.program);
        program::run(command.args(["--url", self.url()]).args(arguments), &self.artefact)
    }

    /// Measures hyper alone, for comparison with another language.
    pub fn floor(&self) -> Result<()> {
        self.measure(&["floor", &self.small, &self.large])
    }
}
