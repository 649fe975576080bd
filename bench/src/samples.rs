//! Times of contenders that take turns, and the records through which `cargo xtask bench` collects them.

use crate::result::Result;
use std::io::{BufRead as _, Write as _};
use std::time::Duration;

/// Warm-up rounds, which open connections and are not counted.
const WARM_UP: usize = 2;

/// Returns the turns of a row: the number of a contender, and whether its time counts. The order rotates, so that each
/// contender is first equally often.
pub fn turns(rounds: usize, contenders: usize) -> impl Iterator<Item = (usize, bool)> {
    (0..rounds + WARM_UP).flat_map(move |round| {
        (0..contenders).map(move |offset| ((round + offset) % contenders.max(1), round >= WARM_UP))
    })
}

/// Times of one row of a table.
pub struct Samples {
    table: &'static str,
    row: String,
    contenders: Vec<(&'static str, Vec<f64>)>,
}

impl Samples {
    pub fn new(table: &'static str, row: &str, contenders: impl IntoIterator<Item = &'static str>) -> Self {
        let contenders = contenders.into_iter().map(|name| (name, Vec::new())).collect();
        Self { table, row: row.to_owned(), contenders }
    }

    pub fn add(&mut self, contender: usize, took: Duration) {
        if let Some((_, times)) = self.contenders.get_mut(contender) {
            times.push(took.as_secs_f64() * 1e3);
        }
    }

    pub fn print(&self) {
        for (contender, times) in &self.contenders {
            figures(self.table, &self.row, contender, "ms", times);
        }
    }
}

/// Prints a record with the figures of one contender.
pub fn figures(table: &str, row: &str, contender: &str, unit: &str, values: &[f64]) {
    let values: Vec<String> = values.iter().map(|value| format!("{value:.6}")).collect();
    println!("sample\t{table}\t{row}\t{contender}\t{unit}\t{}", values.join(" "));
}

/// Tells `cargo xtask bench` that this process can be inspected, and waits until it was.
pub fn ready() -> Result {
    println!("ready\t{}", std::process::id());
    std::io::stdout().flush()?;
    std::io::stdin().lock().read_line(&mut String::new())?;
    Ok(())
}
