//! A table of rows that tracks uncommitted changes, so that they can be undone or persisted.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::ops::RangeBounds;

/// A row of a table.
pub trait Row: Clone + Debug + Serialize + DeserializeOwned {
    /// Key that identifies a row.
    type Key: Ord + Clone + Debug + Serialize;
    /// Key that groups rows: usually the parent entity. It never changes.
    type Parent: Ord + Clone + Debug;
    /// Value by which rows are found; `()` for rows that are found by key and parent only.
    type Index: Ord + Clone + Debug;

    /// Returns the row's key.
    fn key(&self) -> Self::Key;
    /// Returns the row's parent.
    fn parent(&self) -> Self::Parent;
    /// Returns the values by which the row is found. They may change.
    fn indexes(&self) -> Vec<Self::Index>;
}

/// Implements [`Row`] for a type, with its key, its parent, and the values by which it is found.
macro_rules! row {
    ($row:ty, $key_type:ty, |$k:ident| $key:expr, $parent_type:ty, |$p:ident| $parent:expr) => {
        $crate::state::table::row!($row, $key_type, |$k| $key, $parent_type, |$p| $parent, (), |_row| {
            Vec::new()
        });
    };
    (
        $row:ty, $key_type:ty, |$k:ident| $key:expr, $parent_type:ty, |$p:ident| $parent:expr,
        $index_type:ty, |$i:ident| $index:expr
    ) => {
        impl $crate::state::table::Row for $row {
            type Key = $key_type;
            type Parent = $parent_type;
            type Index = $index_type;

            fn key(&self) -> $key_type {
                let $k = self;
                $key
            }

            fn parent(&self) -> $parent_type {
                let $p = self;
                $parent
            }

            fn indexes(&self) -> Vec<$index_type> {
                let $i = self;
                $index
            }
        }
    };
}
pub(crate) use row;

/// Rows as they were before changes, by key; `None` for rows that did not exist.
pub(crate) type Before<R> = BTreeMap<<R as Row>::Key, Option<R>>;

/// Rows by key, by parent and by index.
#[derive(Debug, Clone)]
pub struct Table<R: Row> {
    rows: BTreeMap<R::Key, R>,
    below: BTreeMap<R::Parent, BTreeSet<R::Key>>,
    index: BTreeMap<R::Index, BTreeSet<R::Key>>,
    /// Row that was handed out to be changed, with its indexes before that. They are updated by the next access.
    lent: Option<(R::Key, Vec<R::Index>)>,
    /// Rows as they were before the uncommitted changes.
    before: Before<R>,
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            below: BTreeMap::new(),
            index: BTreeMap::new(),
            lent: None,
            before: BTreeMap::new(),
        }
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
    pub(crate) fn range(&self, range: impl RangeBounds<R::Key>) -> impl Iterator<Item = &R> {
        self.rows.range(range).map(|(_, row)| row)
    }

    /// Returns the rows that have an index.
    pub(crate) fn find<'a>(&'a self, index: &R::Index) -> impl Iterator<Item = &'a R> + use<'a, R> {
        let lent = self.lent_row().filter(|row| row.indexes().contains(index));
        let others = self.index.get(index).into_iter().flatten().filter(|key| !self.is_lent(key));
        others.filter_map(|key| self.rows.get(key)).chain(lent)
    }

    /// Returns the largest index in a range.
    pub(crate) fn last_index(&self, range: impl RangeBounds<R::Index> + Clone) -> Option<R::Index> {
        let lent = self.lent_row().map(R::indexes).unwrap_or_default();
        let lent = lent.into_iter().filter(|index| range.contains(index)).max();
        let mut others = self.index.range(range.clone()).rev();
        let other = others.find(|(_, keys)| keys.iter().any(|key| !self.is_lent(key)));
        lent.max(other.map(|(index, _)| index.clone()))
    }

    /// Returns a row to change; its key and parent must stay the same.
    pub(crate) fn get_mut(&mut self, key: &R::Key) -> Option<&mut R> {
        self.take_back();
        let row = self.rows.get_mut(key)?;
        self.before.entry(key.clone()).or_insert_with(|| Some(row.clone()));
        self.lent = Some((key.clone(), row.indexes()));
        Some(row)
    }

    /// Inserts a row, replacing the row with the same key.
    pub(crate) fn insert(&mut self, row: R) {
        let key = row.key();
        let old = self.put(row);
        self.before.entry(key).or_insert(old);
    }

    /// Inserts a row, unless there is one with the same key. Returns whether the row was inserted.
    pub(crate) fn insert_new(&mut self, row: R) -> bool {
        let is_new = !self.rows.contains_key(&row.key());
        if is_new {
            self.insert(row);
        }
        is_new
    }

    /// Returns all rows, in the order of their keys.
    pub(crate) fn into_rows(self) -> impl Iterator<Item = R> {
        self.rows.into_values()
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

    /// Whether there are uncommitted changes.
    pub(crate) fn is_changed(&self) -> bool {
        !self.before.is_empty()
    }

    /// Returns the keys of the rows with uncommitted changes.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &R::Key> {
        self.before.keys()
    }

    fn is_lent(&self, key: &R::Key) -> bool {
        self.lent.as_ref().is_some_and(|(lent, _)| lent == key)
    }

    fn lent_row(&self) -> Option<&R> {
        self.lent.as_ref().and_then(|(key, _)| self.rows.get(key))
    }

    /// Updates the indexes of the row that was handed out.
    fn take_back(&mut self) {
        let Some((key, before)) = self.lent.take() else { return };
        let after = self.rows.get(&key).map(R::indexes).unwrap_or_default();
        if before != after {
            self.remove_indexes(&key, &before);
            self.add_indexes(&key, after);
        }
    }

    fn add_indexes(&mut self, key: &R::Key, indexes: Vec<R::Index>) {
        for index in indexes {
            self.index.entry(index).or_default().insert(key.clone());
        }
    }

    fn remove_indexes(&mut self, key: &R::Key, indexes: &[R::Index]) {
        for index in indexes {
            if let Some(keys) = self.index.get_mut(index) {
                keys.remove(key);
                if keys.is_empty() {
                    self.index.remove(index);
                }
            }
        }
    }

    fn put(&mut self, row: R) -> Option<R> {
        let key = row.key();
        let old = self.take(&key);
        self.below.entry(row.parent()).or_default().insert(key.clone());
        self.add_indexes(&key, row.indexes());
        self.rows.insert(key, row);
        old
    }

    fn take(&mut self, key: &R::Key) -> Option<R> {
        self.take_back();
        let old = self.rows.remove(key)?;
        self.remove_indexes(key, &old.indexes());
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
        let before = std::mem::take(&mut self.before);
        self.revert(before);
    }

    /// Restores rows as they were before changes that were already committed.
    pub(crate) fn revert(&mut self, before: Before<R>) {
        for (key, old) in before {
            self.take(&key);
            if let Some(old) = old {
                self.put(old);
            }
        }
    }

    /// Commits the changes. Returns the changed rows as they were before.
    pub(crate) fn commit(&mut self) -> Before<R> {
        self.take_back();
        std::mem::take(&mut self.before)
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
    row!(Leaf, u32, |l| l.id, u32, |l| l.branch, String, |l| vec![l.text.clone()]);

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
        table.insert(leaf(1, 1));
        table.insert(leaf(2, 1));
        table.remove(&1);
        table.insert(leaf(3, 1));
        let before = table.commit();
        let existed: Vec<(u32, bool)> = before.iter().map(|(key, row)| (*key, row.is_some())).collect();
        assert_eq!(existed, [(1, false), (2, false), (3, false)]);
        table.undo();
        assert_eq!(ids(&table, 1), [2, 3], "a commit is final");
        table.revert(before);
        assert_eq!(ids(&table, 1), [0; 0], "unless it is reverted");
    }

    #[test]
    fn index_follows_changes_through_references() {
        let mut table = Table::default();
        table.insert(leaf(1, 1));
        table.insert(leaf(2, 1));
        let found = |table: &Table<Leaf>, text: &str| -> Vec<u32> {
            table.find(&text.to_owned()).map(|leaf| leaf.id).collect()
        };
        assert_eq!(found(&table, ""), [1, 2]);
        table.get_mut(&1).unwrap().text = "a".into();
        assert_eq!((found(&table, ""), found(&table, "a")), (vec![2], vec![1]));
        assert_eq!(table.last_index(..), Some("a".into()));
        table.get_mut(&2).unwrap().text = "b".into();
        table.get_mut(&1).unwrap().text = "c".into();
        assert_eq!((found(&table, "a"), found(&table, "b"), found(&table, "c")), (vec![], vec![2], vec![1]));
        table.undo();
        assert_eq!((found(&table, "c"), table.last_index(..)), (vec![], None));
    }
}
