//! Servers that tests, examples and benches run against: the simulator, and the player of the contract vectors.

use super::process::{cargo, root, run};
use super::python_env::{Profile, simulator};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A server that ends with its owner.
pub struct Running {
    child: Child,
    pub url: String,
}

impl Running {
    pub fn start(profile: Profile, options: &[&str]) -> Result<Self> {
        Self::spawn(Command::new(simulator(profile)?).args(options))
    }

    /// A program whose first line says where it listens.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("starting a server")?;
        let mut url = String::new();
        let out = child.stdout.take().context("the server has no output")?;
        BufReader::new(out).read_line(&mut url)?;
        ensure!(url.starts_with("http://"), "the server did not say where it listens");
        Ok(Self { child, url: url.trim().to_owned() })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Plays the vectors until it is dropped.
pub fn player() -> Result<Running> {
    run(cargo().args(["build", "--quiet", "--package", "contract-player"]))?;
    // It ends with its input, which it has as long as somebody holds it.
    Running::spawn(Command::new(root().join("target/debug/contract-player")).stdin(Stdio::piped()))
}
