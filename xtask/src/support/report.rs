//! Results of the running part of a lane: log, counts, skips and notes.

use super::counts::Counts;
use anyhow::{Context as _, Result};
use std::cell::RefCell;
use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Result of a part.
#[derive(Default)]
pub struct PartResult {
    pub counts: Counts,
    /// Checks that did not run, with the reason.
    pub skips: Vec<String>,
    /// Figures to show even if the part succeeds.
    pub notes: Vec<String>,
}

struct Active {
    path: PathBuf,
    log: File,
    outcome: PartResult,
    /// Offset in the log at which the current step begins, in bytes.
    step: u64,
    started: Instant,
}

thread_local! {
    static ACTIVE: RefCell<Option<Active>> = const { RefCell::new(None) };
}

fn with<T>(act: impl FnOnce(&mut Active) -> T) -> Option<T> {
    ACTIVE.with_borrow_mut(|active| active.as_mut().map(act))
}

/// Starts a part whose log is a new file.
pub fn begin(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(path))?;
    let log = File::create(path).with_context(|| path.display().to_string())?;
    let active = Active {
        path: path.to_path_buf(),
        log,
        outcome: PartResult::default(),
        step: 0,
        started: Instant::now(),
    };
    ACTIVE.with_borrow_mut(|slot| *slot = Some(active));
    Ok(())
}

/// Ends the running part and returns its result.
pub fn finish() -> PartResult {
    ACTIVE.with_borrow_mut(Option::take).map(|active| active.outcome).unwrap_or_default()
}

/// Whether a part of a lane is running.
pub fn active() -> bool {
    with(|_| ()).is_some()
}

/// Redirects a command's output to the log of the running part, unless the caller has already redirected it.
pub fn redirect(command: &mut Command) -> Result<()> {
    if let Some(log) = with(|active| active.log.try_clone()).transpose()? {
        command.stdin(Stdio::null()).stdout(log);
        redirect_errors(command)?;
    }
    Ok(())
}

/// Redirects a command's standard error to the log of the running part.
pub fn redirect_errors(command: &mut Command) -> Result<()> {
    match with(|active| active.log.try_clone()).transpose()? {
        Some(log) => command.stderr(log),
        None => command.stderr(Stdio::inherit()),
    };
    Ok(())
}

/// Returns the length of the log in bytes, for [`log_since`].
pub fn log_length() -> u64 {
    with(|active| active.log.metadata().map_or(0, |metadata| metadata.len())).unwrap_or_default()
}

/// Returns the log from an offset to its end.
pub fn log_since(length: u64) -> Result<String> {
    let Some(path) = with(|active| active.path.clone()) else { return Ok(String::new()) };
    let log = std::fs::read(path)?;
    let since = usize::try_from(length).ok().and_then(|length| log.get(length..)).unwrap_or_default();
    Ok(String::from_utf8_lossy(since).into_owned())
}

/// Returns the log since the last step began. After a failure, this is the output of the failed step.
pub fn log_of_step() -> String {
    let start = with(|active| active.step).unwrap_or_default();
    log_since(start).unwrap_or_default()
}

/// Announces the next step.
pub fn step(text: &str) {
    let logged = with(|active| {
        active.step = active.log.metadata().map_or(0, |metadata| metadata.len());
        let _ = writeln!(active.log, "==> {text} (at {:.1} s)", active.started.elapsed().as_secs_f64());
    });
    if logged.is_none() {
        println!("==> {text}");
    }
}

/// Adds text to the log of the running part; otherwise prints it.
pub fn log(text: &str) {
    if with(|active| drop(active.log.write_all(text.as_bytes()))).is_none() {
        print!("{text}");
    }
}

/// Reports a figure: below the line of the running part, otherwise immediately.
pub fn note(text: &str) {
    if with(|active| active.outcome.notes.push(text.to_owned())).is_none() {
        println!("{text}");
    }
}

/// Reports that a check did not run, and why.
pub fn skip(reason: &str) {
    let kept = with(|active| {
        let skips = &mut active.outcome.skips;
        if !skips.iter().any(|known| known == reason) {
            skips.push(reason.to_owned());
        }
    });
    if kept.is_none() {
        println!("SKIPPED: {reason}");
    }
}

/// Counts passed checks that no test runner counts.
pub fn passed(number: u64) {
    add(Counts { passed: number, ..Counts::default() });
}

/// Adds to the counts of the running part.
pub fn add(counts: Counts) {
    with(|active| active.outcome.counts += counts);
}

/// Whether standard output is a terminal, on which a line may be rewritten while a part runs.
pub fn on_terminal() -> bool {
    std::io::stdout().is_terminal()
}
