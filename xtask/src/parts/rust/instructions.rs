//! Instruction counts of fixed workloads, measured with valgrind. They do not depend on the load of the machine, so that
//! performance regressions are detected reliably. `cargo xtask update instructions` records them.

use crate::support::process::output;
use crate::support::report;
use crate::support::toolbox::available;
use crate::support::workspace::root;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::process::Command;

const KEPT: &str = "bench/instructions.json";
/// Increase over the recorded count that is a regression, in percent.
const TOLERANCE: f64 = 3.0;
const WORK: [&str; 3] = ["decode-1000", "decode-10000", "encode"];

/// Counts instructions and compares them with the recorded counts, or with `update` records them.
pub fn bench(program: &Path, update: bool) -> Result<()> {
    if !available("valgrind", "no instructions were counted") {
        return Ok(());
    }
    // Counts of different compilers are not comparable.
    let compiler = output(Command::new("rustc").arg("--version"))?;
    let compiler = format!("{compiler} {}", std::env::consts::ARCH);
    let kept = root().join(KEPT);
    let before: Value = match std::fs::read_to_string(&kept) {
        Ok(text) => serde_json::from_str(&text).context(KEPT)?,
        Err(_) => Value::Null,
    };
    let same = before["compiler"] == compiler;
    report::note(&format!("{:<16}{:>16}    {:>16}{:>10}", "work", "instructions", "before", "change"));
    let mut now = Map::new();
    let mut slower = Vec::new();
    for work in WORK {
        // The difference removes the instructions for starting and ending the process.
        let count = count(program, work, 3)?.saturating_sub(count(program, work, 1)?) / 2;
        let then = before["instructions"][work].as_u64().filter(|_| same);
        let change = then.map(|then| 100.0 * (count as f64 / then as f64 - 1.0));
        report::note(&format!(
            "{work:<16}{count:>16} ins{:>16}{:>10}",
            then.map_or_else(|| "-".to_owned(), |then| then.to_string()),
            change.map_or_else(|| "-".to_owned(), |change| format!("{change:+.2} %"))
        ));
        report::passed(1);
        if change.is_some_and(|change| change > TOLERANCE) {
            slower.push(work);
        }
        now.insert(work.to_owned(), count.into());
    }
    if update {
        let text = serde_json::to_string_pretty(&json!({ "compiler": compiler, "instructions": now }))?;
        std::fs::write(kept, text + "\n")?;
        report::note(&format!("{KEPT} is written"));
        return Ok(());
    }
    if !same {
        report::skip(&format!("{KEPT} is of {}: nothing was compared", before["compiler"]));
    }
    ensure!(slower.is_empty(), "more instructions than before by over {TOLERANCE} %: {}", slower.join(", "));
    Ok(())
}

fn count(program: &Path, work: &str, times: usize) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
    let out = command.args(["work", work, &times.to_string()]).output()?;
    let text = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "{work} failed: {text}");
    let count =
        text.lines().find_map(|line| line.split_once("Collected :")).context("valgrind counted nothing")?;
    Ok(count.1.trim().parse()?)
}
