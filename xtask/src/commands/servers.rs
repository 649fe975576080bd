//! Servers that tests, examples and benches run against: the simulator, the player of the contract vectors, and those that
//! misbehave.

use super::process::{cargo, root, run};
use super::python_env::{Profile, simulator};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A program that ends with its owner.
struct Process(Child);

impl Process {
    /// Starts a program, and hands out what it says.
    fn start(command: &mut Command) -> Result<(Self, BufReader<ChildStdout>)> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("starting a server")?;
        let out = child.stdout.take().context("the server has no output")?;
        Ok((Self(child), BufReader::new(out)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that ends with its owner.
pub struct Running {
    _process: Process,
    pub url: String,
}

impl Running {
    pub fn start(profile: Profile, options: &[&str]) -> Result<Self> {
        Self::spawn(Command::new(simulator(profile)?).args(options))
    }

    /// A program whose first line says where it listens.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let (process, mut out) = Process::start(command)?;
        let mut url = String::new();
        out.read_line(&mut url)?;
        ensure!(url.starts_with("http://"), "the server did not say where it listens");
        Ok(Self { _process: process, url: url.trim().to_owned() })
    }
}

/// What the tests of every language meet: the player of the contract vectors, and servers that misbehave.
pub struct TestServers {
    player: Running,
    faults: Faults,
    /// The same once more, for calls that do not wait: some servers misbehave only the first time.
    again: Faults,
}

/// Servers that misbehave.
struct Faults {
    _process: Process,
    /// Where they are, and what has to be seen there.
    table: String,
}

impl Faults {
    fn start(command: &mut Command) -> Result<Self> {
        let (process, out) = Process::start(command)?;
        // The table ends with an empty line.
        let lines = out.lines().take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()));
        let table: Vec<String> = lines.collect::<std::io::Result<_>>()?;
        ensure!(table.len() > 1, "the servers that misbehave did not say where they are");
        Ok(Self { _process: process, table: table.join("\n") })
    }
}

impl TestServers {
    pub fn start() -> Result<Self> {
        run(cargo().args(["build", "--quiet", "--package", "contract-player", "--package", "fault-server"]))?;
        // They end with their input, which they have as long as somebody holds it.
        let program = |name: &str| {
            let mut command = Command::new(
                root().join("target/debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)),
            );
            command.stdin(Stdio::piped());
            command
        };
        let player = Running::spawn(&mut program("contract-player"))?;
        let faults = || Faults::start(&mut program("fault-server"));
        Ok(Self { player, faults: faults()?, again: faults()? })
    }

    /// Tells a command where the servers are.
    pub fn announce<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("FAULTS", &self.faults.table).env("FAULTS_AGAIN", &self.again.table);
        command.env("CONTRACT_PLAYER", &self.player.url)
    }
}
