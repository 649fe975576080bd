//! Runs other programs. In a part of a lane their output goes to the part's log, otherwise to the terminal.

use super::counts;
use super::report;
use super::time_limit::{self, TimeLimit};
use anyhow::{Context as _, Result, bail, ensure};
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Runs a command to completion. In a part of a lane it has a time limit.
pub fn run(command: &mut Command) -> Result<()> {
    let limit = report::active().then_some(time_limit::COMMAND);
    run_within(command, limit)
}

/// Runs a command to completion, or ends it when the time limit is exceeded.
pub fn run_within(command: &mut Command, limit: Option<Duration>) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    report::redirect(command)?;
    let mut child = command.spawn().with_context(|| format!("cannot run {name}"))?;
    let limit = limit.map(|limit| TimeLimit::start(&child, limit));
    let status = child.wait()?;
    limit.map_or(Ok(()), |limit| limit.completed(&name))?;
    ensure!(status.success(), "{name} ended with {status}");
    Ok(())
}

/// Runs a command to completion and counts it as one test.
pub fn run_check(command: &mut Command) -> Result<()> {
    run(command)?;
    report::passed(1);
    Ok(())
}

/// Runs a test runner to completion and adds the counts that it prints to those of the part.
pub fn run_tests(command: &mut Command) -> Result<()> {
    let start = report::log_length();
    let result = run(command);
    let counts = counts::in_output(&report::log_since(start)?);
    report::add(counts);
    result?;
    ensure!(
        !report::active() || counts.total() > 0,
        "{:?} succeeded, but its output has no summary of tests",
        command.get_program()
    );
    Ok(())
}

/// Runs a command and returns its standard output without surrounding white space.
pub fn output(command: &mut Command) -> Result<String> {
    report::redirect_errors(command)?;
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let limit = TimeLimit::start(&child, time_limit::COMMAND);
    let out = child.wait_with_output()?;
    limit.completed(&name)?;
    ensure!(out.status.success(), "{:?} ended with {}", command.get_program(), out.status);
    Ok(String::from_utf8(out.stdout)?.trim().to_owned())
}

/// Whether a command succeeds; its output is discarded.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Announces the next step: in the log of the running part, otherwise on the terminal.
pub fn step(text: &str) {
    report::step(text);
}

/// Command that runs concurrently with others.
pub struct Job {
    pub name: String,
    pub command: Command,
}

/// Runs test programs concurrently and sums the counts that they print. A failure does not stop the others. The output of the
/// failed programs comes last in the log, as one step.
pub fn run_jobs(jobs: Vec<Job>) -> Result<()> {
    // Most tests spend their time waiting, so more of them than cores run at once.
    run_concurrently(jobs, 2 * cores(), |output| {
        let counts = counts::in_output(output);
        report::add(counts);
        counts.total() > 0
    })
}

/// Runs compilers concurrently, one for each core, without counting tests.
pub fn compile_jobs(jobs: Vec<Job>) -> Result<()> {
    run_concurrently(jobs, cores(), |_| true)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn run_concurrently(jobs: Vec<Job>, workers: usize, mut plausible: impl FnMut(&str) -> bool) -> Result<()> {
    let mut failed = Vec::new();
    for (name, ended) in concurrently(jobs, workers) {
        let (output, succeeded) = ended?;
        let plausible = plausible(&output);
        if succeeded && plausible {
            step(&name);
            report::log(&output);
        } else if succeeded {
            failed.push((name, output + "error: it succeeded, but its output has no summary of tests\n"));
        } else {
            failed.push((name, output));
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = failed.iter().map(|(name, _)| name.clone()).collect();
    step("what failed");
    for (name, output) in failed {
        report::log(&format!("==> {name}\n{output}"));
    }
    bail!("{} failed", names.join(", "))
}

type Ended = Result<(String, bool)>;

fn concurrently(jobs: Vec<Job>, workers: usize) -> Vec<(String, Ended)> {
    let waiting = Mutex::new(jobs.into_iter());
    let ended = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(Job { name, mut command }) = next else { break };
                    let start = Instant::now();
                    let result = captured(&mut command).with_context(|| name.clone());
                    let name = format!("{name} ({:.1} s)", start.elapsed().as_secs_f64());
                    ended.lock().unwrap_or_else(PoisonError::into_inner).push((name, result));
                }
            });
        }
    });
    ended.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a command and returns its combined output and whether it succeeded.
fn captured(command: &mut Command) -> Ended {
    let (mut reader, writer) = std::io::pipe()?;
    let mut child = command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // `command` keeps its write ends of the pipe open: unless they are replaced, reading would never reach the end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let limit = TimeLimit::start(&child, time_limit::COMMAND);
    let mut output = Vec::new();
    reader.read_to_end(&mut output)?;
    let status = child.wait()?;
    if let Err(error) = limit.completed("it") {
        output.extend_from_slice(format!("error: {error}\n").as_bytes());
    }
    Ok((String::from_utf8_lossy(&output).into_owned(), status.success()))
}
