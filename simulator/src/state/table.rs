//! A table of rows that tracks uncommitted changes, so that they can be undone or persisted.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// A row of a table.
pub trait Row: Clone + Debug + Serialize + DeserializeOwned {
    /// Key that identifies a row.
    type Key: Ord + Clone + Debug + Serialize;
    /// Key that groups rows: usually the parent entity. It never changes.
    type Parent: Ord + Clone + Debug;

    /// Returns the row's key.
    fn key(&self) -> Self::Key;
    /// Returns the row's parent.
    fn parent(&self) -> Self::Parent;
}

/// Implements [`Row`] for a type, with its key and its parent.
macro_rules! row {
    ($row:ty, $key_type:ty, |$k:ident| $key:expr, $parent_type:ty, |$p:ident| $parent:expr) => {
        impl $crate::state::table::Row for $row {
            type Key = $key_type;
            type Parent = $parent_type;

            fn key(&self) -> $key_type {
                let $k = self;
                $key
            }

            fn parent(&self) -> $parent_type {
                let $p = self;
                $parent
            }
        }
    };
}
pub(crate) use row;

/// Rows by key and by parent.
#[derive(Debug, Clone)]
pub struct Table<R: Row> {
    rows: BTreeMap<R::Key, R>,
    below: BTreeMap<R::Parent, BTreeSet<R::Key>>,
    /// Rows as they were before the uncommitted changes; `None` for new rows.
    before: BTreeMap<R::Key, Option<R>>,
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), below: BTreeMap::new(), before: BTreeMap::new() }
    }
}

impl<R: Row> Table<R> {
    pub(crate) fn get(&self, key: &R::Key) -> Option<&R> {
        self.rows.get(key)
    }

    pub(crate) fn contains(&self, key: &R::Key) -> bool {
        self.rows.contains_key(key)
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.rows.values()
    }

    /// Returns the rows of a parent, in the order of their keys.
    pub(crate) fn of<'a>(&'a self, parent: &R::Parent) -> impl DoubleEndedIterator<Item = &'a R> {
        self.below.get(parent).into_iter().flatten().filter_map(|key| self.rows.get(key))
    }

    /// Returns the rows whose keys are in a range, in order.
    pub(crate) fn range(&self, range: impl std::ops::RangeBounds<R::Key>) -> impl Iterator<Item = &R> {
        self.rows.range(range).map(|(_, row)| row)
    }

    /// Returns a row to change; its key and parent must stay the same.
    pub(crate) fn get_mut(&mut self, key: &R::Key) -> Option<&mut R> {
        let row = self.rows.get_mut(key)?;
        self.before.entry(key.clone()).or_insert_with(|| Some(row.clone()));
        Some(row)
    }

    /// Inserts a row, replacing the row with the same key.
    pub(crate) fn insert(&mut self, row: R) {
        let key = row.key();
        let old = self.put(row);
        self.before.entry(key).or_insert(old);
    }

    pub(crate) fn remove(&mut self, key: &R::Key) -> Option<R> {
        let old = self.take(key)?;
        self.before.entry(key.clone()).or_insert_with(|| Some(old.clone()));
        Some(old)
    }

    /// Removes the rows of a parent.
    pub(crate) fn remove_of(&mut self, parent: &R::Parent) {
        let keys: Vec<R::Key> = self.below.get(parent).into_iter().flatten().cloned().collect();
        for key in keys {
            self.remove(&key);
        }
    }

    /// Removes the rows for which `keep` returns false.
    pub(crate) fn retain(&mut self, keep: impl Fn(&R) -> bool) {
        let keys: Vec<R::Key> = self.rows.values().filter(|row| !keep(row)).map(R::key).collect();
        for key in keys {
            self.remove(&key);
        }
    }

    fn put(&mut self, row: R) -> Option<R> {
        let key = row.key();
        self.below.entry(row.parent()).or_default().insert(key.clone());
        self.rows.insert(key, row)
    }

    fn take(&mut self, key: &R::Key) -> Option<R> {
        let old = self.rows.remove(key)?;
        let parent = old.parent();
        if let Some(keys) = self.below.get_mut(&parent) {
            keys.remove(key);
            if keys.is_empty() {
                self.below.remove(&parent);
            }
        }
        Some(old)
    }

    /// Undoes the changes since the last commit.
    pub(crate) fn undo(&mut self) {
        for (key, old) in std::mem::take(&mut self.before) {
            self.take(&key);
            if let Some(old) = old {
                self.put(old);
            }
        }
    }

    /// Commits the changes, which cannot be undone any more. Returns the changed rows as they are now, `None` for
    /// removed rows.
    pub(crate) fn commit(&mut self) -> Vec<(R::Key, Option<&R>)> {
        let keys = std::mem::take(&mut self.before).into_keys();
        keys.map(|key| (key.clone(), self.rows.get(&key))).collect()
    }

    /// Loads persisted rows. This does not count as a change and cannot be undone.
    pub(crate) fn load_all(&mut self, rows: &[Vec<u8>]) -> Result<(), serde_json::Error> {
        for row in rows {
            self.put(serde_json::from_slice(row)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Leaf {
        id: u32,
        branch: u32,
        text: String,
    }
    row!(Leaf, u32, |l| l.id, u32, |l| l.branch);

    fn leaf(id: u32, branch: u32) -> Leaf {
        Leaf { id, branch, text: String::new() }
    }

    fn ids(table: &Table<Leaf>, branch: u32) -> Vec<u32> {
        table.of(&branch).map(|l| l.id).collect()
    }

    #[test]
    fn undo_restores_changed_and_removed_rows() {
        let mut table = Table::default();
        for id in 1..=3 {
            table.put(leaf(id, id % 2));
        }
        table.get_mut(&1).unwrap().text = "changed".into();
        table.get_mut(&1).unwrap().text = "again".into();
        table.remove(&3);
        table.insert(leaf(4, 1));
        table.insert(leaf(5, 0));
        table.remove(&5);
        assert_eq!((ids(&table, 1), ids(&table, 0)), (vec![1, 4], vec![2]));
        table.undo();
        assert_eq!((ids(&table, 1), ids(&table, 0)), (vec![1, 3], vec![2]));
        assert_eq!(table.get(&1), Some(&leaf(1, 1)));
        assert!(table.commit().is_empty());
    }

    #[test]
    fn commit_returns_changes_and_is_final() {
        let mut table = Table::default();
        table.put(leaf(1, 1));
        table.put(leaf(2, 1));
        table.remove(&1);
        table.insert(leaf(3, 1));
        let changes: Vec<(u32, bool)> =
            table.commit().into_iter().map(|(k, row)| (k, row.is_some())).collect();
        assert_eq!(changes, [(1, false), (3, true)]);
        table.undo();
        assert_eq!(ids(&table, 1), [2, 3], "a commit is final");
    }
}
