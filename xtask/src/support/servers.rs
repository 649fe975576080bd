//! Servers for tests, examples and benchmarks: the simulator, the server that replays the contract vectors, and the
//! fault-injecting servers.

use super::build;
use super::python::Profile;
use super::report;
use super::workspace::cargo;
use anyhow::{Context as _, Result, ensure};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Child process that is killed when it is dropped.
struct Process(Child);

impl Process {
    /// Starts a program and returns it with its output.
    fn start(command: &mut Command) -> Result<(Self, BufReader<ChildStdout>)> {
        report::redirect_errors(command)?;
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("starting {name}"))?;
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

/// Builds the simulator and returns the path of the program.
pub fn simulator(profile: Profile) -> Result<PathBuf> {
    let built = match profile {
        Profile::Dev => build::products()?,
        Profile::Release => {
            build::run(cargo()?.args(["build", "--package", "configcat-simulator", "--release"]))?
        }
    };
    built.program("configcat-simulator").map(Path::to_path_buf)
}

/// Running server that is stopped when it is dropped.
pub struct Running {
    _process: Process,
    pub url: String,
}

impl Running {
    /// Starts the simulator.
    pub fn start(profile: Profile, options: &[&str]) -> Result<Self> {
        Self::spawn(Command::new(simulator(profile)?).args(options))
    }

    /// Starts a program that prints its URL as the first line.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let (process, mut out) = Process::start(command)?;
        let mut url = String::new();
        out.read_line(&mut url)?;
        ensure!(url.starts_with("http://"), "the server did not print its URL");
        Ok(Self { _process: process, url: url.trim().to_owned() })
    }
}

/// Servers for the tests of every language: the server that replays the contract vectors, and the fault-injecting servers.
pub struct TestServers {
    player: Running,
    faults: Faults,
    /// A second set for asynchronous calls, because some servers inject a fault only the first time.
    again: Faults,
    mutual: Faults,
}

/// Fault-injecting servers.
struct Faults {
    _process: Process,
    /// What they print: URLs, and for faults the result that a client must see.
    table: String,
}

impl Faults {
    fn start(command: &mut Command) -> Result<Self> {
        let (process, out) = Process::start(command)?;
        // The table ends with an empty line.
        let lines = out.lines().take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()));
        let table: Vec<String> = lines.collect::<std::io::Result<_>>()?;
        ensure!(table.len() > 1, "the fault server did not print its URLs");
        Ok(Self { _process: process, table: table.join("\n") })
    }
}

impl TestServers {
    /// Builds and starts them.
    pub fn start() -> Result<Self> {
        let built = build::products()?;
        // They stop when their standard input is closed, and therefore also if this process is killed.
        let program = |name: &str| -> Result<Command> {
            let mut command = Command::new(built.program(name)?);
            command.stdin(Stdio::piped());
            Ok(command)
        };
        let player = Running::spawn(&mut program("contract-player")?)?;
        let faults = || Faults::start(&mut program("fault-server")?);
        let mutual = Faults::start(program("fault-server")?.arg("mutual"))?;
        Ok(Self { player, faults: faults()?, again: faults()?, mutual })
    }

    /// Sets the environment variables through which a command finds the servers.
    pub fn announce<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("FAULTS", &self.faults.table).env("FAULTS_AGAIN", &self.again.table);
        // The server that requires a certificate of its clients: its URL, and PEM texts.
        for (name, line) in
            ["MUTUAL_URL", "MUTUAL_AUTHORITY", "MUTUAL_CERTIFICATE"].iter().zip(self.mutual.table.lines())
        {
            command.env(name, line.replace('|', "\n"));
        }
        command.env("CONTRACT_PLAYER", &self.player.url)
    }
}
