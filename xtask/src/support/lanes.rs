//! Lanes: commands that consist of parts. While parts run, their names and the elapsed time are shown. When a part fails, the
//! output of the failed step is shown. A table at the end shows all results.

use super::counts::Counts;
use super::report::{self, PartResult};
use super::workspace::target;
use anyhow::{Result, bail};
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Part of a lane.
pub struct Part {
    pub name: &'static str,
    /// Short description for `--list`.
    pub about: &'static str,
    pub run: fn() -> Result<()>,
}

/// Command that consists of parts.
pub struct Lane {
    pub name: &'static str,
    pub parts: &'static [Part],
    /// Number of parts that run at once.
    pub concurrent: usize,
    /// Names of the parts that run after the others, one at a time, because other work would change what they measure.
    pub alone: &'static [&'static str],
}

/// Selects parts by name, in the order of the table; all of them if no name is given.
pub fn chosen(parts: &'static [Part], names: &[String]) -> Result<Vec<&'static Part>> {
    if let Some(name) = names.iter().find(|name| !parts.iter().any(|part| part.name == *name)) {
        let known: Vec<&str> = parts.iter().map(|part| part.name).collect();
        bail!("unknown part {name:?}; the parts are {}", known.join(", "));
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

/// Result of a completed part.
struct Row {
    name: &'static str,
    outcome: PartResult,
    elapsed: Duration,
    failure: Option<String>,
}

/// Runs parts of a lane. A failure does not stop the others. The last line has the sum of all counts.
pub fn run(lane: &Lane, parts: &[&'static Part]) -> Result<ExitCode> {
    let start = Instant::now();
    let display = Display::default();
    let (alone, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| lane.alone.contains(&part.name));
    let mut rows = run_at_once(lane, &others, lane.concurrent, &display)?;
    rows.extend(run_at_once(lane, &alone, 1, &display)?);
    rows.sort_by_key(|row| parts.iter().position(|part| part.name == row.name));
    Ok(table(lane.name, &rows, start.elapsed()))
}

/// Runs parts, up to `concurrent` at once.
fn run_at_once(
    lane: &Lane,
    parts: &[&'static Part],
    concurrent: usize,
    display: &Display,
) -> Result<Vec<Row>> {
    let start = Instant::now();
    let waiting = Mutex::new(parts.iter());
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| -> Result<()> {
        let (done, ended) = channel::<()>();
        let workers: Vec<_> = (0..concurrent.min(parts.len()))
            .map(|_| {
                let done = done.clone();
                let (waiting, rows) = (&waiting, &rows);
                scope.spawn(move || -> Result<()> {
                    let _done = done;
                    loop {
                        // A separate statement, so that the lock is not held while the part runs.
                        let next = lock(waiting).next();
                        let Some(part) = next else { return Ok(()) };
                        display.started(lane.name, part.name);
                        let row = run_part(lane.name, part)?;
                        display.ended(lane.name, &row);
                        lock(rows).push(row);
                    }
                })
            })
            .collect();
        drop(done);
        while ended.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
            display.tick(lane.name, start.elapsed());
        }
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("a part panicked")))
    })?;
    Ok(rows.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints the table, the skips and the sum of all counts.
fn table(lane: &str, rows: &[Row], elapsed: Duration) -> ExitCode {
    let mut sum = Counts::default();
    println!("\n{lane:<14}{:>8}{:>8}{:>9}{:>9}", "passed", "failed", "skipped", "seconds");
    for Row { name, outcome, elapsed, .. } in rows {
        let Counts { passed, failed, skipped } = outcome.counts;
        println!("{name:<14}{passed:>8}{failed:>8}{skipped:>9}{:>9.1}", elapsed.as_secs_f64());
        sum += outcome.counts;
    }
    println!("{:<39}{:>9.1}", "all", elapsed.as_secs_f64());
    for (name, reason) in rows.iter().flat_map(|row| row.outcome.skips.iter().map(|skip| (row.name, skip))) {
        println!("SKIPPED {name}: {reason}");
    }
    println!("\n{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.skipped);
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_part(lane: &str, part: &Part) -> Result<Row> {
    let log = target("logs")?.join(format!("{lane}-{}.log", part.name));
    let start = Instant::now();
    report::begin(&log)?;
    let result = (part.run)();
    let output = report::log_of_step();
    let mut outcome = report::finish();
    // Reported skips count as skipped tests even if no test runner counted them.
    outcome.counts.skipped = outcome.counts.skipped.max(outcome.skips.len() as u64);
    let failure = match result {
        Err(error) => Some(format!("{}\nerror: {error:#}", output.trim_end())),
        Ok(()) if outcome.counts.failed > 0 => Some(format!("{}\nerror: tests failed", output.trim_end())),
        Ok(()) if outcome.counts.total() == 0 => Some("error: it ran no test".to_owned()),
        Ok(()) => None,
    };
    if failure.is_some() {
        outcome.counts.failed = outcome.counts.failed.max(1);
    }
    let failure = failure.map(|text| format!("{text}\n(all of its output: {})", log.display()));
    Ok(Row { name: part.name, outcome, elapsed: start.elapsed(), failure })
}

/// Progress display: on a terminal a line that is rewritten every second, elsewhere a line when a part starts and one when it
/// completes.
#[derive(Default)]
struct Display {
    running: Mutex<Vec<&'static str>>,
}

impl Display {
    fn started(&self, lane: &str, name: &'static str) {
        lock(&self.running).push(name);
        if !report::on_terminal() {
            println!("==> {lane} {name}");
        }
    }

    fn tick(&self, lane: &str, elapsed: Duration) {
        if report::on_terminal() {
            let running = lock(&self.running);
            print!("\r\u{1b}[2K==> {lane}: {} ({} s)", running.join(", "), elapsed.as_secs());
            let _ = std::io::stdout().flush();
        }
    }

    fn ended(&self, lane: &str, row: &Row) {
        let mut running = lock(&self.running);
        running.retain(|name| *name != row.name);
        if report::on_terminal() {
            print!("\r\u{1b}[2K");
        }
        let Counts { passed, failed, skipped } = row.outcome.counts;
        let word = if row.failure.is_some() { "FAILED" } else { "ok" };
        println!(
            "==> {lane} {}: {word}, {passed} passed, {failed} failed, {skipped} skipped, {:.1} s",
            row.name,
            row.elapsed.as_secs_f64()
        );
        row.outcome.notes.iter().for_each(|note| println!("    {note}"));
        row.outcome.skips.iter().for_each(|skip| println!("    SKIPPED: {skip}"));
        if let Some(failure) = &row.failure {
            println!("{failure}");
        }
    }
}
