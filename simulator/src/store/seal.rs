//! Checksum over all rows, which each commit updates for the rows that it changes.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Version of the file's format.
pub const FORMAT: u32 = 2;

/// Describes the rows of a commit. It is written with them, and compared with them when the file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Version of the format.
    pub format: u32,
    /// Number of commits so far.
    pub commits: u64,
    /// Number of rows.
    pub rows: u64,
    /// Sum of the rows' hashes, so that a changed row needs no other row to be read.
    pub sum: [u64; 4],
}

impl Default for Seal {
    fn default() -> Self {
        Self { format: FORMAT, commits: 0, rows: 0, sum: [0; 4] }
    }
}

impl Seal {
    /// Adds a row.
    pub fn add(&mut self, table: &str, key: &str, row: &[u8]) {
        self.rows = self.rows.wrapping_add(1);
        self.combine(table, key, row, u64::wrapping_add);
    }

    /// Removes a row.
    pub fn remove(&mut self, table: &str, key: &str, row: &[u8]) {
        self.rows = self.rows.wrapping_sub(1);
        self.combine(table, key, row, u64::wrapping_sub);
    }

    fn combine(&mut self, table: &str, key: &str, row: &[u8], add: fn(u64, u64) -> u64) {
        let mut hash = Sha256::new();
        // With their lengths: the same bytes divided differently are another row.
        for part in [table.as_bytes(), key.as_bytes(), row] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let (words, _) = hash.as_chunks::<8>();
        for (sum, word) in self.sum.iter_mut().zip(words) {
            *sum = add(*sum, u64::from_le_bytes(*word));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seal_depends_on_rows_and_not_on_their_order() {
        let (mut one, mut other) = (Seal::default(), Seal::default());
        one.add("t", "a", b"1");
        one.add("t", "b", b"2");
        other.add("t", "b", b"2");
        assert_ne!(one, other);
        other.add("t", "a", b"x");
        other.remove("t", "a", b"x");
        other.add("t", "a", b"1");
        assert_eq!(one, other);
        other.remove("t", "b", b"2");
        other.add("tb", "", b"2");
        assert_ne!(one, other);
    }
}
