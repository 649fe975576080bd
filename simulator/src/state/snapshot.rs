//! Conversion of the whole state to one JSON document and back.

use super::State;
use super::strict;
use super::tables::Meta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Format version of the document. Fields that are added later have defaults, so that old documents stay valid.
const FORMAT: u32 = 1;

/// Complete state of the simulator, with explicit identifiers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    format: u32,
    meta: Meta,
    #[serde(deserialize_with = "strict::object")]
    tables: Map<String, Value>,
}

impl Snapshot {
    /// Parses a snapshot from JSON.
    ///
    /// # Errors
    /// If the bytes are not a valid snapshot.
    pub fn from_json(text: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text)
    }
}

impl State {
    /// Returns the state as a document.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { format: FORMAT, meta: self.meta(), tables: self.tables() }
    }

    /// Replaces the whole state with a snapshot.
    ///
    /// # Errors
    /// If the format version is not supported, or a table or a row is not valid: a snapshot obeys the rules that
    /// requests obey. The state is unchanged then.
    pub fn restore(&mut self, snapshot: Snapshot) -> Result<(), String> {
        if snapshot.format != FORMAT {
            return Err(format!("format: this simulator reads format {FORMAT}, not {}", snapshot.format));
        }
        let mut restored = Self::default();
        for (table, rows) in snapshot.tables {
            let Value::Array(rows) = rows else { return Err(format!("tables.{table}: not a list")) };
            restored.load_rows(&table, rows)?;
        }
        (restored.ids, restored.clock) = (snapshot.meta.ids, snapshot.meta.clock);
        restored.check()?;
        self.replace_rows(restored);
        Ok(())
    }
}
