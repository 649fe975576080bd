//! `cargo xtask demo`: a Python script against the simulator, with a rate limit that it has to wait out.

use super::process::{run, step};
use super::python_env::{Environment, Profile, simulator};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};

/// Fewer requests in a window than the script sends, so that it meets the limit.
const RATE_LIMIT: &str = "10/5";

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

pub fn run_demo() -> Result<()> {
    let environment = Environment::prepare(Profile::Dev)?;
    let simulator = Running::start(Profile::Dev, &["--rate-limit", RATE_LIMIT])?;
    step(&format!("simulator at {}, {RATE_LIMIT} requests per seconds", simulator.url));
    step("examples/python/flags_for_a_new_team.py");
    let mut script = environment.python();
    script
        .arg("examples/python/flags_for_a_new_team.py")
        .env("CONFIGCAT_API_USER", "simulator")
        .env("CONFIGCAT_API_PASS", "simulator")
        .env("CONFIGCAT_BASE_URL", &simulator.url);
    run(&mut script)
}

pub fn run_command() -> Result<ExitCode> {
    run_demo()?;
    println!(
        "\nNext: create a Public API credential in the ConfigCat dashboard, set CONFIGCAT_API_USER and\n\
         CONFIGCAT_API_PASS, and run the same script with the wheel in your own environment:\n\
         \n    pip install .\n    python examples/python/flags_for_a_new_team.py"
    );
    Ok(ExitCode::SUCCESS)
}
