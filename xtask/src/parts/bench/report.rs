//! Runs the parts, collects their records, and shows all figures as tables and in `target/bench.json`.

use super::figures::{Collector, PartFigures, Results, Table};
use super::machine::{self, ANYWAY};
use super::record::{COLLECTED, Record};
use crate::support::process::{output, step};
use crate::support::workspace::{root, target};
use anyhow::{Context as _, Result, ensure};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The part that counts instructions, for which the machine may be busy.
const COUNTS: &str = "instructions";

/// Runs the parts one by one in separate processes. A failure does not stop the others. With `anyway`, a busy machine is
/// accepted, and the figures are marked.
pub fn run(parts: &[&str], anyway: bool) -> Result<()> {
    if parts.iter().any(|part| *part != COUNTS) {
        machine::check(anyway)?;
    }
    let mut results = read().unwrap_or_default();
    let mut failures = Vec::new();
    let mut measured = Vec::new();
    for part in parts {
        match run_part(part, anyway) {
            Ok(figures) => {
                // The end shows it otherwise.
                if parts.len() > 1 {
                    print(&figures);
                }
                measured.push(figures.clone());
                results.put(figures);
                write(&results)?;
            }
            Err(error) => {
                println!("error: {part}: {error:#}");
                failures.push(*part);
            }
        }
    }
    step("all in one table; ratios are to this library, above 1 where it is faster");
    measured.iter().for_each(print);
    let rows: usize = measured.iter().flat_map(|part| &part.tables).map(|table| table.rows.len()).sum();
    println!("{rows} rows are in target/bench.json");
    ensure!(failures.is_empty(), "not measured: {}", failures.join(", "));
    Ok(())
}

fn file() -> Result<PathBuf> {
    target("bench.json")
}

/// Returns the figures that were measured last.
pub fn read() -> Result<Results> {
    let file = file()?;
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{} is written by `cargo xtask bench`", file.display()))?;
    serde_json::from_str(&text).with_context(|| file.display().to_string())
}

fn write(results: &Results) -> Result<()> {
    Ok(std::fs::write(file()?, serde_json::to_string_pretty(results)? + "\n")?)
}

/// Runs a part in its own process, and returns its figures.
fn run_part(part: &str, anyway: bool) -> Result<PartFigures> {
    step(part);
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", part]).env(COLLECTED, "1").stdout(Stdio::piped());
    if anyway {
        command.env(ANYWAY, "1");
    }
    let mut collector = Collector::new(PartFigures {
        part: part.to_owned(),
        date: output(Command::new("date").args(["-u", "+%Y-%m-%d"]))?,
        commit: commit()?,
        cores: machine::cores(),
        ..PartFigures::default()
    });
    let mut child = command.spawn()?;
    for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
        let line = line?;
        match Record::parse(&line) {
            Some(record) => {
                if let Some(row) = collector.add(record) {
                    println!("measured {row}");
                }
            }
            None => println!("{line}"),
        }
    }
    ensure!(child.wait()?.success(), "its figures are discarded");
    Ok(collector.finish())
}

/// Returns the commit that was measured, and whether files were changed since.
fn commit() -> Result<String> {
    let git = |arguments: &[&str]| output(Command::new("git").current_dir(root()).args(arguments));
    // An archive of the sources has no commits.
    let Ok(commit) = git(&["rev-parse", "--short", "HEAD"]) else { return Ok("unknown".to_owned()) };
    let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    Ok(if changed { format!("{commit} with changes") } else { commit })
}

fn print(figures: &PartFigures) {
    for table in &figures.tables {
        print!("\n{}", shown(table));
    }
    if let Some(reason) = &figures.busy {
        println!("BUSY: the figures of {} were taken on a busy machine: {reason}", figures.part);
    }
}

/// Returns a table with aligned columns.
fn shown(table: &Table) -> String {
    let columns = table.columns();
    let line = |name: &str, cell: &dyn Fn(&str) -> String| -> Vec<String> {
        std::iter::once(name.to_owned()).chain(columns.iter().map(|column| cell(column))).collect()
    };
    let mut lines = vec![line(&table.title, &str::to_owned)];
    lines.extend(table.rows.iter().map(|row| line(&row.name, &|column| row.shown(column))));
    let width =
        |at: usize| lines.iter().filter_map(|line| line.get(at)).map(|text| text.chars().count()).max();
    let mut text = String::new();
    for line in &lines {
        let cells: Vec<String> =
            line.iter().enumerate().map(|(at, cell)| format!("{cell:<0$}", width(at).unwrap_or(0))).collect();
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::bench::record::Record;

    #[test]
    fn tables_are_aligned() {
        let mut collector = Collector::default();
        for (row, contender, value) in
            [("small call", "this", 0.5), ("small call", "reqwest", 0.25), ("10,000 flags", "this", 37.0)]
        {
            collector.add(Record::Sample {
                table: "Rust".into(),
                row: row.into(),
                contender: contender.into(),
                unit: "ms".into(),
                values: vec![value],
            });
        }
        let table = &collector.finish().tables[0];
        let expected = "\
Rust          this      reqwest
small call    0.500 ms  0.250 ms, 0.50
10,000 flags  37.0 ms
";
        assert_eq!(shown(table), expected);
    }
}
