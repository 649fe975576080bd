//! Lines through which measuring programs and parts report to the process that collects them. Fields are separated by tabs.
//!
//! ```text
//! sample    table  row  contender  unit  value value …
//! cells     table  row  column  text  column  text …
//! artefact  path  profile  bytes
//! machine   load  low  median  high
//! busy      reason
//! ready     process id
//! ```

use super::stats::Quartiles;

/// Environment variable that is set for a part whose records are collected by the parent process.
pub const COLLECTED: &str = "BENCH_COLLECTED";

/// A parsed line.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// Figures of a contender, in a unit. Records with the same names are put together.
    Sample { table: String, row: String, contender: String, unit: String, values: Vec<f64> },
    /// Row of a table that is no comparison: columns and texts.
    Cells { table: String, row: String, cells: Vec<(String, String)> },
    /// Program or library of ours that was measured.
    Artefact { path: String, profile: String, bytes: u64 },
    /// State of the machine before or after the measurement; see `machine.rs`.
    Machine { load: f64, calibration: Quartiles },
    /// The figures were taken on a busy machine.
    Busy { reason: String },
    /// A measuring program waits until it was inspected.
    Ready { process: u32 },
}

impl Record {
    /// Parses a line; `None` if it is ordinary output.
    pub fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |text: &str| text.parse::<f64>().ok();
        Some(match fields.as_slice() {
            ["sample", table, row, contender, unit, values] => Self::Sample {
                table: (*table).to_owned(),
                row: (*row).to_owned(),
                contender: (*contender).to_owned(),
                unit: (*unit).to_owned(),
                values: values.split_whitespace().map(number).collect::<Option<_>>()?,
            },
            ["cells", table, row, cells @ ..] if cells.len().is_multiple_of(2) => Self::Cells {
                table: (*table).to_owned(),
                row: (*row).to_owned(),
                cells: cells
                    .chunks_exact(2)
                    .filter_map(|pair| Some(((*pair.first()?).to_owned(), (*pair.last()?).to_owned())))
                    .collect(),
            },
            ["artefact", path, profile, bytes] => Self::Artefact {
                path: (*path).to_owned(),
                profile: (*profile).to_owned(),
                bytes: bytes.parse().ok()?,
            },
            ["machine", load, low, median, high] => Self::Machine {
                load: number(load)?,
                calibration: Quartiles { low: number(low)?, median: number(median)?, high: number(high)? },
            },
            ["busy", reason] => Self::Busy { reason: (*reason).to_owned() },
            ["ready", process] => Self::Ready { process: process.parse().ok()? },
            _ => return None,
        })
    }

    /// Returns the line of the record, which [`parse`](Self::parse) reads.
    fn line(&self) -> String {
        let fields = match self {
            Self::Sample { table, row, contender, unit, values } => {
                let values: Vec<String> = values.iter().map(f64::to_string).collect();
                let names = [table, row, contender, unit].map(String::as_str);
                return format!("sample\t{}\t{}", names.join("\t"), values.join(" "));
            }
            Self::Cells { table, row, cells } => {
                let mut line = vec!["cells".to_owned(), table.clone(), row.clone()];
                line.extend(cells.iter().flat_map(|(column, text)| [column.clone(), text.clone()]));
                line
            }
            Self::Artefact { path, profile, bytes } => {
                vec!["artefact".to_owned(), path.clone(), profile.clone(), bytes.to_string()]
            }
            Self::Machine { load, calibration: Quartiles { low, median, high } } => {
                let mut line = vec!["machine".to_owned()];
                line.extend([load, low, median, high].map(f64::to_string));
                line
            }
            Self::Busy { reason } => vec!["busy".to_owned(), reason.clone()],
            Self::Ready { process } => vec!["ready".to_owned(), process.to_string()],
        };
        fields.join("\t")
    }

    /// Reports the record to the process that collects it, if there is one.
    pub fn emit(&self) {
        if std::env::var_os(COLLECTED).is_some() {
            println!("{}", self.line());
        }
    }
}

/// Reports a row of a table that is no comparison.
pub fn cells(table: &str, row: &str, cells: &[(&str, String)]) {
    let cells = cells.iter().map(|(column, text)| ((*column).to_owned(), text.clone())).collect();
    Record::Cells { table: table.to_owned(), row: row.to_owned(), cells }.emit();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_survive_their_line() {
        let records = [
            Record::Sample {
                table: "Rust".into(),
                row: "small call, 16 at once".into(),
                contender: "this".into(),
                unit: "ms".into(),
                values: vec![0.041, 0.25],
            },
            Record::Cells {
                table: "Pacing".into(),
                row: "Rust 64".into(),
                cells: vec![("time".into(), "62.5 s".into()), ("newcomer".into(), String::new())],
            },
            Record::Artefact { path: "target/release/bench".into(), profile: "release".into(), bytes: 7 },
            Record::Machine { load: 0.25, calibration: Quartiles { low: 1.0, median: 2.0, high: 3.5 } },
            Record::Busy { reason: "load average 1.9".into() },
            Record::Ready { process: 4711 },
        ];
        for record in records {
            assert_eq!(Record::parse(&record.line()), Some(record));
        }
    }

    #[test]
    fn other_output_is_no_record() {
        for line in
            ["==> building", "sample\tRust\tsmall call", "sample\ta\tb\tc\tms\t1.0 x", "ready\tsoon", ""]
        {
            assert_eq!(Record::parse(line), None, "{line}");
        }
    }

    #[test]
    fn exponents_of_other_languages_are_read() {
        let line = "sample\tKotlin\tsmall call\tthis\tms\t1.0E-4 2e-05";
        assert!(matches!(Record::parse(line), Some(Record::Sample { values, .. }) if values == [1e-4, 2e-5]));
    }
}
