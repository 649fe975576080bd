//! A simulator with the seed `demo`, and the program with its credentials.

use configcat_simulator::Simulator;
use configcat_simulator::seed::Seed;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Id of the product `Web Shop`.
pub const PRODUCT: &str = "20000000-0000-4000-8000-000000000001";

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_configcat-management");

/// Threads of the simulators.
static THREADS: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A simulator, and a directory for files.
pub struct Demo {
    pub simulator: Simulator,
    pub folder: TempDir,
}

/// What a run of the program has printed, and its exit status.
#[derive(Debug)]
pub struct Run {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Run {
    /// Checks the exit status, and returns the standard output.
    pub fn expect(self, status: i32) -> String {
        assert_eq!(self.status, Some(status), "{self:?}");
        self.out
    }

    /// Checks the exit status, and returns the standard error.
    pub fn fails(self, status: i32) -> String {
        assert_eq!(self.status, Some(status), "{self:?}");
        self.err
    }
}

impl Demo {
    pub fn start() -> Self {
        Self::with(Seed::demo().unwrap())
    }

    pub fn with(seed: Seed) -> Self {
        let simulator = THREADS.block_on(Simulator::builder().seed(seed).start()).unwrap();
        Self { simulator, folder: TempDir::new().unwrap() }
    }

    /// Returns a file in the directory.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file in the directory, and returns its path.
    pub fn write(&self, name: &str, text: &str) -> String {
        std::fs::create_dir_all(self.file(name).parent().unwrap()).unwrap();
        std::fs::write(self.file(name), text).unwrap();
        self.file(name).to_str().unwrap().to_owned()
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    /// The program, with the credentials of the simulator's owner in its environment.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut program = bare(self.folder.path(), arguments);
        program
            .env("CONFIGCAT_BASE_URL", self.simulator.url())
            .env("CONFIGCAT_API_USER", "simulator")
            .env("CONFIGCAT_API_PASS", "simulator");
        program
    }

    /// Runs the program in pipes.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.program(arguments).stdin(Stdio::null()).output().unwrap().into()
    }

    /// Runs the program with a text as its standard input.
    pub fn run_with(&self, input: &str, arguments: &[&str]) -> Run {
        let mut program = self.program(arguments);
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// Runs the program with `--json`, and parses its output.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let text = self.run(&[arguments, &["--json"]].concat()).expect(0);
        serde_json::from_str(&text).unwrap()
    }

    /// Number of requests that change something.
    pub fn writes(&self) -> usize {
        let all = self.simulator.journal(&Default::default());
        all.iter().filter(|entry| entry.method != "GET").count()
    }

    /// Waits until a fault has happened.
    pub fn wait_for_fault(&self) {
        wait_until(|| self.simulator.faults().iter().any(|fault| fault.happened > 0));
    }
}

/// The program without credentials. Nothing of the environment of the tests reaches it.
pub fn bare(folder: &Path, arguments: &[&str]) -> Command {
    let mut program = Command::new(PROGRAM);
    program.args(arguments).env_clear().current_dir(folder).env("TERM", "xterm").env("NO_PROXY", "127.0.0.1");
    for name in ["PATH", "SystemRoot", "TMPDIR", "TEMP", "LD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(name) {
            program.env(name, value);
        }
    }
    program.env("HOME", folder).env("APPDATA", folder);
    program
}

/// Waits until a condition is met, for at most a minute.
pub fn wait_until(condition: impl Fn() -> bool) {
    for _ in 0..6_000 {
        if condition() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the condition was not met");
}
