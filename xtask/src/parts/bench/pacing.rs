//! Measures processes that share a credential and its request budget: their total time, and the share of requests rejected with
//! 429.

use super::artefact::Artefact;
use super::machine::measured;
use super::{program, record};
use crate::support::python::{Environment, Profile};
use crate::support::servers::{Running, simulator};
use crate::support::workspace::root;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Requests per window, and the length of a window in seconds. It is a third of the service's window of one minute.
const LIMIT: usize = 1000;
const WINDOW: f64 = 20.0;
/// Number of calls: enough for four windows, of which the last one is half used.
const CALLS: usize = 3500;
/// Number of concurrent calls in each process.
const AT_ONCE: usize = 4;
const PROCESSES: [usize; 4] = [1, 4, 16, 64];
/// Environment variable that selects rows, such as `Python 64`, because all of them take a quarter of an hour.
const ROWS: &str = "PACING_ROWS";
/// Numbers of windows after which additional processes start, each with one call.
const NEWCOMERS: [f64; 2] = [1.6, 2.4];

/// Prints the id of the process after it has loaded the module, and waits.
const LOADED: &str = "\
import os, sys, configcat_management
print(f'ready\\t{os.getpid()}', flush=True)
sys.stdin.readline()";

/// Measures processes of the measuring program, and of Python with the module that cargo built for the wheel.
pub fn bench(program: &Path) -> Result<()> {
    Artefact::new(program, "release")?;
    let python = Environment::prepare(Profile::Release)?;
    let module = Artefact::wheel_module()?;
    let simulator = simulator(Profile::Release)?;
    println!("{CALLS} calls in all, {AT_ONCE} at once in each process, {LIMIT} per {WINDOW} s");
    measured(|| {
        program::run(python.python().args(["-c", LOADED]), &module)?;
        rows(program, &python, &simulator)
    })
}

fn rows(program: &Path, python: &Environment, simulator: &Path) -> Result<()> {
    let chosen = std::env::var(ROWS).unwrap_or_default();
    for language in ["Rust", "Python", "both"] {
        for processes in PROCESSES {
            if !chosen.is_empty() && !chosen.split(',').any(|row| row == format!("{language} {processes}")) {
                continue;
            }
            let command = |url: &str, number: usize, calls: usize| {
                let of_rust = language == "Rust" || (language == "both" && number.is_multiple_of(2));
                let mut command = if of_rust {
                    let mut command = Command::new(program);
                    command.args(["--url", url, "pace"]);
                    command
                } else {
                    let mut command = python.python();
                    command.arg(root().join("bench/python/pacing.py")).arg(url);
                    command
                };
                command.args([calls.to_string(), AT_ONCE.min(calls).to_string()]);
                command
            };
            let figures = run(simulator, processes, command)?;
            record::cells("Pacing", &format!("{language}, {processes}"), &figures);
        }
    }
    Ok(())
}

/// Figures that a process printed.
struct Figures {
    requests: u64,
    refused: u64,
    seconds: f64,
    /// Timestamps at which its calls completed, in milliseconds of the wall clock, sorted.
    ends: Vec<u64>,
}

fn run(
    simulator: &Path,
    processes: usize,
    command: impl Fn(&str, usize, usize) -> Command,
) -> Result<Vec<(&'static str, String)>> {
    // A new simulator for each run, so that its first window begins with the first call.
    let running =
        Running::spawn(Command::new(simulator).args(["--rate-limit", &format!("{LIMIT}/{WINDOW}")]))?;
    let start = Instant::now();
    let spawn = |number, calls| command(&running.url, number, calls).stdout(Stdio::piped()).spawn();
    let each = CALLS / processes;
    let children: Vec<Child> = (0..processes).map(|n| spawn(n, each)).collect::<std::io::Result<_>>()?;
    let mut newcomers = Vec::new();
    // No additional processes when a single process is measured.
    let coming = NEWCOMERS.iter().filter(|_| processes > 1);
    for (number, after) in coming.enumerate() {
        let comes = Duration::from_secs_f64(after * WINDOW);
        std::thread::sleep(comes.saturating_sub(start.elapsed()));
        newcomers.push(spawn(number, 1)?);
    }
    let results: Vec<Figures> = children.into_iter().map(read_figures).collect::<Result<_>>()?;
    let makespan = start.elapsed().as_secs_f64();
    let newcomers: Vec<Figures> = newcomers.into_iter().map(read_figures).collect::<Result<_>>()?;
    let ideal = ((each * processes - 1) / LIMIT) as f64 * WINDOW;
    let all = || results.iter().chain(&newcomers);
    let (requests, refused) = (all().map(|s| s.requests).sum::<u64>(), all().map(|s| s.refused).sum::<u64>());
    // The second window, during which all processes are running. The first one began with the first call.
    let began = results.iter().filter_map(|s| s.ends.first()).min().copied().unwrap_or_default();
    let window = (WINDOW * 1e3) as u64;
    let second = began + window..began + 2 * window;
    let hungry = || results.iter().filter(|s| s.ends.last().is_some_and(|end| *end >= second.end));
    let shares = || hungry().map(|s| s.ends.iter().filter(|end| second.contains(end)).count());
    let share = format!("{} to {}", shares().min().unwrap_or_default(), shares().max().unwrap_or_default());
    let longest = newcomers.iter().map(|s| s.seconds).fold(0.0, f64::max);
    let refused_share = 100.0 * refused as f64 / requests as f64;
    let mut cells = vec![
        ("ideal", format!("{ideal:.1} s")),
        ("time", format!("{makespan:.1} s")),
        ("ratio", format!("{:.2}", makespan / ideal)),
        ("responses with 429", format!("{refused} ({refused_share:.2} %)")),
    ];
    // A single process has no competitors.
    if processes > 1 {
        cells.extend([("in the second window", share), ("newcomer", format!("{longest:.2} s"))]);
    }
    Ok(cells)
}

fn read_figures(child: Child) -> Result<Figures> {
    let out = child.wait_with_output()?;
    ensure!(out.status.success(), "a process of the pacing bench ended with {}", out.status);
    let text = String::from_utf8(out.stdout)?;
    let (figures, ends) = text.split_once('\n').context("no figures")?;
    let mut figures = figures.split_whitespace();
    let mut next = || figures.next().context("no figure");
    let mut ends: Vec<u64> =
        ends.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?;
    ends.sort_unstable();
    Ok(Figures { requests: next()?.parse()?, refused: next()?.parse()?, seconds: next()?.parse()?, ends })
}
