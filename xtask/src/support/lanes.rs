//! Lanes: commands that are made of parts. While a part runs its name and the elapsed time are shown; when it fails, so is
//! the output of what failed; at the end there is a table.

use super::counts::Counts;
use super::report::{self, Outcome};
use super::workspace::target;
use anyhow::{Result, bail};
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A part of a lane.
pub struct Part {
    pub name: &'static str,
    /// What it checks, in a few words for `--list`.
    pub about: &'static str,
    pub run: fn() -> Result<()>,
}

/// Parts by name and in the order of the table, or all of them if none is named.
pub fn chosen(parts: &'static [Part], names: &[String]) -> Result<Vec<&'static Part>> {
    if let Some(name) = names.iter().find(|name| !parts.iter().any(|part| part.name == *name)) {
        let known: Vec<&str> = parts.iter().map(|part| part.name).collect();
        bail!("there is no part {name:?}; the parts are {}", known.join(", "));
    }
    Ok(parts.iter().filter(|part| names.is_empty() || names.iter().any(|name| name == part.name)).collect())
}

/// Prints the parts of a lane.
pub fn list(parts: &[Part]) -> ExitCode {
    for part in parts {
        println!("{:<14}{}", part.name, part.about);
    }
    ExitCode::SUCCESS
}

/// A part that ended.
struct Row {
    name: &'static str,
    outcome: Outcome,
    elapsed: Duration,
}

/// Runs parts one after the other, whether or not those before failed. The last line has the sum of all counts.
pub fn run(lane: &str, parts: &[&Part]) -> Result<ExitCode> {
    let start = Instant::now();
    let mut rows = Vec::new();
    for part in parts {
        rows.push(run_part(lane, part)?);
    }
    let mut sum = Counts::default();
    println!("\n{:<14}{:>8}{:>8}{:>9}{:>9}", lane, "passed", "failed", "skipped", "seconds");
    for Row { name, outcome, elapsed } in &rows {
        let Counts { passed, failed, skipped } = outcome.counts;
        println!("{name:<14}{passed:>8}{failed:>8}{skipped:>9}{:>9.1}", elapsed.as_secs_f64());
        sum += outcome.counts;
    }
    println!("{:<41}{:>7.1}", "", start.elapsed().as_secs_f64());
    for (name, reason) in rows.iter().flat_map(|row| row.outcome.skips.iter().map(|skip| (row.name, skip))) {
        println!("SKIPPED {name}: {reason}");
    }
    println!("\n{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.skipped);
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_part(lane: &str, part: &Part) -> Result<Row> {
    let log = target("logs")?.join(format!("{lane}-{}.log", part.name));
    let start = Instant::now();
    report::begin(&log)?;
    let result = while_shown(&format!("{lane} {}", part.name), part.run);
    let failure = result.err().map(|error| (error, report::log_of_step()));
    let mut outcome = report::finish();
    let elapsed = start.elapsed();
    // Skips without a test that a runner counted: the part itself is what was skipped.
    outcome.counts.skipped = outcome.counts.skipped.max(outcome.skips.len() as u64);
    if failure.is_some() {
        outcome.counts.failed = outcome.counts.failed.max(1);
    }
    let failure = match failure {
        None if outcome.counts.total() == 0 => {
            outcome.counts.failed = 1;
            Some("it ran no test".to_owned())
        }
        failure => failure.map(|(error, output)| format!("{}\nerror: {error:#}", output.trim_end())),
    };
    let Counts { passed, failed, skipped } = outcome.counts;
    let word = if failure.is_some() { "FAILED" } else { "ok" };
    println!(
        "==> {lane} {}: {word}, {passed} passed, {failed} failed, {skipped} skipped, {:.1} s",
        part.name,
        elapsed.as_secs_f64()
    );
    for note in &outcome.notes {
        println!("    {note}");
    }
    for skip in &outcome.skips {
        println!("    SKIPPED: {skip}");
    }
    if let Some(failure) = failure {
        println!("{failure}\n(all of its output: {})", log.display());
    }
    Ok(Row { name: part.name, outcome, elapsed })
}

/// Shows a name while something runs: on a terminal with the elapsed seconds, elsewhere once.
fn while_shown<T>(name: &str, act: impl FnOnce() -> T) -> T {
    if !report::on_terminal() {
        println!("==> {name}");
        return act();
    }
    let start = Instant::now();
    let (done, ended) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                print!("\r==> {name} ({} s)", start.elapsed().as_secs());
                let _ = std::io::stdout().flush();
            }
            // Removes the line, which the result replaces.
            print!("\r\u{1b}[2K");
            let _ = std::io::stdout().flush();
        });
        print!("\r==> {name}");
        let _ = std::io::stdout().flush();
        let value = act();
        drop(done);
        value
    })
}
