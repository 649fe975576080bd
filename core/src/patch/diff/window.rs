//! The part of two lists that differs, with the sizes of its items.

use super::estimate::Budget;
use super::steps::{envelope, index_bytes};
use crate::models::PatchOperationType as Op;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};

/// Item of a list.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    pub value: &'a Value,
    /// The same for equal items.
    id: usize,
    /// Size as JSON, in bytes.
    pub bytes: usize,
}

/// Where an item of the new list comes from. Numbers are positions in the old window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An item that keeps its place among the kept ones; it may be changed.
    Kept(usize),
    /// An item that changes its place; it may be changed, too.
    Moved(usize),
    /// No item of the old list.
    New,
}

/// The part of two lists that is left without their common first and last items.
#[derive(Debug)]
pub struct Window<'a> {
    pub old: Vec<Item<'a>>,
    pub new: Vec<Item<'a>>,
    /// Index of its first item.
    pub start: usize,
    /// Size of the path of the list, in bytes.
    path: usize,
    /// Whether an item of this number is in both parts.
    in_both: Vec<bool>,
}

impl<'a> Window<'a> {
    pub fn new(before: &'a [Value], after: &'a [Value], path: usize) -> Self {
        let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        let rest = before.len().min(after.len()) - start;
        let end = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
        let mut ids = HashMap::new();
        let mut items = |list: &'a [Value]| -> Vec<Item<'a>> {
            let part = list.get(start..list.len() - end).unwrap_or_default();
            let item = |value: &'a Value| {
                let text = value.to_string();
                let bytes = text.len();
                let next = ids.len();
                Item { value, id: *ids.entry(text).or_insert(next), bytes }
            };
            part.iter().map(item).collect()
        };
        let (old, new) = (items(before), items(after));
        let mut in_both = vec![false; ids.len()];
        let in_old: Vec<bool> = old.iter().fold(vec![false; ids.len()], |mut seen, item| {
            seen.get_mut(item.id).into_iter().for_each(|seen| *seen = true);
            seen
        });
        for item in &new {
            let known = in_old.get(item.id).copied().unwrap_or(false);
            in_both.get_mut(item.id).into_iter().for_each(|both| *both |= known);
        }
        Self { old, new, start, path, in_both }
    }

    /// Size of the path of an item of the new list.
    pub fn path_of(&self, new: usize) -> usize {
        self.path + index_bytes(self.start + new)
    }

    pub fn are_equal(&self, old: usize, new: usize) -> bool {
        self.old.get(old).map(|item| item.id) == self.new.get(new).map(|item| item.id)
    }

    /// Whether an item of the new list is in the old one too, but is not made of it.
    pub fn misses_equal_items(&self, origins: &[Origin]) -> bool {
        origins.iter().zip(&self.new).enumerate().any(|(index, (origin, item))| {
            let is_same = matches!(origin, Origin::Kept(old) if self.are_equal(*old, index));
            !is_same && self.is_in_both(Some(item))
        })
    }

    /// Whether one of two different items may be moved, because the other list has it too.
    pub fn are_movable(&self, old: usize, new: usize) -> bool {
        let in_both = self.is_in_both(self.old.get(old)) || self.is_in_both(self.new.get(new));
        in_both && !self.are_equal(old, new)
    }

    fn is_in_both(&self, item: Option<&Item<'a>>) -> bool {
        item.and_then(|item| self.in_both.get(item.id)).copied().unwrap_or(false)
    }

    pub fn remove_cost(&self, old: usize) -> usize {
        envelope(&Op::Remove) + self.path + index_bytes(self.start + old)
    }

    pub fn add_cost(&self, new: usize) -> usize {
        let bytes = self.new.get(new).map_or(0, |item| item.bytes);
        envelope(&Op::Add) + self.path_of(new) + bytes
    }

    pub fn move_cost(&self, new: usize) -> usize {
        envelope(&Op::Move) + 2 * self.path_of(new)
    }

    /// Half of the cost of a move, for an item that may be moved.
    pub fn half_of_move(&self, item: Option<&Item<'a>>, at: usize) -> Option<usize> {
        self.is_in_both(item).then(|| self.move_cost(at) / 2)
    }

    /// Size of the change of an item into another one, 0 if they are equal.
    pub fn change_cost(&self, old: usize, new: usize, budget: &Budget) -> usize {
        match (self.old.get(old), self.new.get(new)) {
            (Some(a), Some(b)) if a.id == b.id => 0,
            (Some(a), Some(b)) => budget.estimate(a.value, b.value, self.path_of(new), b.bytes),
            _ => usize::MAX,
        }
    }

    /// Pairs equal items, of those at the given positions, in order: the first in the new list with the first in the old one,
    /// and so on.
    pub fn equal_pairs(
        &self,
        old: impl Iterator<Item = usize>,
        new: impl Iterator<Item = usize>,
    ) -> Vec<(usize, usize)> {
        let mut places: HashMap<usize, VecDeque<usize>> = HashMap::new();
        for index in old {
            if let Some(item) = self.old.get(index) {
                places.entry(item.id).or_default().push_back(index);
            }
        }
        new.filter_map(|index| {
            let id = self.new.get(index)?.id;
            Some((places.get_mut(&id)?.pop_front()?, index))
        })
        .collect()
    }
}
