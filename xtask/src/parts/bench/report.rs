//! Collects the output of the benchmarks as one table, and as JSON in `target/bench.json`.

use crate::support::process::step;
use crate::support::workspace::target;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// Environment variable that is set for a part whose output is collected by the parent process.
pub const COLLECTED: &str = "BENCH_COLLECTED";

/// Runs the parts one by one in separate processes; prints and collects their output.
pub fn run(parts: &[&str]) -> Result<()> {
    let mut rows = Vec::new();
    for part in parts {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.args(["bench", part]).env(COLLECTED, "1").stdout(Stdio::piped()).spawn()?;
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let line = line?;
            println!("{line}");
            rows.extend(row(&line).map(|row| (*part, row)));
        }
        ensure!(child.wait()?.success(), "{part} failed");
    }
    step("all in one table; ratios are to this library, above 1 where it is faster");
    for (part, row) in &rows {
        println!("{part:<14}{:<46}{}", row.name, row.figures.join("   "));
    }
    let json: Vec<Value> = rows
        .iter()
        .map(|(part, row)| json!({ "part": part, "row": row.name, "figures": row.figures }))
        .collect();
    let file = target("bench.json")?;
    std::fs::write(&file, serde_json::to_string_pretty(&json)?)?;
    println!("{} rows are in target/bench.json", rows.len());
    Ok(())
}

/// Row of a table.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: String,
    /// Numbers with their units, and ratios with their quartiles.
    figures: Vec<String>,
}

const UNITS: [&str; 8] = ["ms", "us", "s", "MB", "MB,", "x", "%", "ins"];

/// Parses a line that consists of a name followed by numbers with units. Other lines are headings.
fn row(line: &str) -> Option<Row> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_figure = |at: usize| {
        words.get(at).is_some_and(|word| word.parse::<f64>().is_ok())
            && words.get(at + 1).is_some_and(|unit| UNITS.contains(unit))
    };
    let first = (1..words.len()).find(|at| is_figure(*at))?;
    let mut figures: Vec<String> = Vec::new();
    let mut at = first;
    while at < words.len() {
        if is_figure(at) {
            figures.push(words.get(at..at + 2)?.join(" "));
            at += 2;
        } else {
            let word = words.get(at)?;
            match figures.last_mut() {
                // Quartiles and any other words belong to the preceding figure.
                Some(last) => *last += &format!(" {word}"),
                None => return None,
            }
            at += 1;
        }
    }
    Some(Row { name: words.get(..first)?.join(" "), figures })
}

#[cfg(test)]
mod tests {
    use super::{Row, row};

    #[test]
    fn rows_are_distinguished_from_headings() {
        let line = "small call, 16 at once           0.041 ms     0.037 ms    1.11 x (1.04 to 1.28)";
        let figures = ["0.041 ms", "0.037 ms", "1.11 x (1.04 to 1.28)"].map(str::to_owned).to_vec();
        assert_eq!(row(line), Some(Row { name: "small call, 16 at once".into(), figures }));
        assert_eq!(row("Rust      this      reqwest   ratios to the first (quartiles)"), None);
        assert_eq!(row("==> recording responses, with 11,000 flags"), None);
    }
}
