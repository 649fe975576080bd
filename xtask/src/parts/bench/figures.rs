//! The figures of `target/bench.json`, and how the records of a part become figures.

use super::record::Record;
use super::stats::Quartiles;
use serde::{Deserialize, Serialize};

/// All figures, by part. A part keeps its figures until it is measured again.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    pub parts: Vec<PartFigures>,
}

impl Results {
    /// Replaces the figures of a part.
    pub fn put(&mut self, figures: PartFigures) {
        match self.parts.iter_mut().find(|known| known.part == figures.part) {
            Some(known) => *known = figures,
            None => self.parts.push(figures),
        }
    }
}

/// Figures of one part, all taken in one run.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartFigures {
    pub part: String,
    pub date: String,
    pub commit: String,
    /// Why the machine was busy, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busy: Option<String>,
    pub cores: usize,
    /// The machine before and after the measurement. Empty if instructions were counted.
    pub machine: Vec<MachineState>,
    pub artefacts: Vec<MeasuredFile>,
    pub tables: Vec<Table>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineState {
    /// Load average of one minute.
    pub load: Option<f64>,
    /// Milliseconds for fixed work.
    pub calibration: Quartiles,
}

/// Program or library that a measured process had loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredFile {
    pub path: String,
    pub profile: String,
    pub bytes: u64,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub title: String,
    pub rows: Vec<Row>,
}

impl Table {
    /// Returns the columns in the order of their first row.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = Vec::new();
        for cell in self.rows.iter().flat_map(|row| &row.cells) {
            if !columns.contains(&cell.column.as_str()) {
                columns.push(&cell.column);
            }
        }
        columns
    }
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub name: String,
    pub cells: Vec<Cell>,
}

impl Row {
    /// Returns what a column shows; nothing if the row does not have it.
    pub fn shown(&self, column: &str) -> String {
        self.cells.iter().find(|cell| cell.column == column).map(Cell::shown).unwrap_or_default()
    }
}

/// What a row has in one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub column: String,
    #[serde(flatten)]
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Text { text: String },
    Sample(Sample),
}

/// Figures of one contender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub unit: String,
    /// Number of figures.
    pub count: usize,
    pub quartiles: Quartiles,
    /// Ratio to the first contender, round by round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Quartiles>,
}

impl Cell {
    /// Returns the text: the median, and the ratio with its quartiles if there are several.
    pub fn shown(&self) -> String {
        let sample = match &self.value {
            Value::Text { text } => return text.clone(),
            Value::Sample(sample) => sample,
        };
        let median = format!("{} {}", number(sample.quartiles.median), sample.unit);
        match &sample.ratio {
            Some(ratio) if sample.count > 1 => {
                format!("{median}, {:.2} ({:.2} to {:.2})", ratio.median, ratio.low, ratio.high)
            }
            Some(ratio) => format!("{median}, {:.2}", ratio.median),
            None => median,
        }
    }
}

/// Returns a number with three significant digits, and at least its integral part.
pub fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// Collects the records of a part.
#[derive(Default)]
pub struct Collector {
    figures: PartFigures,
    samples: Vec<Contender>,
}

/// Figures of one contender in one row, before they are reduced to quartiles.
struct Contender {
    table: String,
    row: String,
    name: String,
    unit: String,
    values: Vec<f64>,
}

impl Collector {
    /// `figures` has what is known of the part before it runs.
    pub fn new(figures: PartFigures) -> Self {
        Self { figures, samples: Vec::new() }
    }

    /// Adds a record. Returns the name of its row if the row is a new one.
    pub fn add(&mut self, record: Record) -> Option<String> {
        match record {
            Record::Sample { table, row, contender, unit, values } => {
                let is = |c: &&mut Contender| c.table == table && c.row == row && c.name == contender;
                if let Some(known) = self.samples.iter_mut().find(is) {
                    known.values.extend(values);
                    return None;
                }
                let first = !self.samples.iter().any(|known| known.table == table && known.row == row);
                let shown = first.then(|| format!("{table}: {row}"));
                self.samples.push(Contender { table, row, name: contender, unit, values });
                return shown;
            }
            Record::Cells { table, row, cells } => {
                let shown = format!("{table}: {row}");
                let text = |(column, text)| Cell { column, value: Value::Text { text } };
                let row = self.figures.row(&table, &row);
                row.cells = cells.into_iter().map(text).collect();
                return Some(shown);
            }
            Record::Artefact { path, profile, bytes } => {
                let file = MeasuredFile { path, profile, bytes };
                if !self.figures.artefacts.contains(&file) {
                    self.figures.artefacts.push(file);
                }
            }
            Record::Machine { load, calibration } => {
                let load = Some(load).filter(|load| load.is_finite());
                self.figures.machine.push(MachineState { load, calibration });
            }
            Record::Busy { reason } => {
                self.figures.busy.get_or_insert(reason);
            }
            Record::Ready { .. } => {}
        }
        None
    }

    /// Reduces the samples to quartiles, and to ratios to the first contender of the row.
    pub fn finish(mut self) -> PartFigures {
        for contender in &self.samples {
            let Some(quartiles) = Quartiles::of(&contender.values) else { continue };
            let first = self
                .samples
                .iter()
                .find(|first| first.table == contender.table && first.row == contender.row);
            let others = first.filter(|first| first.name != contender.name && first.unit == contender.unit);
            let ratio = others.and_then(|first| ratio(&contender.values, &first.values));
            let count = contender.values.len();
            let value = Value::Sample(Sample { unit: contender.unit.clone(), count, quartiles, ratio });
            let row = self.figures.row(&contender.table, &contender.row);
            row.cells.push(Cell { column: contender.name.clone(), value });
        }
        self.figures
    }
}

/// Returns the ratio round by round; `None` if the contenders did not run in the same rounds.
fn ratio(values: &[f64], first: &[f64]) -> Option<Quartiles> {
    if values.len() != first.len() {
        return None;
    }
    Quartiles::of(&values.iter().zip(first).map(|(value, first)| value / first).collect::<Vec<_>>())
}

impl PartFigures {
    /// Returns a row of a table, both created if they do not exist.
    fn row(&mut self, table: &str, row: &str) -> &mut Row {
        let at = self.tables.iter().position(|known| known.title == table).unwrap_or(self.tables.len());
        if at == self.tables.len() {
            self.tables.push(Table { title: table.to_owned(), rows: Vec::new() });
        }
        let rows = &mut self.tables[at].rows;
        let at = rows.iter().position(|known| known.name == row).unwrap_or(rows.len());
        if at == rows.len() {
            rows.push(Row { name: row.to_owned(), cells: Vec::new() });
        }
        &mut rows[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(row: &str, contender: &str, values: &[f64]) -> Record {
        Record::Sample {
            table: "Rust".into(),
            row: row.into(),
            contender: contender.into(),
            unit: "ms".into(),
            values: values.to_vec(),
        }
    }

    #[test]
    fn samples_become_quartiles_and_ratios() {
        let mut collector = Collector::default();
        assert_eq!(collector.add(sample("small call", "this", &[1.0, 2.0])), Some("Rust: small call".into()));
        assert_eq!(collector.add(sample("small call", "other", &[3.0, 2.0])), None);
        // Another process of the same contender.
        assert_eq!(collector.add(sample("small call", "this", &[4.0])), None);
        assert_eq!(collector.add(sample("small call", "other", &[4.0])), None);
        let figures = collector.finish();
        let table = &figures.tables[0];
        assert_eq!(table.columns(), ["this", "other"]);
        assert_eq!(table.rows[0].shown("this"), "2.00 ms");
        assert_eq!(table.rows[0].shown("other"), "3.00 ms, 1.00 (1.00 to 3.00)");
        assert_eq!(table.rows[0].shown("absent"), "");
    }

    #[test]
    fn contenders_of_other_rounds_have_no_ratio() {
        let mut collector = Collector::default();
        collector.add(sample("list", "this", &[1.0, 2.0]));
        collector.add(sample("list", "other", &[1.0]));
        assert_eq!(collector.finish().tables[0].rows[0].shown("other"), "1.00 ms");
    }

    #[test]
    fn figures_survive_json_and_are_replaced_by_part() {
        let mut collector = Collector::new(PartFigures { part: "rust".into(), ..PartFigures::default() });
        collector.add(sample("small call", "this", &[1.0]));
        collector.add(Record::Busy { reason: "load".into() });
        collector.add(Record::Machine {
            load: f64::NAN,
            calibration: Quartiles { low: 1.0, median: 2.0, high: 3.0 },
        });
        let cells = vec![("time".to_owned(), "62.5 s".to_owned())];
        collector.add(Record::Cells { table: "Pacing".into(), row: "Rust 64".into(), cells });
        let mut results = Results::default();
        results.put(PartFigures { part: "c".into(), ..PartFigures::default() });
        results.put(collector.finish());
        let json = serde_json::to_string_pretty(&results).unwrap();
        assert_eq!(serde_json::from_str::<Results>(&json).unwrap(), results);
        results.put(PartFigures { part: "rust".into(), ..PartFigures::default() });
        assert_eq!(results.parts.len(), 2);
        assert!(results.parts[1].tables.is_empty());
    }

    #[test]
    fn numbers_have_three_digits() {
        let shown = [0.0873, 3.234, 37.34, 188.1, 17_216_825.0].map(number);
        assert_eq!(shown, ["0.087", "3.23", "37.3", "188", "17216825"]);
    }
}
