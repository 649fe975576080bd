//! The whole state as one JSON document, and back.

use super::State;
use super::tables::Meta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the document; fields that are added later have defaults, so that old documents stay good.
const FORMAT: u32 = 1;

/// Everything that the simulator knows, with explicit identifiers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    format: u32,
    meta: Meta,
    tables: Map<String, Value>,
}

impl Snapshot {
    /// Reads a snapshot from JSON.
    ///
    /// # Errors
    /// Where the text is not a snapshot.
    pub fn from_json(text: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text)
    }
}

impl State {
    /// The state as a document.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { format: FORMAT, meta: self.meta(), tables: self.tables() }
    }

    /// Puts a snapshot in place of everything that is there.
    ///
    /// # Errors
    /// Where a row of the snapshot is not one of its table; what was there is gone then.
    pub fn restore(&mut self, snapshot: Snapshot) -> Result<(), String> {
        if snapshot.format != FORMAT {
            return Err(format!("format: this simulator reads format {FORMAT}, not {}", snapshot.format));
        }
        self.clear();
        for (table, rows) in snapshot.tables {
            let Value::Array(rows) = rows else { return Err(format!("tables.{table}: not a list")) };
            self.load_rows(&table, rows)?;
        }
        (self.ids, self.clock) = (snapshot.meta.ids, snapshot.meta.clock);
        Ok(())
    }
}
